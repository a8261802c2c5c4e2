/**
 * Reads what is stored, of one or of many services merged by time. First backwards, to find where the lines asked for begin; then
 * forwards from there, at the pace of whoever reads, so that memory stays small however long the history is.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { LineMatch } from './line-match.ts';
import { encodeLine, type LogKey, type LogLine, linesIn } from './log-line.ts';
import type { LogStore } from './log-store.ts';
import { Pacer } from './pacer.ts';
import type { Segment } from './service-log.ts';

export interface HistoryQuery {
  keys: readonly LogKey[];
  /** The newest so many. */
  limit: number;
  /** Numbers below this. */
  beforeN: number;
  sinceMs?: number | undefined;
  untilMs?: number | undefined;
  match?: LineMatch | undefined;
}

export interface Progress {
  scanned: number;
  matched: number;
}

/** What was found going backwards is kept up to here, so that a small history is read once. */
const KEPT_BYTES = 1024 * 1024;
const BATCH = 200;

interface Source {
  key: LogKey;
  /** In the order they are read. */
  segments: Segment[];
  lines: LogLine[];
  at: number;
  /** Of the line at hand; never goes against the order within a source, whatever the device's clock did. */
  ms: number;
}

export class History {
  readonly #store: LogStore;
  readonly #query: HistoryQuery;
  readonly #signal: AbortSignal;
  readonly #pacer = new Pacer();
  readonly progress: Progress = { scanned: 0, matched: 0 };
  onProgress: (progress: Progress) => void = () => undefined;

  constructor(store: LogStore, query: HistoryQuery, signal: AbortSignal) {
    this.#store = store;
    this.#query = query;
    this.#signal = signal;
  }

  /** Batches of lines, oldest first. */
  async *read(): AsyncIterable<LogLine[]> {
    const { limit, beforeN } = this.#query;
    await this.#store.flush();
    const { kept, starts } = await this.#findStart(limit);
    if (kept) {
      for (let start = 0; start < kept.length; start += BATCH) yield kept.slice(start, start + BATCH);
      return;
    }
    yield* this.#forwards(starts, beforeN, limit);
  }

  /** From this number on, at most `limit` lines. */
  async *readFrom(n: number, limit: number, beforeN: number): AsyncIterable<LogLine[]> {
    await this.#store.flush();
    yield* this.#forwards(new Map(this.#query.keys.map((key) => [key, n])), beforeN, limit);
  }

  async #findStart(limit: number): Promise<{ kept: LogLine[] | undefined; starts: Map<LogKey, number> }> {
    const sources = this.#open(-1, 0, this.#query.beforeN);
    const starts = new Map<LogKey, number>();
    let kept: LogLine[] | undefined = [];
    let keptBytes = 0;
    for (const source of sources) await this.#load(source, -1, 0, this.#query.beforeN);
    for (let count = 0; count < limit && !this.#signal.aborted; count++) {
      const source = newest(sources);
      if (!source) break;
      const line = source.lines[source.at]!;
      starts.set(source.key, line.n);
      keptBytes += line.bytes.length;
      if (keptBytes > KEPT_BYTES) kept = undefined;
      // A copy, or it would hold on to its whole segment.
      kept?.push({ ...line, bytes: Buffer.from(line.bytes) });
      await this.#advance(source, -1, 0, this.#query.beforeN);
      if (this.#pacer.due) await this.#pacer.rest();
    }
    return { kept: kept?.reverse(), starts };
  }

  async *#forwards(starts: ReadonlyMap<LogKey, number>, beforeN: number, limit: number): AsyncIterable<LogLine[]> {
    const sources = this.#open(1, 0, beforeN).filter(({ key }) => starts.has(key));
    for (const source of sources) {
      source.segments = source.segments.filter(({ lastN }) => lastN >= starts.get(source.key)!);
      await this.#load(source, 1, starts.get(source.key)!, beforeN);
    }
    let batch: LogLine[] = [];
    for (let count = 0; count < limit && !this.#signal.aborted; count++) {
      const source = oldest(sources);
      if (!source) break;
      batch.push(source.lines[source.at]!);
      if (batch.length >= BATCH) {
        yield batch;
        batch = [];
      }
      await this.#advance(source, 1, starts.get(source.key)!, beforeN);
      if (this.#pacer.due) await this.#pacer.rest();
    }
    if (batch.length > 0) yield batch;
  }

