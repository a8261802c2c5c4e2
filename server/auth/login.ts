/** Signs a person in by name and password. */
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../audit/audited.ts';
import { OWNER } from './accounts.ts';
import { findAccount } from './find-account.ts';
import { checkPassword } from './password.ts';
import { type SignedIn, signIn } from './sign-in.ts';
import { TooManyAttempts } from './too-many-attempts.ts';

export interface LoginInput {
  user?: string | undefined;
  password: string;
  /** Network address the attempt comes from. */
  source: string;
}

export const login = audited<LoginInput, SignedIn>(
  'login',
  ({ user = OWNER }) => user,
  async ({ ctx: { hub }, input: { user = OWNER, password, source } }) => {
    const waitMs = hub.throttle.begin(source, Date.now());
    if (waitMs > 0) throw new TooManyAttempts(Math.ceil(waitMs / 1000));
    const account = await findAccount(hub.buckets, user);
    if (!(await checkPassword(password, account?.passwordHash))) throw wrongPassword(user);
    hub.throttle.succeeded(source);
    const signedIn = await signIn(hub, { user, id: account?.id });
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
