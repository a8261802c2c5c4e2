/** Refusals in the record: a few a minute for each person, so that nobody fills the disk by knocking. */
import type { ProblemError } from '#contracts/problem.ts';
import type { Context } from '../hub.ts';
import { note } from './audited.ts';

const MOST_A_MINUTE = 20;
const MOST_PEOPLE = 10_000;

export class Refusals {
  #noted = new Map<string, number>();
  #minute = 0;

  /** Strangers are not written down: nothing is known of them, and there is no end of them. */
  async note(ctx: Context, route: string, { code }: ProblemError): Promise<void> {
    const { kind, user } = ctx.actor;
    if (kind === 'nobody' || !this.#hasRoom(user, Math.floor(Date.now() / 60_000))) return;
    await note(ctx, 'refused', route, code);
  }

  #hasRoom(user: string, minute: number): boolean {
    if (minute !== this.#minute || this.#noted.size > MOST_PEOPLE) this.#noted = new Map();
    this.#minute = minute;
    const noted = this.#noted.get(user) ?? 0;
    this.#noted.set(user, noted + 1);
    return noted < MOST_A_MINUTE;
  }
}
