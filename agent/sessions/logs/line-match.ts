/**
 * Finds the lines that a search asks for. A regular expression of a stranger may take for ever on one line: it runs under a
 * watch that stops it after some milliseconds, and a search as a whole ends after a bounded time.
 */
import { createContext, Script } from 'node:vm';
import type { LogRequest } from '#contracts/stream/log.ts';
import { StreamRefusal } from '#contracts/stream/session.ts';
import { type LogLine, recordOf } from './log-line.ts';
import { Pacer } from './pacer.ts';

/** One run of the expression over some lines. */
const RUN_MS = 15;
const RUN_LINES = 100;
/** A machine that is busy may let a harmless line wait that long; not so often in a row. */
const TRIES = 4;
/** Processor time of a search as a whole. */
const SEARCH_MS = 20_000;
const ESCAPES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one.
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

export class SearchTooSlow extends Error {
  override readonly name = 'SearchTooSlow';
}

type Matches = (texts: readonly string[]) => boolean[];

export class LineMatch {
  readonly #matches: Matches;
  #spentMs = 0;

  /** @throws StreamRefusal where the pattern is none. */
  constructor({ pattern, regex, caseSensitive }: NonNullable<LogRequest['search']>) {
    this.#matches = regex ? byExpression(compile(pattern, caseSensitive)) : byText(pattern, caseSensitive);
  }

  /** True: it took as long as a search may. */
  get exhausted(): boolean {
    return this.#spentMs > SEARCH_MS;
  }

  async filter(lines: readonly LogLine[], pacer = new Pacer()): Promise<LogLine[]> {
    const found: LogLine[] = [];
    for (let start = 0; start < lines.length && !this.exhausted; start += RUN_LINES) {
      if (pacer.due) await pacer.rest();
      const from = performance.now();
      const some = lines.slice(start, start + RUN_LINES);
      const matches = this.#matches(some.map(textOf));
      for (const [index, line] of some.entries()) if (matches[index]) found.push(line);
      this.#spentMs += performance.now() - from;
    }
    return found;
  }
}

/** Of a gap there is nothing to find. */
function textOf(line: LogLine): string {
  const record = recordOf(line);
  if (record.o === 'gap') return '';
  return record.x.includes('\u001b') ? record.x.replace(ESCAPES, '') : record.x;
}

function byText(pattern: string, caseSensitive: boolean): Matches {
  if (caseSensitive) return (texts) => texts.map((text) => text.includes(pattern));
  const lower = pattern.toLowerCase();
  return (texts) => texts.map((text) => text.toLowerCase().includes(lower));
}

function compile(pattern: string, caseSensitive: boolean): RegExp {
  try {
    return new RegExp(pattern, caseSensitive ? '' : 'i');
  } catch (error) {
    const why = (error as Error).message.replace(/^Invalid regular expression: /, '');
    throw new StreamRefusal('bad-request', `This is no regular expression: ${why}. Correct it, or search for plain text.`);
  }
}

const RUN = new Script('texts.map((text) => text !== "" && expression.test(text))');
let shared: { texts: readonly string[]; expression: RegExp } | undefined;

function byExpression(expression: RegExp): Matches {
  return (texts) => {
    shared ??= createContext(Object.assign(Object.create(null), { texts, expression })) as NonNullable<typeof shared>;
    Object.assign(shared, { texts, expression });
    try {
      return run();
    } catch (error) {
      if (!isTimeout(error)) throw error;
      // Perhaps there was only too much at once.
      return texts.map((text) => runOne(text));
    }
  };
}

function runOne(text: string): boolean {
  for (let tries = 1; ; tries++) {
    Object.assign(shared!, { texts: [text] });
    try {
      return run()[0] ?? false;
    } catch (error) {
      if (!isTimeout(error)) throw error;
      if (tries === TRIES)
        throw new SearchTooSlow(
          'The search was stopped: this expression takes too long on a line of the log. Repeats inside of repeats, such as (a+)+, do that; write it without.',
        );
    }
  }
}

const run = (): boolean[] => RUN.runInContext(shared!, { timeout: RUN_MS }) as boolean[];
const isTimeout = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
