/**
 * Reads the log file of one container as it grows. The file is the buffer: what the budget does not allow now is read later, and
 * only what lies too far behind is skipped, counted and said. Lines, gaps and the place to go on from are given out in one turn.
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { LogRecord } from '#contracts/stream/log.ts';
import { LineClock, LineCounter, readK8sLine } from './k8s-line.ts';
import { LineJoiner } from './line-joiner.ts';
import type { LogBudget } from './token-bucket.ts';

export interface TailSink {
  line(stream: 'out' | 'err', t: number, text: string, cut: boolean): void;
  gap(t: number, lines: number, bytes: number, why: Extract<LogRecord, { o: 'gap' }>['why']): void;
  /** Everything given out so far is known; a tail that is opened with this position goes on from here. */
  mark(position: string): void;
  /** False: whoever keeps the lines cannot take more now. */
  hasRoom(): boolean;
}

export interface FileTailOptions {
  path: string;
  /** What `mark` was told last. */
  position?: string | undefined;
  budget: LogBudget;
  sink: TailSink;
  now(): number;
}

/** `idle`: all is read. `more`: the turn was long enough. `waiting`: for the budget, or for room. `gone`: the file was removed and read. */
export type TailState = 'idle' | 'more' | 'waiting' | 'gone';

const BLOCK_BYTES = 256 * 1024;
const SLICE_MS = 5;
/** Further behind than this is skipped, up to the last part of it. */
export const MOST_BEHIND_BYTES = 4 * 1024 * 1024;
const KEPT_OF_A_FLOOD_BYTES = 64 * 1024;
/** Of one skip so many bytes are counted line by line; beyond, lines are estimated. */
const MOST_COUNTED_BYTES = 16 * 1024 * 1024;
/** More than podman writes as one record. */
const LONGEST_RECORD_BYTES = 32 * 1024;
const FINGERPRINT_BYTES = 35;
const NEWLINE = 0x0a;
/** Shared: every read is used up before the next. */
const BLOCK = Buffer.allocUnsafeSlow(BLOCK_BYTES);

export class FileTail {
  readonly #options: FileTailOptions;
  readonly #joiner = new LineJoiner();
  readonly #clock = new LineClock();
  #file: number | undefined;
  #offset = 0;
  #fingerprint = '';
  /** Lines to leave out after a restart: they are stored already. */
  #known = 0;
  #resuming: { fingerprint: string; offset: number; known: number } | undefined;
  #skipping: LineCounter | undefined;
  #lastMs: number;
  /** Bytes seen by the last poll. */
  grewBytes = 0;

  constructor(options: FileTailOptions) {
    this.#options = options;
    this.#resuming = parsePosition(options.position);
    this.#lastMs = options.now();
  }