  #open(direction: 1 | -1, fromN: number, beforeN: number): Source[] {
    const { keys, sinceMs = 0, untilMs = Number.POSITIVE_INFINITY } = this.#query;
    return keys.flatMap((key) => {
      const segments = (this.#store.of(key)?.segments ?? []).filter(
        ({ firstN, lastN, fromMs, toMs }) => lastN >= fromN && firstN < beforeN && toMs >= sinceMs && fromMs <= untilMs,
      );
      if (direction < 0) segments.reverse();
      const ms = direction < 0 ? Number.POSITIVE_INFINITY : 0;
      return segments.length > 0 ? [{ key, segments, lines: [], at: 0, ms }] : [];
    });
  }

  async #advance(source: Source, direction: 1 | -1, fromN: number, beforeN: number): Promise<void> {
    source.at++;
    if (source.at < source.lines.length) setTime(source, direction);
    else await this.#load(source, direction, fromN, beforeN);
  }

  /** The next segment that holds something to see. */
  async #load(source: Source, direction: 1 | -1, fromN: number, beforeN: number): Promise<void> {
    const { sinceMs = 0, untilMs = Number.POSITIVE_INFINITY, match } = this.#query;
    source.lines = [];
    source.at = 0;
    for (let segment = source.segments.shift(); segment && !this.#signal.aborted; segment = source.segments.shift()) {
      if (match?.exhausted) return;
      if (this.#pacer.due) await this.#pacer.rest();
      const all = await readSegment(segment, source.key, direction > 0);
      const wanted = all.filter(({ n, t }) => n >= fromN && n < beforeN && t >= sinceMs && t <= untilMs);
      this.progress.scanned += wanted.length;
      const lines = match ? await match.filter(wanted, this.#pacer) : wanted;
      this.progress.matched += lines.length;
      this.onProgress(this.progress);
      if (lines.length === 0) continue;
      source.lines = direction < 0 ? lines.reverse() : lines;
      setTime(source, direction);
      return;
    }
  }
}

function setTime(source: Source, direction: 1 | -1): void {
  const { t } = source.lines[source.at]!;
  source.ms = direction < 0 ? Math.min(source.ms, t) : Math.max(source.ms, t);
}

const newest = (sources: readonly Source[]) => first(sources, (a, b) => a.ms > b.ms || (a.ms === b.ms && nOf(a) > nOf(b)));
const oldest = (sources: readonly Source[]) => first(sources, (a, b) => a.ms < b.ms || (a.ms === b.ms && nOf(a) < nOf(b)));
const nOf = (source: Source): number => source.lines[source.at]!.n;

function first(sources: readonly Source[], precedes: (a: Source, b: Source) => boolean): Source | undefined {
  let best: Source | undefined;
  for (const source of sources) {
    if (source.at < source.lines.length && (!best || precedes(source, best))) best = source;
  }
  return best;
}

/** A segment may be given its final name, or be given up, while somebody reads. */
async function readSegment(segment: Segment, key: LogKey, tellLoss: boolean): Promise<LogLine[]> {
  for (let tries = 0; tries < 3; tries++) {
    try {
      const bytes = await readFile(segment.path);
      return linesIn(bytes.subarray(0, segment.bytes), key);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      await delay(5);
    }
  }
  const { lastN, toMs, lines, bytes } = segment;
  return tellLoss ? [encodeLine(lastN, toMs, key, { o: 'gap', lines, bytes, why: 'not-kept' })] : [];
}
