/** How many log and screen sessions one person, and all people together, have open on this device. */
import { LIMIT, StreamRefusal } from '#contracts/stream/session.ts';

export class SessionPlaces {
  readonly #ofPerson = new Map<string, number>();
  #all = 0;

  /** Takes a place; the function gives it back, and may be called more than once. @throws StreamRefusal where there is none. */
  take(person: string): () => void {
    const mine = this.#ofPerson.get(person) ?? 0;
    if (mine >= LIMIT.sessionsPerPerson)
      throw new StreamRefusal(
        'too-many',
        `${person} already watches ${mine} logs and screens of this device, which is as many as it gives to one person. Close one of them.`,
      );
    if (this.#all >= LIMIT.sessionsPerDevice)
      throw new StreamRefusal(
        'too-many',
        `This device already sends ${this.#all} logs and screens, which is as many as it can. Try again when somebody has left.`,
      );
    this.#all++;
    this.#ofPerson.set(person, mine + 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#all--;
      const left = (this.#ofPerson.get(person) ?? 1) - 1;
      if (left > 0) this.#ofPerson.set(person, left);
      else this.#ofPerson.delete(person);
    };
  }
}
