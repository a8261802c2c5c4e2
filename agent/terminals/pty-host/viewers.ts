/** Who watches a session, how far each has drawn, and who of them sets the pace. Pure: time comes in. */
import { StreamRefusal } from '#contracts/stream/session.ts';
import { personOf } from '#contracts/uid.ts';
import { GONE_AFTER_MS, PACES_FOR_MS } from './control.ts';

const MOST_VIEWERS = 256;

interface Viewer {
  drawn: number;
  heardAtMs: number;
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
    if (!this.#viewers.has(uid) && this.#viewers.size >= MOST_VIEWERS)
      throw new StreamRefusal('too-many', `${MOST_VIEWERS} pages watch this terminal already. Close one of them.`);
    this.#viewers.set(uid, { drawn, heardAtMs: nowMs });
  }

  detach(uid: string): boolean {
    return this.#viewers.delete(uid);
  }

  /** How many more bytes it drew. */
  drew(uid: string, offset: number, nowMs: number): number {
    const viewer = this.#viewers.get(uid);
    if (!viewer) return 0;
    viewer.heardAtMs = nowMs;
    const more = Math.max(0, offset - viewer.drawn);
    viewer.drawn += more;
    return more;
  }

  /** Who sets the pace, and how far that one is: who types, while heard of, else the fastest. */
  pacer(writer: string | undefined, nowMs: number): { uid: string; drawn: number } | undefined {
    const typing = writer === undefined ? undefined : this.#viewers.get(writer);
    if (writer !== undefined && typing && nowMs - typing.heardAtMs <= PACES_FOR_MS) return { uid: writer, drawn: typing.drawn };
    let fastest: { uid: string; drawn: number } | undefined;
    for (const [uid, { drawn, heardAtMs }] of this.#viewers) {
      if (nowMs - heardAtMs > PACES_FOR_MS) continue;
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
}
