/** Lines that wait for a viewer, bounded: who does not keep up misses the older ones, which are counted. Pure. */
import { encodeLine, type LogLine } from './log-line.ts';

const MOST_BYTES = 512 * 1024;
/** What is left of the newest where the bound was reached. */
const LEFT_BYTES = 64 * 1024;

export interface MissedLines {
  first: LogLine;
  last: LogLine;
  lines: number;
  bytes: number;
  keys: Set<string>;
}

export class LiveLines {
  #lines: LogLine[] = [];
  #bytes = 0;
  #missed: MissedLines | undefined;

  get isEmpty(): boolean {
    return this.#lines.length === 0 && !this.#missed;
  }

  /** What was not kept, all of it older than what waits. */
  get missed(): MissedLines | undefined {
    return this.#missed;
  }

  /** Somebody else brings it. */
  forgive(): void {
    this.#missed = undefined;
  }

  push(line: LogLine): void {
    this.#lines.push(line);
    this.#bytes += line.bytes.length;
    if (this.#bytes <= MOST_BYTES) return;
    let count = 0;
    while (this.#bytes > LEFT_BYTES && count < this.#lines.length - 1) this.#miss(this.#lines[count++]!);
    this.#lines = this.#lines.slice(count);
  }

  /** Whole lines of at most so many bytes, oldest first; undefined where not one fits. */
  take(mostBytes: number): Buffer | undefined {
    const parts: Buffer[] = [];
    let bytes = 0;
    const gap = this.#gap();
    if (gap) {
      if (gap.bytes.length > mostBytes) return undefined;
      parts.push(gap.bytes);
      bytes = gap.bytes.length;
      this.#missed = undefined;
    }
    let count = 0;
    for (const line of this.#lines) {
      if (bytes + line.bytes.length > mostBytes) break;
      parts.push(line.bytes);
      bytes += line.bytes.length;
      this.#bytes -= line.bytes.length;
      count++;
    }
    if (count > 0) this.#lines = this.#lines.slice(count);
    return parts.length > 0 ? Buffer.concat(parts) : undefined;
  }

  #miss(line: LogLine): void {
    this.#bytes -= line.bytes.length;
    this.#missed ??= { first: line, last: line, lines: 0, bytes: 0, keys: new Set() };
    this.#missed.lines++;
    this.#missed.bytes += line.bytes.length;
    this.#missed.keys.add(line.key);
    this.#missed.last = line;
  }

  #gap(): LogLine | undefined {
    if (!this.#missed) return undefined;
    const { lines, bytes, keys, last } = this.#missed;
    return encodeLine(last.n, last.t, keys.size === 1 ? last.key : '', { o: 'gap', lines, bytes, why: 'slow-viewer' });
  }
}
