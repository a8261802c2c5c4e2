/** Gives a person a new password, and ends all their other sessions. */
import type * as z from 'zod';
import type { ChangePasswordRequest } from '#contracts/api-auth.ts';
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../audit/audited.ts';
import type { Hub } from '../hub.ts';
import { changed } from '../kv/changed.ts';
import { ACCOUNT_KEY, OWNER } from './accounts.ts';
import { endSession } from './end-sessions.ts';
import type { Whose } from './factors.ts';
import { checkPassword, hashPassword } from './password.ts';
import { type RenewedSession, renewSession } from './renew-session.ts';
import { listSessions } from './sessions.ts';
import { TooManyAttempts } from './too-many-attempts.ts';
import { checkFresh, ownAccount, type Yourself } from './yourself.ts';

export interface ChangePasswordInput extends z.infer<typeof ChangePasswordRequest> {
  you: Yourself;
  /** Network address the attempt comes from. */
  source: string;
}

export const changePassword = audited<ChangePasswordInput, RenewedSession | undefined>(
  'person.password',
  ({ you }) => you.who.user,
  async ({ ctx: { hub }, input: { you, current, password, source } }) => {
    const account = await ownAccount(hub, you);
    if (account.passwordHash === undefined) checkFresh(you);
    else {
      const waitMs = hub.throttle.begin(source, Date.now());
      if (waitMs > 0) throw new TooManyAttempts(Math.ceil(waitMs / 1000));
      if (!(await checkPassword(current ?? '', account.passwordHash)))
        throw new ProblemError('unauthenticated', 'This is not your present password.', 'Nothing has changed. Try again.');
      hub.throttle.succeeded(source);
    }
    await writeHash(hub, you.who, await hashPassword(password));
    const own = await renewSession(hub, you);
    await endOtherSessions(hub, you.who, own?.key);
    return own;
  },
);

async function writeHash({ buckets }: Hub, { user, id }: Whose, passwordHash: string): Promise<void> {
  if (user === OWNER) await changed(buckets.owners, ACCOUNT_KEY.owner, (before) => ({ ...before, passwordHash }));
  else
    await changed(buckets.people, ACCOUNT_KEY.person(user), (before) =>
      before.id === id ? { ...before, passwordHash } : before,
    );
}

/** `but`: the key of the one that stays. */
export async function endOtherSessions(hub: Hub, { user }: Whose, but: string | undefined): Promise<void> {
  const others = (await listSessions(hub.buckets)).filter(
    ({ key, value }) => value.user === user && !value.tv && !value.guest && key !== but,
  );
  await Promise.all(others.map(({ key }) => endSession(hub, key, 'revoke')));
}
