/**
 * How far a program may run ahead of the viewer that sets the pace. The window is what that viewer draws in 150 ms, so that what is
 * under way when somebody presses Ctrl-C is gone soon, on a fast line and on a slow one. Pure: time comes in.
 */
export const FIRST_WINDOW_BYTES = 64 * 1024;
const LEAST_WINDOW_BYTES = 16 * 1024;
const MOST_WINDOW_BYTES = 512 * 1024;
const WINDOW_MS = 150;
const SAMPLE_MS = 100;
/** One sample says little: its share of the new window. */
const WEIGHT = 0.5;

export class Pace {
  #windowBytes = FIRST_WINDOW_BYTES;
  #sampleFrom: number | undefined;
  #sampleBytes = 0;
  #limited = false;
  #paused = false;

  get windowBytes(): number {
    return this.#windowBytes;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** The pace-maker drew this many more bytes. */
  drew(bytes: number, nowMs: number): void {
    this.#sampleFrom ??= nowMs;
    this.#sampleBytes += bytes;
    const elapsedMs = nowMs - this.#sampleFrom;
    if (elapsedMs < SAMPLE_MS) return;
    // Where the program itself was slow, nothing is learnt about the viewer.
    if (this.#limited) {
      const wanted = (this.#sampleBytes / elapsedMs) * WINDOW_MS;
      const mixed = this.#windowBytes * (1 - WEIGHT) + wanted * WEIGHT;
      this.#windowBytes = Math.round(Math.min(MOST_WINDOW_BYTES, Math.max(LEAST_WINDOW_BYTES, mixed)));
    }
    this.#sampleFrom = nowMs;
    this.#sampleBytes = 0;
    this.#limited = this.#paused;
  }

  /** `undefined`: nobody sets the pace. True: the program must wait. */
  decide(aheadBytes: number | undefined): boolean {
    if (aheadBytes === undefined) this.#paused = false;
    else if (this.#paused) this.#paused = aheadBytes > this.#windowBytes / 2;
    else this.#paused = aheadBytes > this.#windowBytes;
    this.#limited ||= this.#paused;
    return this.#paused;
  }
}
