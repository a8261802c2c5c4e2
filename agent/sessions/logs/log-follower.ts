/** One container, followed from its first line to its last: by its file where that can be read, else through the engine. */
import { type FSWatcher, watch } from 'node:fs';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import type { Engine } from '../../engine/engine.ts';
import type { Logger } from '../../log.ts';
import { ApiTail } from './api-tail.ts';
import { FileTail, type TailSink, type TailState } from './file-tail.ts';
import type { LogBudget } from './token-bucket.ts';

/** News of a file is gathered for so long. */
const GATHER_MS = 25;
/** A file that is written to all the time is looked at this often, and not watched: news of it would cost more. */
const BUSY_MS = 100;
const BUSY_BYTES = 32 * 1024;
const BUSY_NEWS = 50;
const LOOKS_AT_WATCHED = 12;
const QUIET_POLLS = 10;
const RETRY_MS = 1_000;
const LAST_READ_MS = 5_000;

export interface LogFollowerOptions {
  engine: Engine;
  containerId: string;
  /** How far it was read. */
  position(): string | undefined;
  budget: LogBudget;
  sink: TailSink;
  log: Logger;
}

export class LogFollower {
  readonly #options: LogFollowerOptions;
  readonly #ending = new AbortController();
  #file: FileTail | undefined;
  #path = '';
  #api: ApiTail | undefined;
  #following: Promise<void> | undefined;
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #news = 0;
  #looks = 0;
  #busy = false;
  #quiet = 0;
  #running = true;
  #finding: Promise<void> | undefined;

  constructor(options: LogFollowerOptions) {
    this.#options = options;
  }

  /** Resolves once it has hold of what the container writes; may be called again. */
  start(): Promise<void> {
    this.#finding ??= this.#find().catch((error: Error) => {
      this.#finding = undefined;
      this.#options.log.debug({ error: error.message, container: this.#options.containerId }, 'No log of a container yet.');
    });
    return this.#finding;
  }

  /** Whether its process runs: a line without an end is one once it does not. */
  setRunning(running: boolean): void {
    if (this.#running === running) return;
    this.#running = running;
    if (!this.#finding && running) void this.start();
    this.#followApi();
    this.poke();
  }

  /** Something may be there to read. */
  poke(): void {
    if (this.#file) this.#pollIn(0);
    else if (!this.#api) void this.start();
  }

  /** Called all the time: what is watched is looked at now and then, because a watch may be lost; what is not, each time. */
  look(): void {
    this.#looks++;
    if (!this.#watcher || this.#looks % LOOKS_AT_WATCHED === 0) this.poke();
  }

  /** Reads what is there now. */
  async catchUp(): Promise<void> {
    await this.start();
    if (this.#file) await this.#pollToEnd(false);
  }

  /** The container goes, or is gone: reads to the end, without regard to the budget, and lets go. */
  async finish(): Promise<void> {
    if (this.#ending.signal.aborted) return;
    await Promise.race([this.start(), rejectAfter(LAST_READ_MS)]).catch(() => undefined);
    this.#stopWatching();
    if (this.#file) {
      await this.#pollToEnd(true);
      this.#file?.end();
    } else if (this.#api) {
      await this.#api.readAll(AbortSignal.timeout(LAST_READ_MS)).catch(() => undefined);
    }
    this.close();
  }

  /** Lets go, to be followed again from the last mark. */
  close(): void {
    this.#ending.abort();
    this.#stopWatching();
    this.#file?.close();
    this.#file = undefined;
  }

  async #find(): Promise<void> {
    const { engine, containerId, position, budget, sink } = this.#options;
    const location = await engine.logLocation(containerId);
    if (this.#ending.signal.aborted) return;
    const shared = { position: position(), budget, sink, now: Date.now };
    if (location.kind === 'k8s-file') {
      const file = new FileTail({ path: location.path, ...shared });
      try {
        if (!file.open()) throw new Error('it has written nothing yet');
        this.#file = file;
        this.#path = location.path;
        this.#watch();
        this.#pollIn(0);
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EACCES' && (error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
      }
    }
    const seen = location.kind === 'engine' ? location : { kind: 'engine' as const, framed: true };
    this.#api = new ApiTail({ engine, containerId, location: seen, ...shared });
    this.#followApi();
  }

  #followApi(): void {
    if (!this.#api || this.#following || !this.#running || this.#ending.signal.aborted) return;
    this.#following = this.#api
      .follow(this.#ending.signal)
      .catch(() => undefined)
      .finally(() => {
        this.#following = undefined;
        if (!this.#ending.signal.aborted && this.#running) this.#timer = setTimeout(() => this.#followApi(), RETRY_MS);
      });
  }

  #watch(): void {
    this.#stopWatching();
    this.#news = 0;
    try {
      this.#watcher = watch(this.#path, { persistent: false }, () => {
        this.#news++;
        this.#pollIn(GATHER_MS);
      });
      this.#watcher.on('error', () => this.#stopWatching());
    } catch {
      // No more watches to be had on this machine: the regular look at all files finds what is new.
      this.#watcher = undefined;
    }
  }

  #stopWatching(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  #pollIn(ms: number): void {
    if (this.#ending.signal.aborted) return;
    this.#timer ??= setTimeout(() => this.#poll(), ms);
  }

  #poll(): void {
    this.#timer = undefined;
    const file = this.#file;
    const state = this.#read(false);
    if (!file || !state) return;
    if (state === 'more' || state === 'waiting') {
      this.#pollIn(state === 'more' ? 0 : BUSY_MS / 2);
      return;
    }
    if (!this.#running) file.end();
    if (file.grewBytes > BUSY_BYTES || this.#news > BUSY_NEWS) this.#becomeBusy();
    this.#news = 0;
    if (!this.#busy) return;
    this.#quiet = file.grewBytes > 0 ? 0 : this.#quiet + 1;
    if (this.#quiet > QUIET_POLLS) {
      this.#busy = false;
      this.#watch();
      // What came between the last look and the watch.
      this.#pollIn(0);
    } else this.#pollIn(BUSY_MS);
  }

  #becomeBusy(): void {
    if (this.#busy) return;
    this.#busy = true;
    this.#quiet = 0;
    this.#stopWatching();
  }

  async #pollToEnd(all: boolean): Promise<void> {
    const endMs = performance.now() + LAST_READ_MS;
    for (;;) {
      const state = this.#read(all);
      if (state === 'more') await turn();
      else if (all && state === 'waiting' && performance.now() < endMs) await delay(GATHER_MS);
      else return;
    }
  }

  /** A file that fails is let go, and found again at the next look. */
  #read(all: boolean): TailState | undefined {
    try {
      return this.#file?.poll(all);
    } catch (error) {
      this.#options.log.warn({ error, path: this.#path }, 'The log of a container cannot be read now. It is tried again.');
      this.#stopWatching();
      this.#file?.close();
      this.#file = undefined;
      this.#finding = undefined;
      return undefined;
    }
  }
}

const rejectAfter = (ms: number) => new Promise((_, reject) => setTimeout(reject, ms).unref());
