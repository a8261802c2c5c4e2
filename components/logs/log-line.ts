/** One record on its way to the page. Runs, level and JSON are read when they are first asked for, and kept. */
import type { LogRecord } from '#contracts/stream/log.ts';
import { type Level, levelOf } from './level.ts';
import type { Query } from './query.ts';
import { plainText, type TextRun, toTextRuns } from './text-runs.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export class LogLine {
  readonly device: string;
  readonly record: LogRecord;
  #runs: readonly TextRun[] | undefined;
  #plain: string | undefined;
  #level: Level | 'none' | undefined;
  #json: JsonObject | null | undefined;
  #query: Query | undefined;
  #matches = false;

  constructor(device: string, record: LogRecord) {
    this.device = device;
    this.record = record;
  }

  /** A line of a service, and nothing we say about its lines. */
  get isText(): boolean {
    return this.record.o === 'out' || this.record.o === 'err';
  }

  /** Unique among the lines of its device. */
  get id(): number | string {
    const { o, n, t } = this.record;
    return this.isText ? n : `${o} ${n} ${t}`;
  }

  get key(): string {
    return `${this.device} ${this.id}`;
  }

  get runs(): readonly TextRun[] {
    this.#runs ??= 'x' in this.record ? toTextRuns(this.record.x) : [];
    return this.#runs;
  }

  /** As shown: without escape sequences, with what hides made visible. */
  get plain(): string {
    this.#plain ??= plainText(this.runs);
    return this.#plain;
  }

  get json(): JsonObject | undefined {
    if (this.#json === undefined) this.#json = this.isText ? parseObject(this.plain) : null;
    return this.#json ?? undefined;
  }

  get level(): Level | undefined {
    this.#level ??= (this.isText && levelOf(this.plain, this.json)) || 'none';
    return this.#level === 'none' ? undefined : this.#level;
  }

  /** Asked for every line at every change: the answer to the last query is kept. */
  matches(query: Query): boolean {
    if (this.#query !== query) {
      this.#query = query;
      this.#matches = query.test(this.plain);
    }
    return this.#matches;
  }
}

function parseObject(text: string): JsonObject | null {
  if (text.trimStart()[0] !== '{' || text.trimEnd().at(-1) !== '}') return null;
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return null;
  }
}
