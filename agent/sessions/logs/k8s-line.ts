/** Reads the lines of podman's log files: `2026-01-01T00:00:00.000000000+00:00 stdout F text`. P is a piece of a line, F its end. Pure. */

const SPACE = 0x20;
const NEWLINE = 0x0a;
const PIECE = 0x50;
const ERR = 0x65;
/** As long as conmon writes its times. Others are measured. */
const TIME_BYTES = 35;
const LONGEST_TIME_BYTES = 40;

export interface K8sLine {
  /** Where the time ends. */
  timeEnd: number;
  stream: 'out' | 'err';
  whole: boolean;
  textStart: number;
}

/** undefined: not a line of this form. */
export function readK8sLine(bytes: Buffer, start: number, end: number): K8sLine | undefined {
  let timeEnd = start + TIME_BYTES;
  if (bytes[timeEnd] !== SPACE) {
    timeEnd = bytes.indexOf(SPACE, start);
    if (timeEnd < 0 || timeEnd > start + LONGEST_TIME_BYTES) return undefined;
  }
  // ` stdout F `
  const textStart = timeEnd + 10;
  if (textStart > end || bytes[timeEnd + 7] !== SPACE || bytes[textStart - 1] !== SPACE) return undefined;
  return {
    timeEnd,
    stream: bytes[timeEnd + 4] === ERR ? 'err' : 'out',
    whole: bytes[timeEnd + 8] !== PIECE,
    textStart,
  };
}

/** Times come in their order, many in one second: the second is read once. */
export class LineClock {
  #second = '';
  #secondMs = 0;

  /** Milliseconds since 1970; undefined where it is no time. */
  read(bytes: Buffer, start: number, end: number): number | undefined {
    const second = bytes.toString('latin1', start, start + 19);
    if (second !== this.#second) {
      const text = bytes.toString('latin1', start, end);
      const zone = /(Z|[+-]\d\d:?\d\d)$/.exec(text)?.[1] ?? 'Z';
      const ms = Date.parse(`${second}${zone}`);
      if (Number.isNaN(ms)) return undefined;
      this.#second = second;
      this.#secondMs = ms;
    }
    let fraction = 0;
    for (let index = start + 20; index < start + 23; index++) fraction = fraction * 10 + ((bytes[index] ?? 0x30) - 0x30);
    return this.#secondMs + (bytes[start + 19] === 0x2e && fraction >= 0 && fraction < 1_000 ? fraction : 0);
  }
}

/** Counts whole lines of a block, and says which streams stand in the middle of one. Much cheaper than reading them. */
export class LineCounter {
  lines = 0;
  bytes = 0;
  readonly inPieces = { out: false, err: false };

  /** Returns how many bytes of the block are whole records. */
  count(block: Buffer): number {
    let start = 0;
    for (let end = block.indexOf(NEWLINE); end >= 0; end = block.indexOf(NEWLINE, start)) {
      const stream = block[start + TIME_BYTES + 4] === ERR ? 'err' : 'out';
      const piece = block[start + TIME_BYTES + 8] === PIECE;
      this.inPieces[stream] = piece;
      if (!piece) this.lines++;
      start = end + 1;
    }
    this.bytes += start;
    return start;
  }
}
