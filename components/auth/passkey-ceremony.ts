/** Asks the browser for a passkey: what it may do here, and its refusals in our words. */
import { PasskeyAssertion, type PasskeyOptions, PasskeyRegistration } from '#contracts/api-auth.ts';
import { ProblemError } from '#contracts/problem.ts';

export async function createPasskey({ options }: PasskeyOptions): Promise<PasskeyRegistration> {
  const { startRegistration } = await import('@simplewebauthn/browser');
  const optionsJSON = options as unknown as Parameters<typeof startRegistration>[0]['optionsJSON'];
  return PasskeyRegistration.parse(await startRegistration({ optionsJSON }).catch(say));
}

export async function askForPasskey({ options }: PasskeyOptions): Promise<PasskeyAssertion> {
  const { startAuthentication } = await import('@simplewebauthn/browser');
  const optionsJSON = options as unknown as Parameters<typeof startAuthentication>[0]['optionsJSON'];
  return PasskeyAssertion.parse(await startAuthentication({ optionsJSON }).catch(say));
}

function say(cause: unknown): never {
  const { name, code, message } = cause as { name?: unknown; code?: unknown; message?: unknown };
  if (code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED')
    throw words('There is a passkey of yours on this device already.', 'Nothing has changed. Use it to sign in.', cause);
  // Chromium's word for a page whose warning was passed over; others have a name for it.
  if (name === 'SecurityError' || /certificate/i.test(String(message)))
    throw words(
      'The browser does not trust the certificate of this page, so it gives no passkey.',
      'Your devices are not affected. Open /trust on this wall and follow the steps, or use a password.',
      cause,
    );
  throw words(
    'No passkey was given.',
    'Your devices are not affected. Try again and unlock it by finger, face or PIN, or use a password.',
    cause,
  );
}

const words = (fact: string, step: string, cause: unknown) => new ProblemError('unauthenticated', fact, step, { cause });
