/** Bounds how often one source may ask: so many at once, then so many a second. Forgets who has been quiet. */
export interface RateLimitOptions {
  burst: number;
  perSecond: number;
}

const MOST_SOURCES = 10_000;

export class RateLimit {
  readonly #options: RateLimitOptions;
  readonly #left = new Map<string, { count: number; atMs: number }>();

  constructor(options: RateLimitOptions) {
    this.#options = options;
  }

  /** False: too much. Takes one otherwise. */
  take(source: string, nowMs = Date.now()): boolean {
    const left = this.#leftOf(source, nowMs);
    if (left < 1) return false;
    this.#left.delete(source);
    this.#left.set(source, { count: left - 1, atMs: nowMs });
    // The map keeps the order of insertion: the first is the one not heard of for the longest time.
    if (this.#left.size > MOST_SOURCES) this.#left.delete(this.#left.keys().next().value!);
    return true;
  }

  /** Whether the next one would be let through. */
  has(source: string, nowMs = Date.now()): boolean {
    return this.#leftOf(source, nowMs) >= 1;
  }

  #leftOf(source: string, nowMs: number): number {
    const { burst, perSecond } = this.#options;
    const known = this.#left.get(source);
    return known ? Math.min(burst, known.count + ((nowMs - known.atMs) / 1000) * perSecond) : burst;
  }
}
