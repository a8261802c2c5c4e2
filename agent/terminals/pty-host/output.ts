/**
 * The output of a session on its way out: the newest bytes are kept for viewers that come back, and all go out at once in messages of
 * at most 32 KB; only where more than 4 KB came within 4 ms does the rest wait for the end of those.
 */
import { encodeFrame, FRAME_KIND, FRAME_PAYLOAD_BYTES } from '#contracts/stream/frame.ts';

export const RING_BYTES = 512 * 1024;
const QUICK_BYTES = 4 * 1024;
const QUICK_MS = 4;

export class Output {
  #publish: (message: Uint8Array) => void;
  /** Newest last; together at least the last `RING_BYTES`, or everything. */
  #ring: Buffer[] = [];
  #ringBytes = 0;
  /** Everything that was produced. */
  #offset = 0;
  #sent = 0;
  #quickSince = 0;
  #quickBytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(publish: (message: Uint8Array) => void) {
    this.#publish = publish;
  }

  get offset(): number {
    return this.#offset;
  }

  push(bytes: Buffer): void {
    this.#ring.push(bytes);
    this.#ringBytes += bytes.length;
    this.#offset += bytes.length;
    this.#sendFull();
    this.#trim();
    const now = performance.now();
    if (now - this.#quickSince > QUICK_MS) {
      this.#quickSince = now;
      this.#quickBytes = 0;
    }
    this.#quickBytes += bytes.length;
    if (this.#sent === this.#offset) return;
    if (this.#quickBytes <= QUICK_BYTES) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), QUICK_MS);
  }

  /** What waits goes out now: before everything that speaks of this offset. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sendFull();
    if (this.#sent < this.#offset) this.#send(this.#offset - this.#sent);
  }

  /** The bytes from there to the end, if they are still kept. */
  since(offset: number): Buffer | undefined {
    const wanted = this.#offset - offset;
    if (wanted < 0 || wanted > this.#ringBytes) return undefined;
    const chunks: Buffer[] = [];
    let missing = wanted;
    for (let index = this.#ring.length - 1; index >= 0 && missing > 0; index--) {
      const chunk = this.#ring[index]!;
      chunks.unshift(chunk.length > missing ? chunk.subarray(chunk.length - missing) : chunk);
      missing -= chunk.length;
    }
    return Buffer.concat(chunks);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #sendFull(): void {
    while (this.#offset - this.#sent >= FRAME_PAYLOAD_BYTES) this.#send(FRAME_PAYLOAD_BYTES);
  }

  #send(length: number): void {
    const from = this.since(this.#sent)!;
    const payload = from.length === length ? from : from.subarray(0, length);
    this.#sent += length;
    this.#publish(encodeFrame({ kind: FRAME_KIND.data, endOffset: this.#sent, payload }));
  }

  #trim(): void {
    while (this.#ring[0] && this.#ringBytes - this.#ring[0].length >= RING_BYTES) this.#ringBytes -= this.#ring.shift()!.length;
  }
}
