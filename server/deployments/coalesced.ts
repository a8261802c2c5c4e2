/**
 * Runs one job whenever it is asked to. Invariants: never twice at once; any number of requests during a run lead to
 * exactly one more; a job that fails is asked again after a pause.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export interface CoalescedOptions {
  job: () => Promise<void>;
  /** Requests within this time share a run. */
  settleMs: number;
  /** Pause after a failure; doubled up to the longest. */
  retryMs?: number;
  onError: (error: unknown) => void;
}

const LONGEST_RETRY_MS = 10_000;

export class Coalesced {
  readonly #options: CoalescedOptions;
  #requested = false;
  #wake: (() => void) | undefined;

  constructor(options: CoalescedOptions) {
    this.#options = options;
  }

  request(): void {
    this.#requested = true;
    this.#wake?.();
  }

  /** Until `signal` aborts; a run that has begun is finished. */
  async run(signal: AbortSignal): Promise<void> {
    const { job, settleMs, retryMs = 250, onError } = this.#options;
    let pauseMs = retryMs;
    signal.addEventListener('abort', () => this.#wake?.(), { once: true });
    while (!signal.aborted) {
      await this.#nextRequest(signal);
      await sleep(settleMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      this.#requested = false;
      try {
        await job();
        pauseMs = retryMs;
      } catch (error) {
        onError(error);
        await sleep(pauseMs, undefined, { signal }).catch(() => {});
        pauseMs = Math.min(pauseMs * 2, LONGEST_RETRY_MS);
        this.#requested = true;
      }
    }
  }

  async #nextRequest(signal: AbortSignal): Promise<void> {
    if (this.#requested || signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }
}
