/** Gives ten new recovery codes; those before are no longer good. */
import type { RecoveryCodes } from '#contracts/api-auth.ts';
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../../audit/audited.ts';
import { changed } from '../../kv/changed.ts';
import { checkFresh, type Yourself } from '../yourself.ts';
import { newRecoveryCodes, recoveryDigest } from './codes.ts';
import { findTotp } from './totp.ts';

export const renewRecoveryCodes = audited<{ you: Yourself }, RecoveryCodes>(
  'totp.recovery-codes',
  ({ you }) => you.who.user,
  async ({ ctx: { hub }, input: { you } }) => {
    checkFresh(you);
    const entry = await findTotp(hub, you.who);
    if (!entry?.value.confirmedAt)
      throw new ProblemError('conflict', 'Codes from an app are off.', 'Nothing has changed. Turn them on first.');
    const recoveryCodes = newRecoveryCodes();
    const recovery = recoveryCodes.map((one) => recoveryDigest(one)!);
    await changed(hub.buckets.totps, entry.key, (before) => ({ ...before, recovery }));
    return { recoveryCodes };
  },
);
