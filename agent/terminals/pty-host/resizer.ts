/** Sizes told to an engine one after the other; of several that wait only the last counts. */
import { setTimeout as delay } from 'node:timers/promises';
import type { TerminalSize } from './program.ts';

/** Right after its start an engine may not know the terminal yet. */
const TRIES = 10;
const AGAIN_MS = 100;

export class Resizer {
  #tell: (size: TerminalSize) => Promise<void>;
  #next: TerminalSize | undefined;
  #busy = false;
  #stopped = false;

  constructor(tell: (size: TerminalSize) => Promise<void>) {
    this.#tell = tell;
  }

  resize(size: TerminalSize): void {
    this.#next = size;
    if (!this.#busy) void this.#work();
  }

  stop(): void {
    this.#stopped = true;
  }

  async #work(): Promise<void> {
    this.#busy = true;
    for (let tries = 0; this.#next && !this.#stopped && tries < TRIES; tries++) {
      const size = this.#next;
      this.#next = undefined;
      try {
        await this.#tell(size);
        tries = 0;
      } catch {
        this.#next ??= size;
        await delay(AGAIN_MS);
      }
    }
    this.#busy = false;
  }
}
