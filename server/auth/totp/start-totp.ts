/** Makes a key for a code app. It counts only once a code of it was shown. */
import type { TotpKey } from '#contracts/api-auth.ts';
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../../audit/audited.ts';
import { wallName } from '../describe-session.ts';
import { FACTOR_KEY } from '../factors.ts';
import { checkFresh, ownAccount, type Yourself } from '../yourself.ts';
import { keyUri, newKey } from './codes.ts';
import { sealKey } from './totp.ts';

export const startTotp = audited<{ you: Yourself }, TotpKey>(
  'totp.start',
  ({ you }) => you.who.user,
  async ({ ctx: { hub }, input: { you } }) => {
    checkFresh(you);
    const account = await ownAccount(hub, you);
    if (account.passwordHash === undefined)
      throw new ProblemError(
        'conflict',
        'Codes belong to a password, and you have none.',
        'Nothing has changed. Choose a password first.',
      );
    const { totps } = hub.buckets;
    const before = await totps.get(FACTOR_KEY.totp(you.who.user));
    if (before?.value.confirmedAt && before.value.id === you.who.id)
      throw new ProblemError(
        'conflict',
        'Codes from an app are on already.',
        'Nothing has changed. Turn them off to use another app.',
      );
    const key = newKey();
    const record = {
      ...you.who,
      sealed: sealKey(hub, you.who, key),
      createdAt: new Date().toISOString(),
      lastStep: 0,
      recovery: [],
    };
    await totps.put(FACTOR_KEY.totp(you.who.user), record, before ? { expectedRevision: before.revision } : {});
    return { key, uri: keyUri(key, await wallName(hub), you.who.user) };
  },
);
