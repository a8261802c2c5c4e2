/** Puts the pieces of long lines together again, per stream, and knows from where a reader that lost its memory must begin. Pure. */
import { LONGEST_LINE_BYTES } from '#contracts/stream/log.ts';

export interface JoinedLine {
  text: string;
  cut: boolean;
}

interface Begun {
  pieces: Buffer[];
  bytes: number;
  /** Where in the file it begins. */
  at: number;
  /** Lines that were completed since. */
  since: number;
}

const CARRIAGE_RETURN = 0x0d;

export class LineJoiner {
  readonly #begun: { out?: Begun | undefined; err?: Begun | undefined } = {};
  readonly #dropping = { out: false, err: false };

  /** The line that this piece completes. `at`: where in the file the piece is. */
  push(stream: 'out' | 'err', whole: boolean, bytes: Buffer, at: number): JoinedLine | undefined {
    if (this.#dropping[stream]) {
      this.#dropping[stream] = !whole;
      return undefined;
    }
    const begun = this.#begun[stream];
    if (!begun && whole) return this.#complete(cutText(bytes, false));
    const line = begun ?? { pieces: [], bytes: 0, at, since: 0 };
    // A copy: the caller reads the next block into the same memory.
    if (line.bytes <= LONGEST_LINE_BYTES) line.pieces.push(Buffer.from(bytes));
    line.bytes += bytes.length;
    if (whole) {
      this.#begun[stream] = undefined;
      return this.#complete(cutText(Buffer.concat(line.pieces), line.bytes > LONGEST_LINE_BYTES));
    }
    this.#begun[stream] = line;
    return undefined;
  }

  /** Nothing more comes: what was begun is all there is. */
  end(): { stream: 'out' | 'err'; line: JoinedLine }[] {
    const streams = (['out', 'err'] as const).filter((stream) => this.#begun[stream] !== undefined);
    return streams.map((stream) => {
      const { pieces, bytes } = this.#begun[stream]!;
      this.#begun[stream] = undefined;
      return { stream, line: cutText(Buffer.concat(pieces), bytes > LONGEST_LINE_BYTES) };
    });
  }

  /** Bytes were left out: what was begun is lost, and so is the rest of what stood open where reading goes on. */
  skip(inPieces: Readonly<Record<'out' | 'err', boolean>>): void {
    this.#begun.out = undefined;
    this.#begun.err = undefined;
    Object.assign(this.#dropping, inPieces);
  }

  /** The file was replaced by the next one: its places count from there. What was begun in the old one is where the new begins. */
  nextFile(): void {
    for (const stream of ['out', 'err'] as const) {
      const begun = this.#begun[stream];
      if (begun) Object.assign(begun, { at: 0, since: 0 });
    }
  }

  /** A reader that begins at `offset` and leaves out `lines` has what this one has. */
  restartFrom(offset: number): { offset: number; lines: number } {
    const { out, err } = this.#begun;
    const oldest = out && err ? (out.at <= err.at ? out : err) : (out ?? err);
    return oldest ? { offset: oldest.at, lines: oldest.since } : { offset, lines: 0 };
  }

  #complete(line: JoinedLine): JoinedLine {
    for (const begun of [this.#begun.out, this.#begun.err]) if (begun) begun.since++;
    return line;
  }
}

function cutText(bytes: Buffer, longer: boolean): JoinedLine {
  const cut = longer || bytes.length > LONGEST_LINE_BYTES;
  let end = Math.min(bytes.length, LONGEST_LINE_BYTES);
  // Not in the middle of a character.
  if (cut) while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  else if (end > 0 && bytes[end - 1] === CARRIAGE_RETURN) end--;
  return { text: bytes.toString('utf8', 0, end), cut };
}
