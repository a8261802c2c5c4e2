/** Signs a person in by a passkey, without a name: the passkey says whose it is. */
import type { PasskeyAssertion } from '#contracts/api-auth.ts';
import { audited, note } from '../../audit/audited.ts';
import { type SignedIn, signIn } from '../sign-in.ts';
import { TooManyAttempts } from '../too-many-attempts.ts';
import { checkAssertion, unknownPasskey } from './passkeys.ts';

export interface PasskeyLoginInput {
  response: PasskeyAssertion;
  /** Digest of the cookie the challenge was given with. */
  boundTo: string;
  origin: string;
  /** Network address the attempt comes from. */
  source: string;
}

export const loginWithPasskey = audited<PasskeyLoginInput, SignedIn>(
  'login.passkey',
  () => 'passkey',
  async ({ ctx, input: { response, boundTo, origin, source } }) => {
    const { hub } = ctx;
    const waitMs = hub.throttle.begin(source, Date.now());
    if (waitMs > 0) throw new TooManyAttempts(Math.ceil(waitMs / 1000));
    const who = await checkAssertion(hub, { purpose: 'sign-in', boundTo, origin }, response);
    const signedIn = await signIn(hub, { ...who, amr: ['passkey'] });
    if (!signedIn) throw unknownPasskey();
    hub.throttle.succeeded(source, who.user);
    // Who it was is known only now.
    await note(ctx, 'session.open', who.user, 'ok');
    return signedIn;
  },
);
