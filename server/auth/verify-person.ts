/** Checks that whoever is signed in is still there: by password and code, or by a passkey. */
import type { Amr, PersonProof } from '#contracts/api-auth.ts';
import { ProblemError } from '#contracts/problem.ts';
import type { Hub } from '../hub.ts';
import type { Whose } from './factors.ts';
import { findAccount } from './find-account.ts';
import { checkAssertion } from './passkeys/passkeys.ts';
import { checkPassword } from './password.ts';
import { TooManyAttempts } from './too-many-attempts.ts';
import { findTotp, takeCode, wrongCode } from './totp/totp.ts';

export interface Where {
  /** Digest of the session, as in `Identity.key`: a passkey signs for this session alone. */
  sessionKey: string;
  /** Of the page, as `ownOrigin` says. */
  origin: string;
  /** Network address the attempt comes from. */
  source: string;
}

/**
 * How they proved it. Throws `unauthenticated` where they did not, `code-needed` where the password was right and the code is missing,
 * `too-many-attempts` for who guesses, `conflict` for who signs in at a provider: they sign in there again.
 */
export async function verifyPerson(hub: Hub, user: Whose, proof: PersonProof, where: Where): Promise<Amr[]> {
  const account = await findAccount(hub.buckets, user.user);
  if (!account || account.id !== user.id) throw gone();
  if (account.oidc)
    throw new ProblemError(
      'conflict',
      'You sign in at a provider, which alone can say that it is you.',
      'Devices are not affected. Sign in there again.',
    );
  const waitMs = hub.throttle.begin(where.source, Date.now());
  if (waitMs > 0) throw new TooManyAttempts(Math.ceil(waitMs / 1000));
  const amr =
    proof.kind === 'passkey'
      ? await byPasskey(hub, user, proof, where)
      : await byPassword(hub, user, proof, account.passwordHash);
  hub.throttle.succeeded(where.source);
  return amr;
}

async function byPasskey(hub: Hub, user: Whose, proof: PersonProof & { kind: 'passkey' }, where: Where): Promise<Amr[]> {
  const ceremony = { purpose: 'proof' as const, boundTo: where.sessionKey, origin: where.origin };
  const owner = await checkAssertion(hub, ceremony, proof.response);
  if (owner.user !== user.user || owner.id !== user.id) throw gone();
  return ['passkey'];
}

async function byPassword(
  hub: Hub,
  user: Whose,
  { password, code }: PersonProof & { kind: 'password' },
  hash: string | undefined,
): Promise<Amr[]> {
  if (!(await checkPassword(password, hash))) throw wrongPassword();
  return ['password', ...(await checkCode(hub, user, code))];
}

/** Nothing where codes are not turned on. */
export async function checkCode(hub: Hub, who: Whose, code: string | undefined): Promise<Amr[]> {
  const totp = await findTotp(hub, who);
  if (!totp?.value.confirmedAt) return [];
  if (code === undefined) throw codeNeeded();
  const kind = await takeCode(hub, who, code);
  if (!kind) throw wrongCode();
  return [kind];
}

const wrongPassword = () =>
  new ProblemError('unauthenticated', 'This is not your password.', 'Nothing has changed. Try again, or use a passkey.');

const codeNeeded = () =>
  new ProblemError(
    'code-needed',
    'Now the code of your app.',
    'Devices are not affected. Type its six digits, or a recovery code.',
  );

const gone = () => new ProblemError('unauthenticated', 'You are not here any more.', 'Devices are not affected. Sign in again.');
