/** Who types into a session: one person at a time; others ask, and get it after 5 s unless that one keeps it. Pure: time comes in. */
import { StreamRefusal } from '#contracts/stream/session.ts';
import { CONTROL_PASSES_AFTER_MS } from '#contracts/stream/terminal.ts';
import { personOf } from '#contracts/uid.ts';

/** A writer that was not heard of for so long has left. */
export const GONE_AFTER_MS = 10_000;
/** Whose acknowledgement is not older than this sets the pace. */
export const PACES_FOR_MS = 5_000;

export class Control {
  #writer: { uid: string; heardAtMs: number } | undefined;
  #asking: { uid: string; passesAtMs: number } | undefined;

  get writer(): string | undefined {
    return this.#writer?.uid;
  }

  asking(nowMs: number): { uid: string; untilMs: number } | undefined {
    return this.#asking && { uid: this.#asking.uid, untilMs: Math.max(0, this.#asking.passesAtMs - nowMs) };
  }

  /** At once where nobody types, or only the same person from another page; else asks. */
  take(uid: string, nowMs: number): void {
    if (!this.#writer || personOf(this.#writer.uid) === personOf(uid)) {
      this.#pass(uid, nowMs);
      return;
    }
    if (this.#asking && personOf(this.#asking.uid) !== personOf(uid)) {
      throw new StreamRefusal('taken', `${personOf(this.#asking.uid)} has already asked to type here. Try again in a moment.`);
    }
    this.#asking = { uid, passesAtMs: this.#asking?.passesAtMs ?? nowMs + CONTROL_PASSES_AFTER_MS };
  }

  give(uid: string, nowMs: number): void {
    this.#mustWrite(uid);
    if (this.#asking) this.#pass(this.#asking.uid, nowMs);
  }

  keep(uid: string): void {
    this.#mustWrite(uid);
    this.#asking = undefined;
  }

  /** Of the writer: whoever asks gets it. Of the one who asks: takes that back. */
  release(uid: string, nowMs: number): void {
    if (this.#asking?.uid === uid) this.#asking = undefined;
    if (this.#writer?.uid !== uid) return;
    this.#writer = undefined;
    if (this.#asking) this.#pass(this.#asking.uid, nowMs);
  }

  heard(uid: string, nowMs: number): void {
    if (this.#writer?.uid === uid) this.#writer.heardAtMs = nowMs;
  }

  /** What time alone changes. True: something did. */
  tick(nowMs: number): boolean {
    if (this.#writer && nowMs - this.#writer.heardAtMs > GONE_AFTER_MS) {
      this.release(this.#writer.uid, nowMs);
      return true;
    }
    if (!this.#asking || nowMs < this.#asking.passesAtMs) return false;
    this.#pass(this.#asking.uid, nowMs);
    return true;
  }

  clear(): void {
    this.#writer = undefined;
    this.#asking = undefined;
  }

  #pass(uid: string, nowMs: number): void {
    this.#writer = { uid, heardAtMs: nowMs };
    if (!this.#asking || personOf(this.#asking.uid) === personOf(uid)) this.#asking = undefined;
  }

  #mustWrite(uid: string): void {
    if (this.#writer?.uid !== uid) throw new StreamRefusal('not-allowed', 'Only who types here can decide that.');
  }
}
