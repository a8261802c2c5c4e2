/**
 * The lines a page keeps: of any number of devices, merged by time, each once, at most `KEPT_LINES` and the newest win. Pure but for
 * its own state. Invariant: `lines` is in order of time, and of one device's lines in order of their numbers where times are equal.
 */
import type { LogRecord } from '#contracts/stream/log.ts';
import { LogLine } from './log-line.ts';

export const KEPT_LINES = 100_000;

export class LogBook {
  /** Another array after each change, so that what draws it knows. */
  lines: readonly LogLine[] = [];
  /** Lines that were here and had to go. */
  dropped = 0;
  /** Lines of services ever taken in. */
  taken = 0;
  #seen = new Map<string, Set<number | string>>();
  #newest = new Map<string, number>();
  #batch: LogLine[] = [];
  #kept: number;

  constructor(kept = KEPT_LINES) {
    this.#kept = kept;
  }

  /** Shows with the next `commit`. What was seen already is passed over. */
  add(device: string, records: readonly LogRecord[]): void {
    const seen = this.#seenOf(device);
    for (const record of records) {
      const line = new LogLine(device, record);
      if (seen.has(line.id)) continue;
      seen.add(line.id);
      this.#batch.push(line);
      if (line.isText) this.taken++;
      if (record.t > (this.#newest.get(device) ?? 0)) this.#newest.set(device, record.t);
    }
  }

  /** True where something changed. */
  commit(): boolean {
    if (this.#batch.length === 0) return false;
    const batch = this.#batch.sort(inOrder);
    this.#batch = [];
    const all = merge(this.lines, batch);
    const excess = Math.max(0, all.length - this.#kept);
    for (const line of all.slice(0, excess)) this.#seen.get(line.device)?.delete(line.id);
    this.dropped += excess;
    this.lines = excess > 0 ? all.slice(excess) : all;
    return true;
  }

  /** Time of the newest record of a device: where another session goes on. */
  newestOf(device: string): number | undefined {
    return this.#newest.get(device);
  }

  #seenOf(device: string): Set<number | string> {
    const seen = this.#seen.get(device) ?? new Set();
    this.#seen.set(device, seen);
    return seen;
  }
}

const inOrder = (a: LogLine, b: LogLine): number => {
  if (a.record.t !== b.record.t) return a.record.t - b.record.t;
  if (a.device !== b.device) return a.device < b.device ? -1 : 1;
  return a.record.n - b.record.n;
};

/** Both in order. Nearly always the second lies wholly behind the first. */
function merge(old: readonly LogLine[], fresh: readonly LogLine[]): LogLine[] {
  let from = old.length;
  while (from > 0 && inOrder(old[from - 1]!, fresh[0]!) > 0) from--;
  const merged = old.slice(0, from);
  let at = 0;
  for (const line of fresh) {
    while (from + at < old.length && inOrder(old[from + at]!, line) <= 0) merged.push(old[from + at++]!);
    merged.push(line);
  }
  for (; from + at < old.length; at++) merged.push(old[from + at]!);
  return merged;
}
