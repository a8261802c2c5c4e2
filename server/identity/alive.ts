/** Since when somebody has listened to devices without a long gap: who could not be heard because nobody listened was not absent. */
import type { Identity } from './identity.ts';
import { type AliveRecord, IDENTITY_KEY } from './records.ts';

/** A gap in which nobody could have been heard. */
const LONGEST_GAP_MS = 3_600_000;
const WRITE_EVERY_MS = 30_000;

type Parts = Pick<Identity, 'buckets' | 'aliveSinceMs'>;

/** What the leader wrote down, for an anchor that begins. */
export async function readAlive(identity: Parts): Promise<void> {
  const record = (await identity.buckets.alive.get(IDENTITY_KEY.alive))?.value;
  if (isUnbroken(record, Date.now())) identity.aliveSinceMs = Date.parse(record.since);
}

/** By the leader, again and again. */
export async function noteAlive(identity: Parts): Promise<void> {
  const { alive } = identity.buckets;
  const before = (await alive.get(IDENTITY_KEY.alive))?.value;
  const nowMs = Date.now();
  const unbroken = isUnbroken(before, nowMs);
  const at = new Date(nowMs).toISOString();
  const since = unbroken ? before.since : at;
  identity.aliveSinceMs = Date.parse(since);
  if (!unbroken || nowMs - Date.parse(before.at) >= WRITE_EVERY_MS) await alive.put(IDENTITY_KEY.alive, { since, at });
}

const isUnbroken = (record: AliveRecord | undefined, nowMs: number): record is AliveRecord =>
  record !== undefined && nowMs - Date.parse(record.at) < LONGEST_GAP_MS;
