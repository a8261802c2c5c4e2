/** Takes a container's output out of the frames that some engines put it in: podman 4.3 does so even for a terminal. */

const HEADER_BYTES = 8;
const LAST_STREAM = 2;
/** Longer than any piece an engine writes: then it only looks like a frame. */
const LONGEST_BYTES = 1024 * 1024;

export async function* withoutFrames(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let framed: boolean | undefined;
  for await (const chunk of chunks) {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    if (framed === undefined && rest.length < HEADER_BYTES) continue;
    framed ??= isHeader(rest);
    if (!framed) {
      yield rest;
      rest = Buffer.alloc(0);
      continue;
    }
    while (rest.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + rest.readUInt32BE(4);
      if (rest.length < end) break;
      yield rest.subarray(HEADER_BYTES, end);
      rest = rest.subarray(end);
    }
  }
  if (!framed && rest.length > 0) yield rest;
}

const isHeader = (bytes: Buffer): boolean =>
  bytes[0]! <= LAST_STREAM && bytes.readUIntBE(1, 3) === 0 && bytes.readUInt32BE(4) <= LONGEST_BYTES;
