/** Takes a mark out of a stream and counts it, however it is cut. Pure. */
export class MarkFilter {
  readonly #mark: Buffer;
  #held: Buffer = Buffer.alloc(0);

  constructor(mark: string) {
    this.#mark = Buffer.from(mark);
  }

  read(chunk: Uint8Array): { bytes: Buffer; marks: number } {
    let rest = Buffer.concat([this.#held, chunk]);
    const parts: Buffer[] = [];
    let marks = 0;
    for (let at = rest.indexOf(this.#mark); at >= 0; at = rest.indexOf(this.#mark)) {
      parts.push(rest.subarray(0, at));
      rest = rest.subarray(at + this.#mark.length);
      marks++;
    }
    const begun = this.#begunAtEnd(rest);
    this.#held = rest.subarray(rest.length - begun);
    parts.push(rest.subarray(0, rest.length - begun));
    return { bytes: Buffer.concat(parts), marks };
  }

  /** What looked like the beginning of one and was not. */
  end(): Buffer {
    const held = this.#held;
    this.#held = Buffer.alloc(0);
    return held;
  }

  #begunAtEnd(bytes: Buffer): number {
    for (let length = Math.min(this.#mark.length - 1, bytes.length); length > 0; length--)
      if (bytes.subarray(bytes.length - length).equals(this.#mark.subarray(0, length))) return length;
    return 0;
  }
}
