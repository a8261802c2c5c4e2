/**
 * What is stored of one service: append-only segments, oldest first. Invariants:
 * - every write ends with a mark that says how far each container was read; what follows the last mark of a file is cut when it
 *   is opened, so that lines and the place to go on from are never of two minds;
 * - each segment begins with all marks, so that an older one may go at any time;
 * - a segment that is complete tells its range in its name, and is not opened to be passed over.
 */
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, truncate } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { encodeLine, type LogKey, type LogLine, linesIn } from './log-line.ts';
import { encodeMark, endOfLastMark, marksIn } from './store-mark.ts';

export interface Segment {
  path: string;
  /** On disk; what a reader may read. */
  bytes: number;
  firstN: number;
  lastN: number;
  fromMs: number;
  toMs: number;
  lines: number;
}

/** Where nothing can be written, the newest of what waits is kept up to here. */
const MOST_UNWRITTEN_BYTES = 256 * 1024;
const COMPLETE = /^(\d+)-(\d+)-(\d+)-(\d+)-(\d+)\.log$/;
const ACTIVE = /^(\d+)\.active$/;

export class ServiceLog {
  readonly key: LogKey;
  readonly #folder: string;
  readonly #segmentBytes: number;
  #segments: Segment[] = [];
  #active: { segment: Segment; file: FileHandle } | undefined;
  #pending: LogLine[] = [];
  #marks = new Map<string, string>();
  /** Those of them that are in a file, with the lines before them. */
  #writtenMarks = new Map<string, string>();
  #newMarks = new Map<string, string>();
  #writing: Promise<void> = Promise.resolve();
  #lost: { lines: number; bytes: number; last: LogLine } | undefined;
  pendingBytes = 0;

  private constructor(key: LogKey, folder: string, segmentBytes: number) {
    this.key = key;
    this.#folder = folder;
    this.#segmentBytes = segmentBytes;
  }

  static async open(key: LogKey, folder: string, segmentBytes: number): Promise<ServiceLog> {
    const log = new ServiceLog(key, folder, segmentBytes);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await log.#recover();
    return log;
  }

