/** What the agent and its pty host say to each other: `u32 length, u8 kind, payload`. A length beyond the bound ends the connection. */

export const TO_HOST = { request: 1, input: 2, ack: 3 } as const;
export const TO_AGENT = { reply: 1, out: 2, event: 4, picture: 5 } as const;

const HEADER_BYTES = 5;
export const FRAME_LIMIT_BYTES = 2 * 1024 ** 2;

export function encodeHostFrame(kind: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  bytes.writeUInt32BE(payload.length + 1, 0);
  bytes[4] = kind;
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}

export const encodeJson = (kind: number, value: unknown): Buffer => encodeHostFrame(kind, Buffer.from(JSON.stringify(value)));

/** Bytes for a session, from or for somebody: each name with its length in front. */
export function encodeTagged(kind: number, tags: readonly string[], bytes: Uint8Array): Buffer {
  const parts = tags.flatMap((tag) => [Buffer.from([tag.length]), Buffer.from(tag, 'latin1')]);
  return encodeHostFrame(kind, Buffer.concat([...parts, bytes]));
}

/** undefined: cut off. */
export function decodeTagged(payload: Buffer, count: number): { tags: string[]; bytes: Buffer } | undefined {
  const tags: string[] = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    const length = payload[at];
    if (length === undefined || at + 1 + length > payload.length) return undefined;
    tags.push(payload.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { tags, bytes: payload.subarray(at) };
}

/** Cuts what a socket brings into frames. Throws for a length nobody of ours sends. */
export class HostFrameReader {
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #onFrame: (kind: number, payload: Buffer) => void;

  constructor(onFrame: (kind: number, payload: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    this.#kept.push(chunk);
    this.#keptBytes += chunk.length;
    while (this.#keptBytes >= 4) {
      if (this.#kept[0]!.length < 4) this.#join();
      const length = this.#kept[0]!.readUInt32BE(0);
      if (length < 1 || length > FRAME_LIMIT_BYTES) throw new RangeError(`A frame of ${length} bytes is none of ours.`);
      if (this.#keptBytes < 4 + length) return;
      if (this.#kept[0]!.length < 4 + length) this.#join();
      const first = this.#kept[0]!;
      this.#kept[0] = first.subarray(4 + length);
      this.#keptBytes -= 4 + length;
      if (this.#kept[0].length === 0) this.#kept.shift();
      this.#onFrame(first[4]!, first.subarray(HEADER_BYTES, 4 + length));
    }
  }

  #join(): void {
    this.#kept = [Buffer.concat(this.#kept)];
  }
}
