/**
 * One face of this device, drawn once for everybody who looks. Invariants: it has at least one lease; it makes pictures at the pace of
 * the most eager viewer; a picture for which the link or the byte rate has no room is dropped, never kept for later.
 */
import { PEEK_FPS_MAX, PEEK_LEASE_MS } from '#contracts/peek.ts';
import type { PeekFeed, PeekPace, PeekSink } from './peek-feed.ts';

const BYTES_PER_SECOND = 64 * 1024;
const LARGEST_PICTURE_BYTES = 256 * 1024;

export interface PeekPublisherOptions {
  start(pace: PeekPace, sink: PeekSink): PeekFeed;
  /** Resolves once the server has it; undefined: there is no connection. */
  publish(bytes: Uint8Array): Promise<unknown> | undefined;
}

interface Lease {
  pace: PeekPace;
  untilMs: number;
}

export class PeekPublisher {
  /** Why there is nothing to see, for people. */
  why: string | undefined;
  /** Resolves with the first picture, or the first word on why there is none. */
  readonly settled: Promise<void>;
  readonly #options: PeekPublisherOptions;
  readonly #leases = new Map<string, Lease>();
  readonly #feed: PeekFeed;
  #pace: PeekPace;
  #settle: () => void = () => undefined;
  #onTheWay = false;
  #allowance = BYTES_PER_SECOND;
  #allowanceAtMs = performance.now();

  constructor(options: PeekPublisherOptions, uid: string, pace: PeekPace) {
    this.#options = options;
    this.#pace = pace;
    this.settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#leases.set(uid, { pace, untilMs: performance.now() + PEEK_LEASE_MS });
    this.#feed = options.start(pace, {
      publish: (bytes) => this.#publish(bytes),
      tell: (why) => {
        this.why = why;
        if (why !== undefined) this.#settle();
      },
    });
  }

  lease(uid: string, pace: PeekPace, resync: boolean): void {
    const isNew = !this.#leases.has(uid);
    this.#leases.set(uid, { pace, untilMs: performance.now() + PEEK_LEASE_MS });
    this.#setPace();
    // Whoever comes later has seen nothing yet.
    if (isNew || resync) this.#feed.resync();
  }

  isLeasedTo = (uid: string): boolean => this.#leases.has(uid);

  /** False: nobody looks any more. */
  drop(uid: string): boolean {
    if (this.#leases.delete(uid) && this.#leases.size > 0) this.#setPace();
    return this.#leases.size > 0;
  }

  /** False: nobody looks any more. */
  expire(): boolean {
    const now = performance.now();
    for (const [uid, { untilMs }] of this.#leases) if (untilMs <= now) this.drop(uid);
    return this.#leases.size > 0;
  }

  stop(): void {
    this.#feed.stop();
    this.#settle();
  }

  #setPace(): void {
    const paces = [...this.#leases.values()].map(({ pace }) => pace);
    const most = (of: keyof PeekPace) => Math.max(...paces.map((pace) => pace[of]));
    const pace = { fps: Math.min(PEEK_FPS_MAX, most('fps')), width: most('width'), height: most('height'), rows: most('rows') };
    if (Object.entries(pace).every(([key, value]) => this.#pace[key as keyof PeekPace] === value)) return;
    this.#pace = pace;
    this.#feed.setPace(pace);
  }

  #publish(bytes: Uint8Array): boolean {
    const now = performance.now();
    this.#allowance = Math.min(BYTES_PER_SECOND, this.#allowance + ((now - this.#allowanceAtMs) / 1_000) * BYTES_PER_SECOND);
    this.#allowanceAtMs = now;
    if (this.#onTheWay || this.#allowance <= 0 || bytes.length > LARGEST_PICTURE_BYTES) return false;
    const sent = this.#options.publish(bytes);
    if (!sent) return false;
    this.#allowance -= bytes.length;
    this.#onTheWay = true;
    void sent
      .catch(() => undefined)
      .finally(() => {
        this.#onTheWay = false;
      });
    this.#settle();
    return true;
  }
}
