/**
 * Makes one of several anchors the leader: a key that its holder renews and the server forgets. Invariants:
 * - `lead` runs only while the lease is held, and its signal aborts before anybody else can hold it; a holder that was killed
 *   is succeeded at once on its own machine, and elsewhere when its time is up;
 * - losing NATS means losing the lease: the deadline is kept by the monotonic clock, without asking anybody.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import * as z from 'zod';
import type { Bucket, Entry } from './bucket.ts';
import { isGone, LeaseHolder, ownProcess } from './lease-holder.ts';
import { RevisionConflict } from './store.ts';

export const LeaseRecord = z.object({
  holder: z.string().describe('Who leads.'),
  process: LeaseHolder.optional().describe('The process that leads, where its system tells.'),
});
export type LeaseRecord = z.infer<typeof LeaseRecord>;

export interface LeaseOptions {
  bucket: Bucket<LeaseRecord>;
  key: string;
  ttlMs?: number;
  log: Logger;
}

const DEFAULT_TTL_MS = 12_000;

export class Lease {
  readonly holder = randomUUID();
  readonly #process = ownProcess();
  readonly #options: LeaseOptions;
  readonly #ttlMs: number;
  #held = false;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#ttlMs = options.ttlMs ?? DEFAULT_TTL_MS;
  }

  get held(): boolean {
    return this.#held;
  }

  /** Who leads now, as the bucket says. */
  current(): Promise<Entry<LeaseRecord> | undefined> {
    return this.#options.bucket.get(this.#options.key);
  }

  /** Runs `lead` whenever this process holds the lease, until `signal` aborts. */
  async run(signal: AbortSignal, lead: (signal: AbortSignal) => Promise<void>): Promise<void> {
    while (!signal.aborted) {
      const revision = await this.#acquire();
      if (revision !== undefined && !signal.aborted) await this.#leadFrom(revision, signal, lead);
      await pause(this.#ttlMs / 6, signal);
    }
  }

  async #leadFrom(first: number, signal: AbortSignal, lead: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { log, bucket, key } = this.#options;
    const term = new AbortController();
    const end = () => term.abort();
    signal.addEventListener('abort', end, { once: true });
    this.#held = true;
    log.info({ holder: this.holder }, 'this anchor leads');
    const leading = lead(term.signal)
      .catch((error: unknown) => log.error({ err: error }, 'leading failed'))
      .finally(end);
    const revision = await this.#renewUntilLost(first, term.signal);
    end();
    this.#held = false;
    await leading;
    signal.removeEventListener('abort', end);
    log.info({ holder: this.holder }, 'this anchor no longer leads');
    // Handing it back lets the next one begin at once; if that fails, the time to live does it.
    if (revision !== undefined) await bucket.delete(key, { expectedRevision: revision, attempts: 1 }).catch(() => {});
  }

  /** The revision still held, or undefined when it is lost. */
  async #renewUntilLost(first: number, signal: AbortSignal): Promise<number | undefined> {
    let revision = first;
    let deadline = performance.now() + this.#ttlMs * (2 / 3);
    while (!signal.aborted) {
      await pause(this.#ttlMs / 4, signal);
      if (signal.aborted) return revision;
      const begun = performance.now();
      try {
        revision = await this.#write(revision);
        deadline = begun + this.#ttlMs * (2 / 3);
      } catch (error) {
        if (error instanceof RevisionConflict || performance.now() >= deadline) return undefined;
      }
      if (performance.now() >= deadline) return undefined;
    }
    return revision;
  }

  async #acquire(): Promise<number | undefined> {
    try {
      const last = await this.#options.bucket.raw(this.#options.key);
      const held = last && this.#options.bucket.decode(last)?.value;
      if (held && !(held.process && isGone(held.process))) return undefined;
      return await this.#write(last?.revision ?? 0);
    } catch (error) {
      if (!(error instanceof RevisionConflict)) this.#options.log.debug({ err: error }, 'the lease cannot be read');
      return undefined;
    }
  }

  #write(expectedRevision: number): Promise<number> {
    const { bucket, key } = this.#options;
    return bucket.put(
      key,
      { holder: this.holder, ...(this.#process ? { process: this.#process } : {}) },
      { expectedRevision, ttlSeconds: this.#ttlMs / 1000, timeoutMs: this.#ttlMs / 6, attempts: 1 },
    );
  }
}

const pause = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => {});
