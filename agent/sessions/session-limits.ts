/** Counts the log and screen sessions of this device, so that neither one person nor all together wear it out. */
import { LIMIT, StreamRefusal } from '#contracts/stream/session.ts';

export class SessionLimits {
  readonly #open = new Map<string, number>();
  #total = 0;

  /** Room for one more, until the returned function is called. Throws `StreamRefusal`. */
  admit(person: string): () => void {
    const mine = this.#open.get(person) ?? 0;
    if (mine >= LIMIT.sessionsPerPerson)
      throw new StreamRefusal(
        'too-many',
        `You have ${mine} logs and screens of this device open, which is the limit. Close one and try again.`,
      );
    if (this.#total >= LIMIT.sessionsPerDevice)
      throw new StreamRefusal(
        'too-many',
        `${this.#total} logs and screens of this device are open, which is its limit. Try again when somebody has closed one.`,
      );
    this.#open.set(person, mine + 1);
    this.#total++;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#total--;
      const left = (this.#open.get(person) ?? 1) - 1;
      if (left > 0) this.#open.set(person, left);
      else this.#open.delete(person);
    };
  }
}
