/** Turns codes from an app on, with the first code of it; gives the recovery codes, this once. */
import type { RecoveryCodes } from '#contracts/api-auth.ts';
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../../audit/audited.ts';
import { TooManyAttempts } from '../too-many-attempts.ts';
import { checkFresh, type Yourself } from '../yourself.ts';
import { newRecoveryCodes, recoveryDigest } from './codes.ts';
import { findTotp, takeCode, wrongCode } from './totp.ts';

export const confirmTotp = audited<{ you: Yourself; code: string; source: string }, RecoveryCodes>(
  'totp.confirm',
  ({ you }) => you.who.user,
  async ({ ctx: { hub }, input: { you, code, source } }) => {
    checkFresh(you);
    const entry = await findTotp(hub, you.who);
    if (!entry || entry.value.confirmedAt)
      throw new ProblemError(
        'conflict',
        'No code app waits to be turned on.',
        'Nothing has changed. Reload the page and begin again.',
      );
    const waitMs = hub.throttle.begin(source, Date.now());
    if (waitMs > 0) throw new TooManyAttempts(Math.ceil(waitMs / 1000));
    const recoveryCodes = newRecoveryCodes();
    const recovery = recoveryCodes.map((one) => recoveryDigest(one)!);
    const confirmedAt = new Date().toISOString();
    if (!(await takeCode(hub, you.who, code, (record) => ({ ...record, confirmedAt, recovery })))) throw wrongCode();
    hub.throttle.succeeded(source);
    return { recoveryCodes };
  },
);
