/** Stops the clock of a hub that runs in the test itself: what is slowed down for a second stays so until all was asked. */
import { vi } from 'vitest';

/** Only the time of day stands still; timers, connections and other processes go on. */
export async function inOneMoment<T>(work: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    return await work();
  } finally {
    vi.useRealTimers();
  }
}
