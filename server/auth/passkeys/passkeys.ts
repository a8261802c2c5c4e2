/** Passkeys of people: made, found, and checked. */
import { createHash } from 'node:crypto';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { PasskeyAssertion, PasskeyOptions, PasskeyRegistration } from '#contracts/api-auth.ts';
import { ProblemError } from '#contracts/problem.ts';
import type { Hub } from '../../hub.ts';
import type { Entry } from '../../kv/bucket.ts';
import { changed } from '../../kv/changed.ts';
import { RevisionConflict } from '../../kv/store.ts';
import { FACTOR_KEY, isTheirs, type PasskeyRecord, type Whose } from '../factors.ts';
import { digest } from '../secret.ts';
import { type Ceremony, CHALLENGE_LIFE_MS, type IssuedChallenge, issueChallenge, takeChallenge } from './challenges.ts';

export const MOST_PASSKEYS = 10;

type Parts = Pick<Hub, 'buckets' | 'log'>;

export async function passkeysOf({ buckets }: Pick<Hub, 'buckets'>, who: Whose): Promise<Entry<PasskeyRecord>[]> {
  const all = await buckets.passkeys.list(FACTOR_KEY.passkeysOf(who.user));
  return all.filter(({ value }) => isTheirs(value, who)).sort((a, b) => a.value.createdAt.localeCompare(b.value.createdAt));
}

/** Options to make one; those the person has are left out by the browser. */
export async function registrationOptions(hub: Parts, ceremony: Ceremony, who: Whose, wallName: string): Promise<PasskeyOptions> {
  const present = await passkeysOf(hub, who);
  const { challenge, rpId } = await issueChallenge(hub, ceremony, who);
  const options = await generateRegistrationOptions({
    rpID: rpId,
    rpName: wallName,
    userName: who.user,
    userDisplayName: who.user,
    userID: new Uint8Array(handleOf(who)),
    challenge: bytes(challenge),
    timeout: CHALLENGE_LIFE_MS,
    attestationType: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: present.map(({ value }) => ({ id: value.credentialId, transports: value.transports })),
  });
  return { options: { ...options } };
}

/** Checks what the browser made. Whose it is comes from the challenge, never from the answer. */
export async function checkRegistration(
  hub: Parts,
  ceremony: Ceremony,
  response: PasskeyRegistration,
): Promise<{ whose: Whose; made: Omit<PasskeyRecord, 'user' | 'id' | 'name'> }> {
  const { challenge, rpId, whose } = await takeChallenge(hub, response.response.clientDataJSON, ceremony);
  if (!whose) throw notAccepted();
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: response as Parameters<typeof verifyRegistrationResponse>[0]['response'],
    expectedChallenge: challenge,
    expectedOrigin: ceremony.origin,
    expectedRPID: rpId,
    requireUserVerification: true,
  }).catch((cause: unknown) => refused(hub, cause));
  if (!verified) throw notAccepted();
  const { credential, credentialBackedUp } = registrationInfo;
  return {
    whose,
    made: {
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey).toString('base64url'),
      counter: credential.counter,
      transports: response.response.transports ?? [],
      rpId,
      synced: credentialBackedUp,
      createdAt: new Date().toISOString(),
    },
  };
}

export async function storePasskey({ buckets }: Pick<Hub, 'buckets'>, record: PasskeyRecord): Promise<void> {
  try {
    await buckets.passkeys.create(FACTOR_KEY.passkey(record.user, digest(record.credentialId)), record);
  } catch (error) {
    if (!(error instanceof RevisionConflict)) throw error;
    throw new ProblemError('conflict', 'This passkey is here already.', 'Nothing has changed. Use it, or add another one.');
  }
}

/** Without `who`: the person chooses among the passkeys they have for this host name. */
export async function assertionOptions(hub: Parts, ceremony: Ceremony, who?: Whose): Promise<PasskeyOptions> {
  const { challenge, rpId }: IssuedChallenge = await issueChallenge(hub, ceremony, who);
  const theirs = who ? (await passkeysOf(hub, who)).filter(({ value }) => value.rpId === rpId) : [];
  if (who && theirs.length === 0)
    throw new ProblemError(
      'conflict',
      `You have no passkey for ${rpId}.`,
      'Devices are not affected. Use your password, or add a passkey on the page You.',
    );
  const options = await generateAuthenticationOptions({
    rpID: rpId,
    challenge: bytes(challenge),
    timeout: CHALLENGE_LIFE_MS,
    userVerification: 'required',
    allowCredentials: theirs.map(({ value }) => ({ id: value.credentialId, transports: value.transports })),
  });
  return { options: { ...options } };
}

/** Whose passkey it was. Throws unless it signed this challenge, here and now, with the person verified. */
export async function checkAssertion(hub: Parts, ceremony: Ceremony, response: PasskeyAssertion): Promise<Whose> {
  const { challenge, rpId, whose } = await takeChallenge(hub, response.response.clientDataJSON, ceremony);
  const [entry] = await hub.buckets.passkeys.list(FACTOR_KEY.passkeyByCredential(digest(response.id)));
  const record = entry?.value;
  if (!entry || !record || record.credentialId !== response.id || record.rpId !== rpId) throw unknownPasskey();
  if (whose && !isTheirs(record, whose)) throw unknownPasskey();
  const { userHandle } = response.response;
  if (userHandle && userHandle !== handleOf(record).toString('base64url')) throw unknownPasskey();
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: response as Parameters<typeof verifyAuthenticationResponse>[0]['response'],
    expectedChallenge: challenge,
    expectedOrigin: ceremony.origin,
    expectedRPID: rpId,
    requireUserVerification: true,
    credential: {
      id: record.credentialId,
      publicKey: bytes(record.publicKey),
      counter: record.counter,
      transports: record.transports,
    },
  }).catch((cause: unknown) => refused(hub, cause));
  if (!verified) throw notAccepted();
  const lastUsedAt = new Date().toISOString();
  const kept = await changed(hub.buckets.passkeys, entry.key, (before) => ({
    ...before,
    counter: Math.max(before.counter, authenticationInfo.newCounter),
    synced: authenticationInfo.credentialBackedUp,
    lastUsedAt,
  }));
  // Removed while it was being used.
  if (!kept) throw unknownPasskey();
  return { user: record.user, ...(record.id ? { id: record.id } : {}) };
}

/** What the authenticator keeps as the person: says nothing about them to whoever reads it there. */
const handleOf = ({ user, id }: Whose): Buffer =>
  createHash('sha256')
    .update(`scorewall user\0${user}\0${id ?? ''}`)
    .digest();

const bytes = (base64url: string) => new Uint8Array(Buffer.from(base64url, 'base64url'));

function refused({ log }: Pick<Hub, 'log'>, cause: unknown): never {
  log.info({ reason: cause instanceof Error ? cause.message : String(cause) }, 'a passkey was not accepted');
  throw notAccepted(cause);
}

const notAccepted = (cause?: unknown) =>
  new ProblemError(
    'unauthenticated',
    'This passkey was not accepted.',
    'Devices are not affected. Try again and unlock it by finger, face or PIN; or use another way to sign in.',
    { cause },
  );

export const unknownPasskey = () =>
  new ProblemError(
    'unauthenticated',
    'This passkey is not known here.',
    'Devices are not affected. It may have been removed, or be for another wall. Sign in another way, and add it on the page You.',
  );
