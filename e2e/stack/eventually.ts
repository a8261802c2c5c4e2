/** Waits until a look at the real thing gives an answer: the deadline is for a stuck test, not a measurement. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  deadlineMs?: number;
  everyMs?: number;
}

/** `look` answers with a value, or throws (or returns undefined/false) while it is not so yet; its last word is in the error. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  { deadlineMs = 60_000, everyMs = 60 }: Patience = {},
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    let why = 'it is not so yet';
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen;
    } catch (error) {
      why = (error as Error).message;
    }
    if (performance.now() >= deadline) throw new Error(`Waited ${deadlineMs / 1000} s in vain: ${what}.\n${why}`);
    await sleep(everyMs);
  }
}

/** A container runs a moment before the program in it listens. */
export async function eventuallyAnswers(url: string): Promise<void> {
  await eventually(`${url} answers`, async () => (await fetch(url)).ok);
}
