/** Lets one loop sleep until somebody wakes it. A wake-up that comes while nobody sleeps is kept, and many are one. */
export class Wakeup {
  #pending = false;
  #resolve: ((woken: boolean) => void) | undefined;

  wake(): void {
    if (this.#resolve) this.#resolve(true);
    else this.#pending = true;
  }

  /** True when woken, false when the time is up or `signal` aborts. */
  async wait(timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    if (this.#pending || signal.aborted) {
      this.#pending = false;
      return !signal.aborted;
    }
    const abort = () => this.#resolve?.(false);
    const timer = setTimeout(abort, timeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    try {
      return await new Promise<boolean>((resolve) => {
        this.#resolve = resolve;
      });
    } finally {
      this.#resolve = undefined;
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }
}
