/** Reads a stream in the pieces a protocol is made of. Holds one chunk of the source and the piece that is asked for, never more. */

/** The stream ended in the middle of something. */
export class StreamEnded extends Error {
  override readonly name = 'StreamEnded';
}

const LARGEST_PIECE_BYTES = 64 * 1024;

export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array();

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Exactly so many bytes, at most 64 KiB: whoever expects more reads `some` and does not collect it. */
  async exactly(length: number): Promise<DataView> {
    if (length > LARGEST_PIECE_BYTES) throw new RangeError(`A piece of ${length} bytes is not read at once.`);
    const piece = new Uint8Array(length);
    for (let filled = 0; filled < length; ) {
      const bytes = await this.some(length - filled);
      piece.set(bytes, filled);
      filled += bytes.length;
    }
    return new DataView(piece.buffer);
  }

  /** What is there, at least one byte and at most `most`. A view: use it before the next read. */
  async some(most: number): Promise<Uint8Array> {
    while (this.#chunk.length === 0) {
      const next = await this.#source.next();
      if (next.done) throw new StreamEnded('The connection ended.');
      this.#chunk = next.value;
    }
    const bytes = this.#chunk.subarray(0, most);
    this.#chunk = this.#chunk.subarray(bytes.length);
    return bytes;
  }

  async skip(length: number): Promise<void> {
    for (let left = length; left > 0; ) left -= (await this.some(left)).length;
  }
}
