/** Waits for something that only asking again can tell. */
import { setTimeout as sleep } from 'node:timers/promises';

interface Patience {
  timeoutMs: number;
  everyMs?: number;
  signal?: AbortSignal;
}

/** True as soon as `ask` says so, false when the time is over or the signal aborts. */
export async function waitUntil(
  ask: () => boolean | Promise<boolean>,
  { timeoutMs, everyMs = 50, signal }: Patience,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!signal?.aborted) {
    if (await ask()) return true;
    if (performance.now() >= deadline) return false;
    await sleep(everyMs);
  }
  return false;
}
