/** Asked by a TV every few seconds until somebody has approved it: then it is signed in, once. */
import { randomBytes } from 'node:crypto';
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../audit/audited.ts';
import { SESSION_KEY, type TvPairingRecord } from '../auth/accounts.ts';
import { matchesDigest } from '../auth/secret.ts';
import { GONE } from '../auth/sessions.ts';
import { type SignedIn, signIn } from '../auth/sign-in.ts';
import type { Verb } from '../hub.ts';
import type { Entry } from '../kv/bucket.ts';
import { RevisionConflict } from '../kv/store.ts';
import { isPast, refuseGuess } from './one-time-link.ts';
import { isCode } from './tv-code.ts';

export interface ClaimTvInput {
  code: string;
  secret: string;
  /** Network address the attempt comes from. */
  source: string;
}

/** undefined: not approved yet. Waiting leaves no trace in the audit trail; being let in does. */
export const claimTv: Verb<ClaimTvInput, SignedIn | undefined> = async ({ ctx, input: { code, secret, source } }) => {
  const { hub } = ctx;
  const pairing = isCode(code) ? await hub.buckets.tvPairings.get(SESSION_KEY.tvPairing(code)) : undefined;
  if (!pairing || isPast(pairing.value.expiresAt) || !matchesDigest(secret, pairing.value.digest))
    throw refuseGuess(hub, source, codeOver());
  return pairing.value.approved && letIn({ ctx, input: { pairing, approved: pairing.value.approved } });
};

interface LetInInput {
  pairing: Entry<TvPairingRecord>;
  approved: NonNullable<TvPairingRecord['approved']>;
}

const letIn = audited<LetInInput, SignedIn>(
  'tv.sign-in',
  ({ approved }) => approved.title,
  async ({ ctx: { hub }, input: { pairing, approved } }) => {
    try {
      await hub.buckets.tvPairings.delete(pairing.key, { ...GONE, expectedRevision: pairing.revision });
    } catch (error) {
      throw error instanceof RevisionConflict ? codeOver() : error;
    }
    const id = randomBytes(6).toString('hex');
    const { title, wall, by: pairedBy } = approved;
    const tv = { id, title, wall, pairedBy, pairedAt: new Date().toISOString() };
    const signedIn = await signIn(hub, { user: `tv-${id}`, tv });
    if (!signedIn) throw codeOver();
    return signedIn;
  },
);

const codeOver = () =>
  new ProblemError(
    'link-used',
    'This code was used already, or it is older than ten minutes.',
    'Nothing has changed. Show a new one.',
  );
