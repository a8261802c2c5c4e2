/** Signs a person in by name and password, and by a code where they turned codes on. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Amr } from '#contracts/api-auth.ts';
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../audit/audited.ts';
import { OWNER } from './accounts.ts';
import { findAccount } from './find-account.ts';
import { checkPassword } from './password.ts';
import { type SignedIn, signIn } from './sign-in.ts';
import { TooManyAttempts } from './too-many-attempts.ts';
import { checkCode } from './verify-person.ts';

export interface LoginInput {
  user?: string | undefined;
  password: string;
  /** Of an app, or for recovery. */
  code?: string | undefined;
  /** Network address the attempt comes from. */
  source: string;
}

export const login = audited<LoginInput, SignedIn>(
  'login',
  ({ user = OWNER }) => user,
  async ({ ctx: { hub }, input: { user = OWNER, password, code, source } }) => {
    const waitMs = hub.throttle.begin(source, Date.now());
    if (waitMs > 0) throw new TooManyAttempts(Math.ceil(waitMs / 1000));
    const holdMs = hub.throttle.hold(user, source, Date.now());
    if (holdMs > 0) await sleep(holdMs);
    const account = await findAccount(hub.buckets, user);
    if (!(await checkPassword(password, account?.passwordHash)) || !account) throw wrongPassword(user);
    const who = { user, ...(account.id ? { id: account.id } : {}) };
    const amr: Amr[] = ['password', ...(await checkCode(hub, who, code))];
    hub.throttle.succeeded(source, user);
    const signedIn = await signIn(hub, { ...who, amr });
    if (!signedIn) throw wrongPassword(user);
    return signedIn;
  },
);

/** Says the same whether the name or the password is wrong: who is here is nobody else's business. */
const wrongPassword = (user: string) =>
  user === OWNER
    ? new ProblemError(
        'unauthenticated',
        'This is not the password.',
        'Devices are not affected. Try again, or make a new link on the machine of the hub: npx scorewall owner-link',
      )
    : new ProblemError(
        'unauthenticated',
        'This name and password do not belong together.',
        'Devices are not affected. Try again, or ask whoever invited you for a new link.',
      );
