/** Lets everybody else have a turn: long work asks it between its steps. */
import { setImmediate as turn } from 'node:timers/promises';

const SLICE_MS = 8;

export class Pacer {
  #sinceMs = performance.now();

  /** True where the turn was long enough, so that it is worth to await `rest`. */
  get due(): boolean {
    return performance.now() - this.#sinceMs > SLICE_MS;
  }

  async rest(): Promise<void> {
    await turn();
    this.#sinceMs = performance.now();
  }
}
