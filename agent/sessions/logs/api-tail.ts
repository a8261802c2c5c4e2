/**
 * Reads the output of a container through its engine, where its file cannot be read. Engines lose lines between a history and what
 * follows it, and tell times by the second: so what follows is asked for from the last second known, and the lines of that second
 * that are known are left out.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { LONGEST_LINE_BYTES } from '#contracts/stream/log.ts';
import type { Engine, EngineLogLine, LogLocation } from '../../engine/engine.ts';
import type { TailSink } from './file-tail.ts';
import type { LogBudget } from './token-bucket.ts';

export interface ApiTailOptions {
  engine: Pick<Engine, 'readLogs'>;
  containerId: string;
  location: Extract<LogLocation, { kind: 'engine' }>;
  position?: string | undefined;
  budget: LogBudget;
  sink: TailSink;
  now(): number;
}

const ROOM_CHECK_MS = 50;

export class ApiTail {
  readonly #options: ApiTailOptions;
  /** The last second of which a line is known, and how many. */
  #second = 0;
  #knownInSecond = 0;
  #dropped = { lines: 0, bytes: 0 };

  constructor(options: ApiTailOptions) {
    this.#options = options;
    const [second, known] = options.position?.split(':').slice(1) ?? [];
    if (options.position?.startsWith('api:')) [this.#second, this.#knownInSecond] = [Number(second), Number(known)];
  }

  /** What there is, then what comes, until the container stops or `signal` fires. */
  async follow(signal: AbortSignal): Promise<void> {
    await this.#read({ follow: false, keepBegun: false }, signal);
    if (!signal.aborted) await this.#read({ follow: true, keepBegun: true }, signal);
  }

  /** What there is, and nothing more will come. */
  async readAll(signal: AbortSignal): Promise<void> {
    await this.#read({ follow: false, keepBegun: true }, signal);
  }

  /** A line that is begun and known would hide its end from who follows. */
  async #read({ follow, keepBegun }: { follow: boolean; keepBegun: boolean }, signal: AbortSignal): Promise<void> {
    const { engine, containerId, location, sink } = this.#options;
    let left = this.#knownInSecond;
    const from = this.#second;
    for await (const line of engine.readLogs(containerId, { location, sinceSeconds: from, follow, signal })) {
      if (line.begun && !keepBegun) continue;
      const t = Date.parse(line.time);
      const second = Number.isNaN(t) ? this.#second : Math.floor(t / 1_000);
      if (second < from) continue;
      if (second === from && left > 0) {
        left--;
        continue;
      }
      if (second === this.#second) this.#knownInSecond++;
      else [this.#second, this.#knownInSecond] = [second, 1];
      this.#give(line, Number.isNaN(t) ? this.#options.now() : t);
      sink.mark(`api:${this.#second}:${this.#knownInSecond}`);
      while (!sink.hasRoom() && !signal.aborted) await delay(ROOM_CHECK_MS, undefined, { signal }).catch(() => undefined);
    }
    this.#tellDropped(this.#second * 1_000);
  }

  #give({ stream, text }: EngineLogLine, t: number): void {
    const { budget, sink, now } = this.#options;
    if (budget.lines(now()) < 1) {
      this.#dropped.lines++;
      this.#dropped.bytes += text.length;
      return;
    }
    this.#tellDropped(t);
    budget.take(1, text.length);
    const cut = text.length > LONGEST_LINE_BYTES;
    sink.line(stream, t, text.toString('utf8', 0, Math.min(text.length, LONGEST_LINE_BYTES)), cut);
  }

  #tellDropped(t: number): void {
    const { lines, bytes } = this.#dropped;
    if (lines === 0) return;
    this.#dropped = { lines: 0, bytes: 0 };
    this.#options.sink.gap(t, lines, bytes, 'flood');
  }
}
