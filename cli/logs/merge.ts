/**
 * History of several devices in the order of its time: kept until each of them has sent all of it, then given out at once; what
 * comes afterwards goes straight through. Bounded: with more than fits, the oldest make room. Pure.
 */
import type { LogRecord } from '#contracts/stream/log.ts';

export interface MergedRecord {
  device: string;
  record: LogRecord;
}

export class Merge {
  readonly #waitingFor: Set<string>;
  readonly #most: number;
  #kept: MergedRecord[] = [];

  /** `most`: records of history in all. */
  constructor(devices: readonly string[], most: number) {
    // The history of one alone is in order already.
    this.#waitingFor = new Set(devices.length > 1 ? devices : []);
    this.#most = most;
  }

  add(device: string, records: readonly LogRecord[]): MergedRecord[] {
    const all = records.map((record) => ({ device, record }));
    if (this.#waitingFor.size === 0) return all;
    this.#kept.push(...all);
    if (this.#kept.length > 2 * this.#most) this.#cut();
    return [];
  }

  /** This device has sent its history, or will not. */
  complete(device: string): MergedRecord[] {
    if (!this.#waitingFor.delete(device) || this.#waitingFor.size > 0) return [];
    this.#cut();
    const kept = this.#kept;
    this.#kept = [];
    return kept;
  }

  #cut(): void {
    this.#kept = this.#kept.sort((a, b) => a.record.t - b.record.t).slice(-this.#most);
  }
}
