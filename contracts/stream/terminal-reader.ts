/**
 * The reading end of a terminal session, for the page and the command line: frames in any order and answers to `attach` in, what to
 * draw in its order out. Pure. Invariants: every byte is given out once and in order; a gap is never drawn over; what waits is bounded.
 */
import { decodeFrame, FRAME_COST_BYTES, FRAME_KIND, type Frame } from './frame.ts';
import { StreamClosed } from './session.ts';
import { TERMINAL_ACK_EVERY_MS, type TerminalRequest, TerminalState } from './terminal.ts';

export type TerminalOutput =
  /** An empty terminal of the state's size; what it shows follows as `data`. */
  | { kind: 'reset'; state: TerminalState }
  /** `offset`: where the stream stands once these bytes are drawn. */
  | { kind: 'data'; bytes: Uint8Array; offset: number }
  | { kind: 'state'; state: TerminalState }
  | { kind: 'closed'; closed: StreamClosed };

/** The answer to `attach` with the bytes of all its parts. */
export interface Attached {
  state: TerminalState;
  off: number;
  resumed: boolean;
  data: Uint8Array;
}

/** Frames that come before the answer, or after a gap, wait up to here; what is dropped is a gap that another `attach` fills. */
export const WAITING_BYTES = 4 * 1024 * 1024;

export class TerminalReader {
  #position: number | undefined;
  #mustAttach = true;
  #closed = false;
  #stateOffset = 0;
  /** By start, then by arrival. */
  #waiting: Frame[] = [];
  #waitingBytes = 0;

  /** Data offset given out so far; undefined before the first answer. */
  get position(): number | undefined {
    return this.#position;
  }

  /** What is to be asked of the device now; undefined while everything is in order. */
  get request(): TerminalRequest | undefined {
    if (this.#closed || !(this.#mustAttach || this.#hasGap())) return undefined;
    return this.#position === undefined ? { op: 'attach' } : { op: 'attach', have: this.#position };
  }

  /** The link was lost or replaced: frames may have been missed without a trace. */
  lost(): void {
    this.#mustAttach = true;
  }

  receive(frame: Frame): TerminalOutput[] {
    if (this.#closed) return [];
    this.#keep(frame);
    return this.#drain();
  }

  /**
   * States that waited and are older than the answer say nothing new: call this as soon as its first part is there. One of the same
   * offset may be newer (somebody took control while nothing was written), and every change is told, so the last to come is right.
   */
  answered(off: number): void {
    this.#stateOffset = Math.max(this.#stateOffset, off);
    this.#drop((frame) => frame.kind === FRAME_KIND.state && frame.endOffset < off);
  }

  attached({ state, off, resumed, data }: Attached): TerminalOutput[] {
    if (this.#closed) return [];
    this.#mustAttach = false;
    const position = this.#position;
    if (resumed && position !== undefined) {
      const missing: Frame = { kind: FRAME_KIND.data, endOffset: off, payload: data };
      const known = position - (off - data.length);
      const output = known >= 0 ? this.#read(missing, known) : undefined;
      return [{ kind: 'state', state }, ...(output ? [output] : []), ...this.#drain()];
    }
    // The missing frames came by themselves meanwhile: the screen is ahead of the picture.
    if (position !== undefined && position > off && !this.#hasGap()) return [{ kind: 'state', state }];
    this.#position = off;
    const snapshot: TerminalOutput[] = data.length > 0 ? [{ kind: 'data', bytes: data, offset: off }] : [];
    return [{ kind: 'reset', state }, ...snapshot, ...this.#drain()];
  }

  /** Whatever could be given out was: what waits speaks of bytes that are missing. */
  #hasGap(): boolean {
    return this.#position !== undefined && this.#waiting.length > 0;
  }

  #keep(frame: Frame): void {
    let at = this.#waiting.length;
    while (at > 0 && startOf(this.#waiting[at - 1]!) > startOf(frame)) at--;
    this.#waiting.splice(at, 0, frame);
    this.#waitingBytes += costOf(frame);
    while (this.#waitingBytes > WAITING_BYTES) this.#waitingBytes -= costOf(this.#waiting.shift()!);
  }

  #drop(unwanted: (frame: Frame) => boolean): void {
    this.#waiting = this.#waiting.filter((frame) => !unwanted(frame));
    this.#waitingBytes = this.#waiting.reduce((sum, frame) => sum + costOf(frame), 0);
  }

  #drain(): TerminalOutput[] {
    const outputs: TerminalOutput[] = [];
    for (let next = this.#waiting[0]; next && this.#position !== undefined; next = this.#waiting[0]) {
      const start = startOf(next);
      if (start > this.#position) break;
      this.#waiting.shift();
      this.#waitingBytes -= costOf(next);
      const output = this.#read(next, this.#position - start);
      if (output) outputs.push(output);
      if (output?.kind === 'closed') {
        this.#closed = true;
        this.#drop(() => true);
      }
    }
    return outputs;
  }

  #read({ kind, endOffset, payload }: Frame, known: number): TerminalOutput | undefined {
    switch (kind) {
      case FRAME_KIND.data: {
        if (known >= payload.length) return undefined;
        this.#position = endOffset;
        return { kind: 'data', bytes: payload.subarray(known), offset: endOffset };
      }
      case FRAME_KIND.state: {
        const state = stateIn(payload);
        if (!state || endOffset < this.#stateOffset) return undefined;
        this.#stateOffset = endOffset;
        return { kind: 'state', state };
      }
      case FRAME_KIND.closed: {
        const closed = StreamClosed.safeParse(parse(payload)).data;
        return closed && { kind: 'closed', closed };
      }
      default:
        return undefined;
    }
  }
}

/** What a message says of a terminal session; undefined where it is about something else. */
export function readTerminalState(message: Uint8Array): TerminalState | undefined {
  const frame = decodeFrame(message);
  return frame?.kind === FRAME_KIND.state ? stateIn(frame.payload) : undefined;
}

const stateIn = (payload: Uint8Array): TerminalState | undefined => TerminalState.safeParse(parse(payload)).data;

const costOf = ({ payload }: Frame): number => payload.length + FRAME_COST_BYTES;

const startOf = ({ kind, endOffset, payload }: Frame): number =>
  kind === FRAME_KIND.data ? endOffset - payload.length : endOffset;

// There in browsers and in Node alike; neither's types belong here.
declare const TextDecoder: new () => { decode(bytes: Uint8Array): string };

const ACK_BYTES = 32 * 1024;
const ACK_MS = 50;

/** When to say what is drawn: every 32 KB, 50 ms after something new, and every 2 s in any case. Times are the caller's, in ms. */
export class AckClock {
  #drawn: number;
  #said: number;
  #saidAtMs: number;

  constructor(offset: number, nowMs: number) {
    this.#drawn = offset;
    this.#said = offset;
    this.#saidAtMs = nowMs;
  }

  /** Called when the bytes up to `offset` are drawn. */
  drew(offset: number): void {
    this.#drawn = offset;
  }

  /** The next moment to ask `due` at the latest. */
  get dueAtMs(): number {
    if (Math.abs(this.#drawn - this.#said) >= ACK_BYTES) return this.#saidAtMs;
    return this.#saidAtMs + (this.#drawn === this.#said ? TERMINAL_ACK_EVERY_MS : ACK_MS);
  }

  /** The offset to acknowledge now, if it is time; counts as said. */
  due(nowMs: number): number | undefined {
    if (nowMs < this.dueAtMs) return undefined;
    this.#said = this.#drawn;
    this.#saidAtMs = nowMs;
    return this.#drawn;
  }
}

function parse(payload: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
}
