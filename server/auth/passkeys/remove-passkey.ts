/** Removes one of the passkeys of whoever is signed in; the last way in stays. */
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../../audit/audited.ts';
import { digest } from '../secret.ts';
import { checkFresh, ownAccount, type Yourself } from '../yourself.ts';
import { passkeysOf } from './passkeys.ts';

export const removePasskey = audited<{ you: Yourself; id: string }, void>(
  'passkey.remove',
  ({ you }) => you.who.user,
  async ({ ctx: { hub }, input: { you, id } }) => {
    checkFresh(you);
    const account = await ownAccount(hub, you);
    const all = await passkeysOf(hub, you.who);
    const one = all.find(({ value }) => digest(value.credentialId) === id);
    if (!one) throw new ProblemError('not-found', 'You have no such passkey.', 'Nothing has changed. Reload the list.');
    if (all.length === 1 && account.passwordHash === undefined)
      throw new ProblemError(
        'conflict',
        'This is your only way to sign in.',
        'Nothing has changed. Choose a password or add another passkey first.',
      );
    await hub.buckets.passkeys.delete(one.key, { expectedRevision: one.revision });
  },
);
