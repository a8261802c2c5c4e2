/**
 * The receiving end of a log or screen session, for the page and the command line: frames in any order in, fresh bytes in their order
 * out, and what to say on `.ctl`. Pure. Invariants: every byte is given out once and in order; what waits behind a gap is bounded;
 * no more is allowed to come than what was consumed plus the window, and what a device sends beyond it is not taken.
 */
import { FRAME_COST_BYTES, FRAME_KIND, type Frame } from './frame.ts';
import { SESSION_KEEPALIVE_MS, StreamClosed, type StreamControl, StreamProgress, WINDOW_BYTES } from './session.ts';

declare const TextDecoder: new () => { decode(bytes: Uint8Array): string };

export type StreamOutput =
  /** `offset`: where the stream stands once these bytes are consumed. */
  | { kind: 'data'; bytes: Uint8Array; offset: number }
  /** JSON of the session's own kind: `ScreenState` for screens. */
  | { kind: 'state'; value: unknown }
  | { kind: 'progress'; progress: StreamProgress }
  | { kind: 'closed'; closed: StreamClosed };

/** Frames behind a gap wait up to here; what is dropped is sent again, because it lies behind the offset of the `resume`. */
export const WAITING_BYTES = 2 * WINDOW_BYTES;
/** Of a device that gives no heed to credit; one of a later version may have a larger window. */
const MOST_AHEAD_BYTES = 16 * WINDOW_BYTES;
const CREDIT_BYTES = 64 * 1024;
const CREDIT_MS = 100;
const RESUME_AGAIN_MS = 1_000;

export class StreamReader {
  #position = 0;
  #consumed = 0;
  #said = 0;
  #saidAtMs: number;
  #freshAtMs: number;
  #resumeAtMs: number | undefined;
  #closed = false;
  /** By where they start, then by arrival. */
  #waiting: Frame[] = [];
  #waitingBytes = 0;

  /** Times are the caller's, in ms, and never go back. */
  constructor(nowMs: number) {
    this.#saidAtMs = nowMs;
    this.#freshAtMs = nowMs;
  }

  /** Bytes given out so far. */
  get position(): number {
    return this.#position;
  }

  /** Bytes given out and not yet consumed. */
  get unconsumed(): number {
    return this.#position - this.#consumed;
  }

  get closed(): boolean {
    return this.#closed;
  }

  receive(frame: Frame, nowMs: number): StreamOutput[] {
    if (this.#closed) return [];
    // A device that keeps to its credit never sends so much.
    if (frame.endOffset > this.#consumed + MOST_AHEAD_BYTES) return [];
    this.#keep(frame);
    const outputs = this.#drain();
    if (outputs.length > 0) this.#freshAtMs = nowMs;
    if (!this.#waiting[0]) this.#resumeAtMs = undefined;
    else this.#resumeAtMs ??= nowMs;
    return outputs;
  }

  /** Called once the bytes up to `offset` are drawn (or kept where they will be drawn). */
  consumed(offset: number): void {
    this.#consumed = Math.max(this.#consumed, Math.min(offset, this.#position));
  }

  /** The link was lost or replaced: frames may have been missed without a trace. */
  lost(nowMs: number): void {
    this.#resumeAtMs = nowMs;
  }

  /** The next moment to ask `say` at the latest. */
  get dueAtMs(): number {
    if (this.#closed) return Number.POSITIVE_INFINITY;
    return Math.min(this.#resumeAtMs ?? Number.POSITIVE_INFINITY, this.#creditAtMs());
  }

  /** What to say on `.ctl` now, if it is time; counts as said. */
  say(nowMs: number): StreamControl | undefined {
    if (nowMs < this.dueAtMs) return undefined;
    const isMissing = this.#resumeAtMs !== undefined && nowMs >= this.#resumeAtMs;
    // The last frames before a quiet time may be lost without a trace: asking from here brings them, and nothing where none are.
    const mayMiss = nowMs - this.#freshAtMs >= SESSION_KEEPALIVE_MS && this.unconsumed === 0;
    this.#saidAtMs = nowMs;
    this.#said = this.#consumed;
    if (!isMissing && !mayMiss) return { type: 'credit', offset: this.#consumed };
    this.#resumeAtMs = this.#waiting[0] ? nowMs + RESUME_AGAIN_MS : undefined;
    return { type: 'resume', offset: this.#position };
  }

  #creditAtMs(): number {
    const fresh = this.#consumed - this.#said;
    if (fresh >= CREDIT_BYTES) return this.#saidAtMs;
    return this.#saidAtMs + (fresh > 0 ? CREDIT_MS : SESSION_KEEPALIVE_MS);
  }

  #keep(frame: Frame): void {
    let at = this.#waiting.length;
    while (at > 0 && startOf(this.#waiting[at - 1]!) > startOf(frame)) at--;
    this.#waiting.splice(at, 0, frame);
    this.#waitingBytes += costOf(frame);
    while (this.#waitingBytes > WAITING_BYTES) this.#waitingBytes -= costOf(this.#waiting.pop()!);
  }

  #drain(): StreamOutput[] {
    const outputs: StreamOutput[] = [];
    for (let next = this.#waiting[0]; next && startOf(next) <= this.#position; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#waitingBytes -= costOf(next);
      const output = this.#read(next);
      if (output) outputs.push(output);
      if (output?.kind !== 'closed') continue;
      this.#closed = true;
      this.#waiting = [];
    }
    return outputs;
  }

  #read(frame: Frame): StreamOutput | undefined {
    switch (frame.kind) {
      case FRAME_KIND.data: {
        const known = this.#position - startOf(frame);
        if (known >= frame.payload.length) return undefined;
        this.#position = frame.endOffset;
        return { kind: 'data', bytes: frame.payload.subarray(known), offset: frame.endOffset };
      }
      case FRAME_KIND.state:
        return { kind: 'state', value: parse(frame.payload) };
      case FRAME_KIND.progress: {
        const progress = StreamProgress.safeParse(parse(frame.payload)).data;
        return progress && { kind: 'progress', progress };
      }
      case FRAME_KIND.closed: {
        const closed = StreamClosed.safeParse(parse(frame.payload)).data;
        return closed && { kind: 'closed', closed };
      }
    }
  }
}

const costOf = ({ payload }: Frame): number => payload.length + FRAME_COST_BYTES;

const startOf = ({ kind, endOffset, payload }: Frame): number =>
  kind === FRAME_KIND.data ? endOffset - payload.length : endOffset;

function parse(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
}