  /** Opens the file if it is not open; false while there is none. */
  open(): boolean {
    if (this.#file !== undefined) return true;
    try {
      this.#file = openSync(this.#options.path, 'r');
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  /** Reads for a few milliseconds at most. `all`: without regard to the budget, because the file goes. */
  poll(all = false): TailState {
    if (!this.open()) return 'gone';
    const endMs = performance.now() + SLICE_MS;
    this.grewBytes = 0;
    let state: TailState = 'more';
    while (state === 'more') {
      state = this.#step(all);
      if (performance.now() > endMs) break;
    }
    this.#mark();
    return state;
  }

  /** After the last poll of a container that has ended: what stands there without an end of line is a line. */
  end(): void {
    for (const { stream, line } of this.#joiner.end()) this.#give(stream, this.#lastMs, line.text, line.cut);
    this.#mark();
  }

  #step(all: boolean): TailState {
    const { sink, budget, now } = this.#options;
    const { size, nlink } = fstatSync(this.#file!);
    this.#checkFile(size);
    const behind = size - this.#offset;
    // Podman begins a new file at a bound: then this one is the shorter part of what is to be read.
    const nextBytes = nlink === 0 ? (statSync(this.#options.path, { throwIfNoEntry: false })?.size ?? 0) : 0;
    if (this.#skipping) return this.#skip(nextBytes > 0 ? size : size - KEPT_OF_A_FLOOD_BYTES);
    if (behind <= 0) return nlink === 0 ? this.#nextFile() : 'idle';
    if (!sink.hasRoom()) return 'waiting';
    const lines = all ? Number.POSITIVE_INFINITY : budget.lines(now());
    if (behind + nextBytes > MOST_BEHIND_BYTES && lines < 1) {
      this.#skipping = new LineCounter();
      return 'more';
    }
    if (lines < 1) return 'waiting';
    const block = this.#read(Math.min(BLOCK_BYTES, behind));
    const [count, bytes] = this.#take(block, lines);
    budget.take(count, bytes);
    this.#offset += bytes;
    this.grewBytes += bytes;
    if (bytes > 0) return 'more';
    if (block.length === BLOCK_BYTES) {
      // No end of line in a whole block: nothing that podman writes.
      this.#offset += block.length;
      return 'more';
    }
    return nlink === 0 ? this.#nextFile() : 'idle';
  }

  /** Gives out at most so many lines. Returns how many, and the bytes of what was read. */
  #take(block: Buffer, most: number): [lines: number, bytes: number] {
    let start = 0;
    let count = 0;
    for (let end = block.indexOf(NEWLINE); end >= 0 && count < most; end = block.indexOf(NEWLINE, start)) {
      const record = readK8sLine(block, start, end);
      if (record) {
        this.#lastMs = this.#clock.read(block, start, record.timeEnd) ?? this.#lastMs;
        const line = this.#joiner.push(record.stream, record.whole, block.subarray(record.textStart, end), this.#offset + start);
        if (line) this.#give(record.stream, this.#lastMs, line.text, line.cut);
        count++;
      }
      start = end + 1;
    }
    return [count, start];
  }

  #give(stream: 'out' | 'err', t: number, text: string, cut: boolean): void {
    if (this.#known > 0) this.#known--;
    else this.#options.sink.line(stream, t, text, cut);
  }

  /** Passes over what is too far behind, a block at a time. */
  #skip(target: number): TailState {
    const counter = this.#skipping!;
    if (this.#offset < target && counter.bytes < MOST_COUNTED_BYTES) {
      const bytes = counter.count(this.#read(target - this.#offset + LONGEST_RECORD_BYTES));
      this.#offset += bytes;
      this.grewBytes += bytes;
      if (bytes > 0) return 'more';
    }
    if (this.#offset < target) this.#jump(target, counter);
    const open = Number(counter.inPieces.out) + Number(counter.inPieces.err);
    this.#joiner.skip(counter.inPieces);
    this.#skipping = undefined;
    this.#options.sink.gap(this.#timeAt(), counter.lines + open, counter.bytes, 'flood');
    return 'more';
  }

  /**
   * Where even counting costs too much: lines are estimated from those counted before. The last ones before the place are counted all
   * the same, because only a whole record tells whether its line goes on behind it.
   */
  #jump(target: number, counter: LineCounter): void {
    const perLine = counter.lines > 0 ? counter.bytes / counter.lines : 100;
    const from = this.#offset;
    this.#offset = Math.max(from, target - LONGEST_RECORD_BYTES);
    const block = this.#read(target - this.#offset);
    const aligned = this.#offset === from ? 0 : block.indexOf(NEWLINE) + 1;
    this.#offset += aligned;
    counter.lines += Math.round((this.#offset - from) / perLine);
    counter.bytes += this.#offset - from;
    counter.inPieces.out = false;
    counter.inPieces.err = false;
    this.#offset += counter.count(block.subarray(aligned));
    this.grewBytes += this.#offset - from;
  }

  #timeAt(): number {
    const block = this.#read(64);
    const record = readK8sLine(block, 0, block.length);
    return (record && this.#clock.read(block, 0, record.timeEnd)) ?? this.#lastMs;
  }

  /** The file under the same name may have begun anew: emptied in place, or another one since the agent was last there. */
  #checkFile(size: number): void {
    if (size === 0 && this.#offset === 0) return;
    const isSame = this.#fingerprint !== '' && size >= this.#offset;
    if (isSame && size === this.#offset) return;
    const found = this.#readFingerprint(size);
    const resuming = this.#resuming;
    this.#resuming = undefined;
    if (resuming) {
      const isKnown = found === resuming.fingerprint && size >= resuming.offset;
      if (isKnown) [this.#offset, this.#known] = [resuming.offset, resuming.known];
      // The engine began a new file while nobody read: how much the old one still held is not known.
      else this.#options.sink.gap(this.#lastMs, 0, 0, 'not-kept');
    } else if (this.#fingerprint !== '' && (found !== this.#fingerprint || size < this.#offset)) {
      this.#offset = 0;
      this.#joiner.skip({ out: false, err: false });
      this.#options.sink.gap(this.#lastMs, 0, 0, 'not-kept');
    }
    this.#fingerprint = found;
  }

  #nextFile(): TailState {
    const old = this.#file;
    this.#file = undefined;
    try {
      if (!this.open()) {
        this.#file = old;
        return 'gone';
      }
    } catch {
      this.#file = old;
      return 'gone';
    }
    closeSync(old!);
    this.#offset = 0;
    this.#fingerprint = '';
    this.#joiner.nextFile();
    return 'more';
  }

  #read(bytes: number): Buffer {
    return BLOCK.subarray(0, readSync(this.#file!, BLOCK, 0, Math.min(bytes, BLOCK_BYTES), this.#offset));
  }

  #readFingerprint(size: number): string {
    if (size < FINGERPRINT_BYTES) return '';
    const head = Buffer.alloc(FINGERPRINT_BYTES);
    readSync(this.#file!, head, 0, FINGERPRINT_BYTES, 0);
    return fingerprint(head);
  }

  #mark(): void {
    if (this.#fingerprint === '' || this.#skipping) return;
    const { offset, lines } = this.#joiner.restartFrom(this.#offset);
    this.#options.sink.mark(`${this.#fingerprint}:${offset}:${lines + this.#known}`);
  }
}

/** The file's first time, to the nanosecond, in short: an inode's number is given again at once. */
function fingerprint(head: Buffer): string {
  let hash = 0x811c9dc5;
  for (const byte of head) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}

function parsePosition(text: string | undefined) {
  const [fingerprint, offset, known] = text?.split(':') ?? [];
  if (!fingerprint || !/^\d+$/.test(offset ?? '') || !/^\d+$/.test(known ?? '')) return undefined;
  return { fingerprint, offset: Number(offset), known: Number(known) };
}
