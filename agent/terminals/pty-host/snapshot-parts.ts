/** Big answers to `attach`, kept for a moment so that their parts can be fetched. */
import { randomBytes } from 'node:crypto';
import { StreamRefusal } from '#contracts/stream/session.ts';
import { SNAPSHOT_PART_BYTES } from '#contracts/stream/terminal.ts';

const KEPT = 24;
const KEPT_MS = 30_000;

export class SnapshotParts {
  #kept = new Map<string, { bytes: Buffer; atMs: number }>();

  /** The first part, and how the others are asked for. */
  first(bytes: Buffer, nowMs: number): { data: string; snapshotId?: string; parts: number } {
    const parts = Math.max(1, Math.ceil(bytes.length / SNAPSHOT_PART_BYTES));
    const data = bytes.toString('base64', 0, Math.min(bytes.length, SNAPSHOT_PART_BYTES));
    if (parts === 1) return { data, parts };
    this.forgetOld(nowMs);
    if (this.#kept.size >= KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    const snapshotId = randomBytes(8).toString('hex');
    this.#kept.set(snapshotId, { bytes, atMs: nowMs });
    return { data, snapshotId, parts };
  }

  part(snapshotId: string, index: number): { data: string } {
    const bytes = this.#kept.get(snapshotId)?.bytes;
    const from = index * SNAPSHOT_PART_BYTES;
    if (!bytes || from >= bytes.length) throw new StreamRefusal('not-found', 'That picture is too old. Attach again.');
    return { data: bytes.toString('base64', from, Math.min(bytes.length, from + SNAPSHOT_PART_BYTES)) };
  }

  forgetOld(nowMs: number): void {
    for (const [id, { atMs }] of this.#kept) if (nowMs - atMs > KEPT_MS) this.#kept.delete(id);
  }
}
