/** How much one socket may say: so many at once, so many a second. */
export class Rate {
  #perSecond: number;
  #burst: number;
  #left: number;
  #at: number;

  constructor(perSecond: number, burst: number, nowMs = Date.now()) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#left = burst;
    this.#at = nowMs;
  }

  /** False: too much. */
  take(nowMs = Date.now()): boolean {
    this.#left = Math.min(this.#burst, this.#left + (Math.max(0, nowMs - this.#at) / 1_000) * this.#perSecond);
    this.#at = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
