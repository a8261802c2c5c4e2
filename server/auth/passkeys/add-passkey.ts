/** Adds a passkey to whoever is signed in. */
import type * as z from 'zod';
import type { AddPasskeyRequest, Passkey } from '#contracts/api-auth.ts';
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../../audit/audited.ts';
import { checkBound } from '../../people/one-time-link.ts';
import { toPasskey } from '../describe-you.ts';
import { isTheirs } from '../factors.ts';
import { checkFresh, ownAccount, type Yourself } from '../yourself.ts';
import { checkRegistration, MOST_PASSKEYS, passkeysOf, storePasskey } from './passkeys.ts';

export interface AddPasskeyInput extends z.infer<typeof AddPasskeyRequest> {
  you: Yourself;
  origin: string;
}

export const addPasskey = audited<AddPasskeyInput, Passkey>(
  'passkey.add',
  ({ you }) => you.who.user,
  async ({ ctx: { hub }, input: { you, name, response, origin } }) => {
    checkFresh(you);
    await ownAccount(hub, you);
    checkBound((await passkeysOf(hub, you.who)).length, MOST_PASSKEYS, 'passkeys of yours');
    const { whose, made } = await checkRegistration(hub, { purpose: 'register', boundTo: you.key, origin }, response);
    if (!isTheirs(whose, you.who))
      throw new ProblemError('unauthenticated', 'This passkey was made for somebody else.', 'Nothing has changed. Start again.');
    const record = { ...you.who, ...made, name };
    await storePasskey(hub, record);
    return toPasskey(record);
  },
);
