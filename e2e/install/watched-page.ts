/** Asks a page again and again from the side, and counts how often it did not answer. */
import { setTimeout as delay } from 'node:timers/promises';

const EVERY_MS = 250;

export class WatchedPage {
  readonly #ending = new AbortController();
  readonly #watching: Promise<void>;
  #asked = 0;
  #missed = 0;

  constructor(answers: () => Promise<boolean>) {
    this.#watching = this.#watch(answers);
  }

  async end(): Promise<{ asked: number; missed: number }> {
    this.#ending.abort();
    await this.#watching;
    return { asked: this.#asked, missed: this.#missed };
  }

  async #watch(answers: () => Promise<boolean>): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      this.#asked++;
      if (!(await answers().catch(() => false))) this.#missed++;
      await delay(EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
