/** Opens a session and says whose it is: the end of every way in. */
import type { Session } from '#contracts/api.ts';
import type { Hub } from '../hub.ts';
import { describeSession } from './describe-session.ts';
import { actorOf } from './identify.ts';
import type { NewSession } from './session-life.ts';
import { openSession } from './sessions.ts';

export interface SignedIn {
  session: Session;
  /** For the cookie, and nowhere else. */
  secret: string;
}

/** undefined: whoever should sign in, or whoever let them in, was removed at this moment. */
export async function signIn(hub: Hub, start: NewSession): Promise<SignedIn | undefined> {
  const { secret, record } = await openSession(hub.buckets, start);
  const actor = await actorOf(hub, record);
  return actor && { session: await describeSession(hub, actor, record), secret };
}
