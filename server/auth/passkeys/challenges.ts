/**
 * Challenges for passkeys. Invariants: each is good for one attempt, for five minutes, for one purpose, on the origin it was made for,
 * and only for the session or the cookie it was given to.
 */
import { ProblemError } from '#contracts/problem.ts';
import type { Hub } from '../../hub.ts';
import { RevisionConflict } from '../../kv/store.ts';
import { type ChallengeRecord, FACTOR_KEY, type Whose } from '../factors.ts';
import { digest, newSecret } from '../secret.ts';
import { GONE } from '../sessions.ts';
import { rpIdOf } from './relying-party.ts';

export const CHALLENGE_LIFE_MS = 5 * 60_000;

export interface Ceremony {
  purpose: ChallengeRecord['purpose'];
  /** Digest of the session or the cookie. */
  boundTo: string;
  /** As the browser sees it. */
  origin: string;
}

export interface IssuedChallenge {
  /** base64url of 32 random bytes. */
  challenge: string;
  rpId: string;
}

type Parts = Pick<Hub, 'buckets'>;

export async function issueChallenge({ buckets }: Parts, ceremony: Ceremony, whose?: Whose): Promise<IssuedChallenge> {
  const rpId = rpIdOf(ceremony.origin);
  const challenge = newSecret();
  const expiresAt = new Date(Date.now() + CHALLENGE_LIFE_MS).toISOString();
  const record: ChallengeRecord = { ...ceremony, rpId, expiresAt, ...(whose ? { whose } : {}) };
  await buckets.challenges.put(FACTOR_KEY.challenge(digest(challenge)), record, {
    expectedRevision: 0,
    ttlSeconds: CHALLENGE_LIFE_MS / 1000,
  });
  return { challenge, rpId };
}

/** What `clientDataJSON` says was signed. It is used up by being looked at, whatever comes of it. */
export async function takeChallenge(
  { buckets }: Parts,
  clientDataJSON: string,
  ceremony: Ceremony,
): Promise<IssuedChallenge & { whose: Whose | undefined }> {
  const challenge = challengeOf(clientDataJSON);
  if (challenge === undefined) throw staleChallenge();
  const entry = await buckets.challenges.get(FACTOR_KEY.challenge(digest(challenge)));
  const record = entry?.value;
  if (!record || Date.parse(record.expiresAt) <= Date.now()) throw staleChallenge();
  // Somebody else's is left alone: else a stranger who saw it could use it up.
  if (record.boundTo !== ceremony.boundTo) throw staleChallenge();
  try {
    await buckets.challenges.delete(entry.key, { ...GONE, expectedRevision: entry.revision });
  } catch (error) {
    throw error instanceof RevisionConflict ? staleChallenge() : error;
  }
  if (record.purpose !== ceremony.purpose || record.origin !== ceremony.origin) throw staleChallenge();
  return { challenge, rpId: record.rpId, whose: record.whose };
}

function challengeOf(clientDataJSON: string): string | undefined {
  try {
    const { challenge } = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8')) as { challenge?: unknown };
    return typeof challenge === 'string' && challenge.length <= 128 ? challenge : undefined;
  } catch {
    return undefined;
  }
}

const staleChallenge = () =>
  new ProblemError(
    'unauthenticated',
    'This question to your passkey was answered already, or is older than five minutes.',
    'Devices are not affected. Start again with the button.',
  );
