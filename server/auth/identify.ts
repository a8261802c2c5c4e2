/** Who sends a request: the session of a cookie, or the token of a program. */
import type { Actor, Hub } from '../hub.ts';
import { ACCOUNT_KEY, type SessionRecord } from './accounts.ts';
import { digest } from './secret.ts';
import { findSession } from './sessions.ts';

export interface Credentials {
  cookie?: string | undefined;
  bearer?: string | undefined;
}

export interface Identity {
  actor: Actor;
  /** Absent for a token. */
  session?: { secret: string; record: SessionRecord };
}

/** undefined: nobody. A token wins over a cookie: whoever sends it means it. */
export async function identify(
  { buckets }: Pick<Hub, 'buckets'>,
  { cookie, bearer }: Credentials,
): Promise<Identity | undefined> {
  if (bearer !== undefined) {
    const token = await buckets.tokens.get(ACCOUNT_KEY.token(digest(bearer)));
    return token && { actor: { user: token.value.user, via: 'token' } };
  }
  if (cookie === undefined) return undefined;
  const record = await findSession(buckets, cookie);
  return record && { actor: { user: record.user, via: 'session' }, session: { secret: cookie, record } };
}
