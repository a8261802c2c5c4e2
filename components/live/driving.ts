/**
 * The way from a line that only watches to one that drives: another one is opened, and where that still only watches, a proof is asked for.
 * For all who wait at the same time it is gone once.
 */
import type { LiveLink } from './live-link.ts';
import { askForProof } from './proof.ts';

const LONGEST_WAIT_MS = 15_000;

export interface DrivingOptions {
  link(): LiveLink | undefined;
  /** Opens another line in place of the present one. */
  renew(): void;
}

export class Driving {
  readonly #options: DrivingOptions;
  readonly #waiting = new Set<(link: LiveLink) => void>();
  #going: Promise<LiveLink | undefined> | undefined;
  #declinedEpoch = -1;

  constructor(options: DrivingOptions) {
    this.#options = options;
  }

  /** undefined: there is none, or the person would not. `asked`: they want it now, though they declined it a moment ago. */
  reach(asked: boolean): Promise<LiveLink | undefined> {
    if (!asked && this.#options.link()?.epoch === this.#declinedEpoch) return Promise.resolve(undefined);
    this.#going ??= this.#go().finally(() => {
      this.#going = undefined;
    });
    return this.#going;
  }

  /** Another line stands. */
  opened(link: LiveLink): void {
    for (const tell of this.#waiting) tell(link);
  }

  async #go(): Promise<LiveLink | undefined> {
    // Shown already in another tab, or for something else.
    const next = await this.#renewed();
    if (next && !next.prove) return next;
    if (!(await askForProof())) {
      this.#declinedEpoch = this.#options.link()?.epoch ?? -1;
      return undefined;
    }
    const proven = await this.#renewed();
    return proven?.prove ? undefined : proven;
  }

  #renewed(): Promise<LiveLink | undefined> {
    return new Promise((resolve) => {
      const done = (link?: LiveLink) => {
        clearTimeout(timer);
        this.#waiting.delete(done);
        resolve(link);
      };
      const timer = setTimeout(done, LONGEST_WAIT_MS);
      this.#waiting.add(done);
      this.#options.renew();
    });
  }
}
