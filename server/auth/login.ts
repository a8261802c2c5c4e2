/** Signs a person in by password. */
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../audit/audited.ts';
import { ACCOUNT_KEY, OWNER } from './accounts.ts';
import { describeSession } from './describe-session.ts';
import type { SignedIn } from './make-owner.ts';
import { checkPassword } from './password.ts';
import { openSession } from './sessions.ts';
import { TooManyAttempts } from './too-many-attempts.ts';

export interface LoginInput {
  password: string;
  /** Network address the attempt comes from. */
  source: string;
}

export const login = audited<LoginInput, SignedIn>(
  'login',
  () => OWNER,
  async ({ ctx: { hub }, input: { password, source } }) => {
    const waitMs = hub.throttle.begin(source, Date.now());
    if (waitMs > 0) throw new TooManyAttempts(Math.ceil(waitMs / 1000));
    const owner = await hub.buckets.owners.get(ACCOUNT_KEY.owner);
    if (!(await checkPassword(password, owner?.value.passwordHash)))
      throw new ProblemError(
        'unauthenticated',
        'This is not the password.',
        'Devices are not affected. Try again, or make a new link on the machine of the hub: npx scorewall owner-link',
      );
    hub.throttle.succeeded(source);
    const { secret, record } = await openSession(hub.buckets, OWNER);
    return { session: await describeSession(hub, OWNER, record), secret };
  },
);