  get segments(): readonly Segment[] {
    return this.#segments.filter(({ lines }) => lines > 0);
  }

  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes, this.pendingBytes);
  }

  get lastN(): number {
    return this.#pending.at(-1)?.n ?? this.#segments.at(-1)?.lastN ?? 0;
  }

  get lastMs(): number {
    return this.#pending.at(-1)?.t ?? this.#segments.at(-1)?.toMs ?? 0;
  }

  get oldestMs(): number | undefined {
    return this.segments[0]?.fromMs ?? this.#pending[0]?.t;
  }

  get containers(): Iterable<string> {
    return this.#marks.keys();
  }

  append(line: LogLine): void {
    this.#pending.push(line);
    this.pendingBytes += line.bytes.length;
  }

  /** How far a container was read: together with the lines appended before it, or not at all. */
  mark(container: string, position: string): void {
    if (this.#marks.get(container) === position) return;
    this.#marks.set(container, position);
    this.#newMarks.set(container, position);
  }

  markOf(container: string): string | undefined {
    return this.#marks.get(container);
  }

  /** The container is gone and read to its end. */
  forget(container: string): void {
    this.#marks.delete(container);
    this.#writtenMarks.delete(container);
    this.#newMarks.delete(container);
  }

  /** Resolves when everything appended before the call is in a file. */
  flush(): Promise<void> {
    if (this.#pending.length === 0 && this.#newMarks.size === 0) return this.#writing;
    const write = this.#writing.then(() => this.#write());
    // A failed write keeps its lines for the next one; who waits hears of it.
    this.#writing = write.catch(() => undefined);
    return write;
  }

  /** Gives up its oldest segment; false where there is none but an empty one. */
  async dropOldest(): Promise<boolean> {
    const isOnly = this.#segments.length === 1;
    if (isOnly) await this.#complete();
    const oldest = this.#segments[0];
    if (!oldest) return false;
    this.#segments.shift();
    await rm(oldest.path, { force: true });
    return true;
  }

  async close(): Promise<void> {
    await this.flush().catch(() => undefined);
    await this.#active?.file.close().catch(() => undefined);
    this.#active = undefined;
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #write(): Promise<void> {
    if (this.#pending.length === 0 && this.#newMarks.size === 0) return;
    if (this.#active && this.#active.segment.bytes >= this.#segmentBytes) await this.#complete();
    const lines = this.#pending;
    const marks = this.#newMarks;
    this.#pending = [];
    this.#newMarks = new Map();
    const written = this.#lost ? [gapOf(this.key, this.#lost), ...lines] : lines;
    const tail = encodeMark(marks);
    const block = Buffer.concat([...written.map(({ bytes }) => bytes), tail]);
    try {
      this.#active ??= await this.#begin(written[0]?.n ?? this.lastN + 1);
      await writeAll(this.#active.file, block, this.#active.segment.bytes);
    } catch (error) {
      this.#pending = [...lines, ...this.#pending];
      this.#newMarks = new Map([...marks, ...this.#newMarks]);
      this.#loseOldest();
      throw error;
    }
    this.#lost = undefined;
    for (const [container, position] of marks) if (this.#marks.has(container)) this.#writtenMarks.set(container, position);
    this.pendingBytes -= lines.reduce((sum, { bytes }) => sum + bytes.length, 0);
    grow(this.#active.segment, written, block.length);
  }

  /** Memory is for programs: what cannot be written is given up, and told once there is room. */
  #loseOldest(): void {
    let count = 0;
    for (const line of this.#pending) {
      if (this.pendingBytes <= MOST_UNWRITTEN_BYTES) break;
      this.#lost = {
        lines: (this.#lost?.lines ?? 0) + 1,
        bytes: (this.#lost?.bytes ?? 0) + line.bytes.length,
        last: line,
      };
      this.pendingBytes -= line.bytes.length;
      count++;
    }
    this.#pending = this.#pending.slice(count);
  }

  async #begin(firstN: number): Promise<{ segment: Segment; file: FileHandle }> {
    const path = join(this.#folder, `${firstN}.active`);
    const file = await open(path, 'w', 0o600);
    const segment = emptySegment(path, firstN);
    const head = encodeMark(this.#writtenMarks);
    await writeAll(file, head, 0);
    segment.bytes = head.length;
    this.#segments.push(segment);
    return { segment, file };
  }

  async #complete(): Promise<void> {
    const active = this.#active;
    if (!active) return;
    this.#active = undefined;
    await active.file.close();
    const { segment } = active;
    if (segment.lines === 0) {
      await rm(segment.path, { force: true });
      this.#segments = this.#segments.filter((one) => one !== segment);
      return;
    }
    const path = join(this.#folder, nameOf(segment));
    await rename(segment.path, path);
    segment.path = path;
  }

  async #recover(): Promise<void> {
    const names = await readdir(this.#folder);
    for (const name of names) {
      const parts = COMPLETE.exec(name)?.slice(1).map(Number);
      const path = join(this.#folder, name);
      if (!parts) continue;
      const [firstN = 0, lastN = 0, fromMs = 0, toMs = 0, lines = 0] = parts;
      this.#segments.push({ path, bytes: (await stat(path)).size, firstN, lastN, fromMs, toMs, lines });
    }
    const begun = names.filter((name) => ACTIVE.test(name)).sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
    for (const name of begun) await this.#recoverActive(join(this.#folder, name));
    this.#segments.sort((a, b) => a.firstN - b.firstN);
    // Also where all was written in order: the newest complete one holds marks, and nothing was begun after it.
    const newest = this.#segments.at(-1);
    if (newest && begun.length === 0) this.#readMarks(await readFile(newest.path));
    this.#writtenMarks = new Map(this.#marks);
  }

  async #recoverActive(path: string): Promise<void> {
    const found = await readFile(path);
    const end = endOfLastMark(found);
    const bytes = found.subarray(0, end);
    if (end < found.length) await truncate(path, end);
    if (end === 0) return rm(path, { force: true });
    this.#readMarks(bytes);
    const segment = emptySegment(path, Number.parseInt(basename(path), 10));
    const lines = linesIn(bytes, this.key);
    grow(segment, lines, end);
    if (this.#active) await this.#complete();
    this.#segments.push(segment);
    this.#active = { segment, file: await open(path, 'r+') };
  }

  #readMarks(bytes: Buffer): void {
    for (const { at, marks } of marksIn(bytes)) {
      if (at === 0) this.#marks.clear();
      for (const [container, position] of Object.entries(marks)) this.#marks.set(container, position);
    }
  }
}

const emptySegment = (path: string, firstN: number): Segment => ({
  path,
  bytes: 0,
  firstN,
  lastN: 0,
  fromMs: Number.POSITIVE_INFINITY,
  toMs: 0,
  lines: 0,
});

const nameOf = ({ firstN, lastN, fromMs, toMs, lines }: Segment): string => `${firstN}-${lastN}-${fromMs}-${toMs}-${lines}.log`;

function grow(segment: Segment, lines: readonly LogLine[], bytes: number): void {
  segment.bytes += bytes;
  if (segment.lines === 0 && lines[0]) segment.firstN = lines[0].n;
  segment.lines += lines.length;
  for (const { n, t } of lines) {
    segment.lastN = n;
    if (t < segment.fromMs) segment.fromMs = t;
    if (t > segment.toMs) segment.toMs = t;
  }
}

const gapOf = (key: LogKey, { lines, bytes, last }: { lines: number; bytes: number; last: LogLine }): LogLine =>
  encodeLine(last.n, last.t, key, { o: 'gap', lines, bytes, why: 'not-kept' });

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; )
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}
