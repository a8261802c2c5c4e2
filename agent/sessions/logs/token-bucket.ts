/** How much may be taken in: a steady rate, and a reserve for bursts. The time comes from the caller. Pure. */

export interface Rate {
  perSecond: number;
  burst: number;
}

export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #atMs: number;

  constructor(rate: Rate, nowMs: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#atMs = nowMs;
  }

  available(nowMs: number): number {
    const { perSecond, burst } = this.#rate;
    if (nowMs > this.#atMs) this.#tokens = Math.min(burst, this.#tokens + ((nowMs - this.#atMs) / 1_000) * perSecond);
    this.#atMs = nowMs;
    return this.#tokens;
  }

  /** May go below nothing: what was taken in too much is waited for. */
  take(amount: number): void {
    this.#tokens -= amount;
  }
}

/** One service writes lines and bytes; all services of the device share a second allowance. */
export class LogBudget {
  readonly #lines: TokenBucket;
  readonly #bytes: TokenBucket;
  readonly #shared: LogBudget | undefined;

  constructor({ lines, bytes }: { lines: Rate; bytes: Rate }, nowMs: number, shared?: LogBudget) {
    this.#lines = new TokenBucket(lines, nowMs);
    this.#bytes = new TokenBucket(bytes, nowMs);
    this.#shared = shared;
  }

  /** Lines that may be taken now; 0 where the bytes are used up. */
  lines(nowMs: number): number {
    if (this.#bytes.available(nowMs) <= 0) return 0;
    const own = Math.max(0, Math.floor(this.#lines.available(nowMs)));
    return Math.min(own, this.#shared?.lines(nowMs) ?? own);
  }

  take(lines: number, bytes: number): void {
    this.#lines.take(lines);
    this.#bytes.take(bytes);
    this.#shared?.take(lines, bytes);
  }
}

const MEBIBYTE = 1024 * 1024;
export const SERVICE_RATES = {
  lines: { perSecond: 5_000, burst: 50_000 },
  bytes: { perSecond: 2 * MEBIBYTE, burst: 8 * MEBIBYTE },
};
export const DEVICE_RATES = {
  lines: { perSecond: 15_000, burst: 150_000 },
  bytes: { perSecond: 6 * MEBIBYTE, burst: 24 * MEBIBYTE },
};
