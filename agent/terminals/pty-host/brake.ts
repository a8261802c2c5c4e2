/** Lets the program of a session run, or wait: for who sets the pace, or for our own screen. Pure: time comes in. */
import { Pace } from './pace.ts';
import type { TerminalProgram } from './program.ts';

const UNPARSED_MOST_BYTES = 512 * 1024;
const UNPARSED_RESUME_BYTES = 128 * 1024;

export class Brake {
  #pace = new Pace();
  #waitsSinceMs: number | undefined;

  get waitsSinceMs(): number | undefined {
    return this.#waitsSinceMs;
  }

  /** Who sets the pace drew so much more. */
  drew(moreBytes: number, nowMs: number): void {
    this.#pace.drew(moreBytes, nowMs);
  }

  /** `aheadBytes`: of who sets the pace, undefined where nobody does. */
  balance(
    program: TerminalProgram | undefined,
    { aheadBytes, unparsedBytes }: { aheadBytes: number | undefined; unparsedBytes: number },
    nowMs: number,
  ): void {
    const waited = this.#waitsSinceMs !== undefined;
    const clogged = unparsedBytes > (waited ? UNPARSED_RESUME_BYTES : UNPARSED_MOST_BYTES);
    const waits = this.#pace.decide(aheadBytes) || clogged;
    if (waits === waited) return;
    this.#waitsSinceMs = waits ? nowMs : undefined;
    if (waits) program?.pause();
    else program?.resume();
  }
}
