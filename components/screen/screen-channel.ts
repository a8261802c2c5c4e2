/**
 * What noVNC talks to instead of a websocket: a screen session. While somebody watches, its messages go out on `.ctl`, where the device
 * lets only requests for pictures through; while they drive, everything goes out on `.in`.
 */
import { CTL_RFB } from '#contracts/stream/screen.ts';

export interface ScreenChannelOptions {
  publish(channel: 'in' | 'ctl', bytes: Uint8Array): void;
  isDriving(): boolean;
}

interface Waiting {
  bytes: Uint8Array;
  consumed: () => void;
}

export class ScreenChannel {
  binaryType = 'arraybuffer';
  protocol = '';
  readyState: 'open' | 'closed' = 'open';
  onopen: (() => void) | null = null;
  onclose: ((event: { code: number; reason: string; wasClean: boolean }) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  #onmessage: ((event: { data: Uint8Array }) => void) | null = null;
  #options: ScreenChannelOptions;
  /** Of a session that began before noVNC was there; no more than the session's window. */
  #waiting: Waiting[] = [];

  constructor(options: ScreenChannelOptions) {
    this.#options = options;
  }

  get onmessage() {
    return this.#onmessage;
  }

  set onmessage(listener: ((event: { data: Uint8Array }) => void) | null) {
    this.#onmessage = listener;
    if (!listener) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    // After noVNC has set up the rest of itself.
    queueMicrotask(() => {
      for (const { bytes, consumed } of waiting) this.receive(bytes, consumed);
    });
  }

  /** `consumed` once noVNC took the bytes. */
  receive(bytes: Uint8Array, consumed: () => void): void {
    if (this.readyState === 'closed') return;
    if (!this.#onmessage || this.#waiting.length > 0) {
      this.#waiting.push({ bytes, consumed });
      return;
    }
    this.#onmessage({ data: bytes });
    consumed();
  }

  /** noVNC uses its buffer again, so what is sent is a copy. */
  send(bytes: Uint8Array): void {
    if (this.readyState === 'closed') return;
    if (this.#options.isDriving()) {
      this.#options.publish('in', bytes.slice());
      return;
    }
    const message = new Uint8Array(1 + bytes.length);
    message[0] = CTL_RFB;
    message.set(bytes, 1);
    this.#options.publish('ctl', message);
  }

  close(): void {
    if (this.readyState === 'closed') return;
    this.readyState = 'closed';
    this.#waiting = [];
    this.onclose?.({ code: 1000, reason: '', wasClean: true });
  }
}
