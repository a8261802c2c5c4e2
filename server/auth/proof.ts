/** Whether whoever has a session showed recently enough who they are. Pure. */
import type { SessionRecord } from './accounts.ts';

type Proofs = Pick<SessionRecord, 'createdAt' | 'signedInAt' | 'steppedUpAt' | 'tv' | 'guest'>;

/** When it stops being recent; undefined for a TV and a guest, which never prove anything. */
export function provenUntilMs(
  { createdAt, signedInAt = createdAt, steppedUpAt = signedInAt, tv, guest }: Proofs,
  proofMs: number,
) {
  return tv || guest ? undefined : Date.parse(steppedUpAt) + proofMs;
}

export const isProven = (record: Proofs, proofMs: number, nowMs: number): boolean =>
  nowMs < (provenUntilMs(record, proofMs) ?? Number.NEGATIVE_INFINITY);
