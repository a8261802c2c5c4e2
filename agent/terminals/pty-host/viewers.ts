/** Who watches a session, how far each has drawn, and who of them sets the pace. Pure: time comes in. */
import { StreamRefusal } from '#contracts/stream/session.ts';
import { personOf } from '#contracts/uid.ts';
import { GONE_AFTER_MS, PACES_FOR_MS } from './control.ts';
import { FIRST_WINDOW_BYTES } from './pace.ts';

const MOST_VIEWERS = 256;
/** One person, or everybody with a link for guests, must not take the place of all others. */
const MOST_OF_A_PERSON = 64;
/** The right to watch is none to stop the program: who only watches holds it up for so long, and then no more until they caught up. */
const WATCHER_HOLDS_MS = 3_000;

interface Viewer {
  drawn: number;
  heardAtMs: number;
  /** It held the program up for too long, and does so no more until it has caught up. */
  tooSlow: boolean;
}

export class Viewers {
  #viewers = new Map<string, Viewer>();

  get size(): number {
    return this.#viewers.size;
  }

  /** People, each once. */
  get names(): string[] {
    return [...new Set([...this.#viewers.keys()].map(personOf))].sort();
  }

  has(uid: string): boolean {
    return this.#viewers.has(uid);
  }

  attach(uid: string, drawn: number, nowMs: number): void {
    if (!this.#viewers.has(uid)) this.#requireRoom(personOf(uid));
    this.#viewers.set(uid, { drawn, heardAtMs: nowMs, tooSlow: false });
  }

  detach(uid: string): boolean {
    return this.#viewers.delete(uid);
  }

  /** How many more bytes it drew; `end`: of all there are. */
  drew(uid: string, offset: number, nowMs: number, end: number): number {
    const viewer = this.#viewers.get(uid);
    if (!viewer) return 0;
    viewer.heardAtMs = nowMs;
    const more = Math.max(0, offset - viewer.drawn);
    viewer.drawn += more;
    if (end - offset <= FIRST_WINDOW_BYTES) viewer.tooSlow = false;
    return more;
  }

  /** Who sets the pace, and how far that one is: who types, while heard of, else the fastest. The program waits since `waitsSinceMs`. */
  pacer(writer: string | undefined, nowMs: number, waitsSinceMs = nowMs): { uid: string; drawn: number } | undefined {
    const typing = writer === undefined ? undefined : this.#viewers.get(writer);
    if (writer !== undefined && typing && nowMs - typing.heardAtMs <= PACES_FOR_MS) return { uid: writer, drawn: typing.drawn };
    if (nowMs - waitsSinceMs > WATCHER_HOLDS_MS) for (const viewer of this.#viewers.values()) viewer.tooSlow = true;
    let fastest: { uid: string; drawn: number } | undefined;
    for (const [uid, { drawn, heardAtMs, tooSlow }] of this.#viewers) {
      if (tooSlow || nowMs - heardAtMs > PACES_FOR_MS) continue;
      if (!fastest || drawn > fastest.drawn) fastest = { uid, drawn };
    }
    return fastest;
  }

  /** Lets go of those that were silent for long. */
  dropSilent(nowMs: number): boolean {
    const before = this.#viewers.size;
    for (const [uid, { heardAtMs }] of this.#viewers) if (nowMs - heardAtMs > GONE_AFTER_MS) this.#viewers.delete(uid);
    return this.#viewers.size < before;
  }

  #requireRoom(person: string): void {
    const all = [...this.#viewers.keys()];
    const [count, most] =
      all.length >= MOST_VIEWERS
        ? [all.length, MOST_VIEWERS]
        : [all.filter((uid) => personOf(uid) === person).length, MOST_OF_A_PERSON];
    if (count >= most) throw new StreamRefusal('too-many', `${count} pages watch this terminal already. Close one of them.`);
  }
}
