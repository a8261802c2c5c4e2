/** Turns codes from an app off: one's own, or, by the owner, those of somebody who lost the phone. */
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../../audit/audited.ts';
import { FACTOR_KEY } from '../factors.ts';
import { checkFresh, type Yourself } from '../yourself.ts';
import { findTotp } from './totp.ts';

export const removeTotp = audited<{ you: Yourself }, void>(
  'totp.remove',
  ({ you }) => you.who.user,
  async ({ ctx: { hub }, input: { you } }) => {
    checkFresh(you);
    const entry = await findTotp(hub, you.who);
    if (entry) await hub.buckets.totps.delete(entry.key, { expectedRevision: entry.revision });
  },
);

export const resetTotpOf = audited<{ name: string }, void>(
  'totp.reset',
  ({ name }) => name,
  async ({ ctx: { hub }, input: { name } }) => {
    const entry = await hub.buckets.totps.get(FACTOR_KEY.totp(name));
    if (!entry?.value.confirmedAt)
      throw new ProblemError(
        'not-found',
        `${name} has no code app.`,
        'Nothing has changed. They sign in with the password alone.',
      );
    await hub.buckets.totps.delete(entry.key, { expectedRevision: entry.revision });
  },
);
