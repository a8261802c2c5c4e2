/**
 * The sending end of a log or screen session. Invariants:
 * - what is sent and not yet drawn by the viewer never exceeds the window: `sent - consumed <= windowBytes`;
 * - everything in that gap is kept, so that a viewer that lost its connection gets it again from its own offset;
 * - a viewer that says nothing for `silenceMs` is let go; `closed` is sent once and nothing after it;
 * - what was told last beside the data is told again with it: it may have been lost with it.
 */
import { encodeFrame, FRAME_KIND, FRAME_PAYLOAD_BYTES, type FrameKind } from '#contracts/stream/frame.ts';
import { SESSION_SILENCE_MS, type StreamClosed, type StreamControl, WINDOW_BYTES } from '#contracts/stream/session.ts';

export interface StreamSenderOptions {
  /** Publishes one message; false while there is no connection. */
  publish(message: Uint8Array): boolean;
  /** There is room again, or the connection is back. */
  onRoom(): void;
  /** Called once, for whatever reason it ends. */
  onClose(closed: StreamClosed): void;
  windowBytes?: number;
  silenceMs?: number;
}

interface Chunk {
  endOffset: number;
  payload: Uint8Array;
}

export class StreamSender {
  #options: StreamSenderOptions;
  #windowBytes: number;
  #sent = 0;
  #consumed = 0;
  /** Sent and not yet drawn, oldest first. */
  #unseen: Chunk[] = [];
  /** By kind, what was told last and where the data stood then. */
  #told = new Map<FrameKind, Chunk>();
  #closed = false;
  #silence: ReturnType<typeof setTimeout>;

  constructor(options: StreamSenderOptions) {
    this.#options = options;
    this.#windowBytes = options.windowBytes ?? WINDOW_BYTES;
    this.#silence = setTimeout(
      () => this.close({ reason: 'silent', message: 'The viewer was not heard of for a while.' }),
      options.silenceMs ?? SESSION_SILENCE_MS,
    );
    this.#silence.unref?.();
  }

  /** Bytes of data that may be sent now. */
  get room(): number {
    return this.#closed ? 0 : Math.max(0, this.#windowBytes - (this.#sent - this.#consumed));
  }

  /** Bytes of data that were sent and that the viewer has not drawn, as far as it has said. */
  get unseenBytes(): number {
    return this.#closed ? 0 : this.#sent - this.#consumed;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** At most `room` bytes and at most one message's payload; the caller cuts. */
  send(payload: Uint8Array): void {
    if (this.#closed || payload.length === 0) return;
    if (payload.length > this.room || payload.length > FRAME_PAYLOAD_BYTES)
      throw new RangeError(`A chunk of ${payload.length} bytes does not fit: there is room for ${this.room}.`);
    this.#sent += payload.length;
    const chunk = { endOffset: this.#sent, payload };
    this.#unseen.push(chunk);
    this.#publish(FRAME_KIND.data, chunk);
  }

  /** Beside the data, as of its end. Only the latest of a kind counts, and it may come twice. */
  tell(kind: Exclude<FrameKind, 1>, value: unknown): void {
    if (this.#closed) return;
    const chunk = { endOffset: this.#sent, payload: toJson(value) };
    this.#told.set(kind, chunk);
    this.#publish(kind, chunk);
  }

  /** What the viewer said on `.ctl`. */
  hear(control: StreamControl): void {
    if (this.#closed) return;
    this.#silence.refresh();
    if (control.type === 'close') {
      this.close({ reason: 'closed', message: 'The viewer left.' });
      return;
    }
    if (control.offset > this.#sent || control.offset < this.#consumed) {
      // A late credit is harmless; a resume from what is no longer kept is not.
      if (control.type === 'resume') this.close({ reason: 'overrun', message: 'What was missed is no longer kept.' });
      return;
    }
    this.#consumed = control.offset;
    while (this.#unseen[0] && this.#unseen[0].endOffset <= control.offset) this.#unseen.shift();
    if (control.type === 'resume') this.#sendAgain(control.offset);
    this.#options.onRoom();
  }

  close(closed: StreamClosed): void {
    if (this.#closed) return;
    // An orderly end stands behind all data; any other does not wait for what may never be sent again.
    const endOffset = closed.reason === 'ended' ? this.#sent : 0;
    this.#publish(FRAME_KIND.closed, { endOffset, payload: toJson(closed) });
    this.#closed = true;
    clearTimeout(this.#silence);
    this.#unseen = [];
    this.#told.clear();
    this.#options.onClose(closed);
  }

  #sendAgain(from: number): void {
    for (const chunk of this.#unseen) {
      const known = chunk.payload.length - (chunk.endOffset - from);
      this.#publish(FRAME_KIND.data, known > 0 ? { ...chunk, payload: chunk.payload.subarray(known) } : chunk);
    }
    for (const [kind, chunk] of this.#told) this.#publish(kind, chunk);
  }

  #publish(kind: FrameKind, { endOffset, payload }: Chunk): void {
    this.#options.publish(encodeFrame({ kind, endOffset, payload }));
  }
}

const toJson = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
