/** Which of the kept lines are shown, in words of a filter. Pure. */
import type { Level } from './level.ts';
import type { LogLine } from './log-line.ts';
import type { Query } from './query.ts';

export const LEVEL_FILTERS = {
  all: 'All levels',
  'no-debug': 'No debug',
  warn: 'Warnings and errors',
  error: 'Errors',
} as const;
export type LevelFilter = keyof typeof LEVEL_FILTERS;

const SHOWN: Readonly<Record<Exclude<LevelFilter, 'all'>, (level: Level | undefined) => boolean>> = {
  'no-debug': (level) => level !== 'debug',
  warn: (level) => level === 'warn' || level === 'error',
  error: (level) => level === 'error',
};

/** What we say about lines (events, gaps) stays: without it a filter would lie about time. */
export function shownLines(lines: readonly LogLine[], filter: LevelFilter): readonly LogLine[] {
  if (filter === 'all') return lines;
  const isShown = SHOWN[filter];
  return lines.filter((line) => !line.isText || isShown(line.level));
}

/** Index of the next line that matches, from `from` in this direction and around the end; -1: none. */
export function nextMatch(lines: readonly LogLine[], query: Query, from: number, step: 1 | -1): number {
  for (let passed = 1; passed <= lines.length; passed++) {
    const at = (((from + passed * step) % lines.length) + lines.length) % lines.length;
    if (lines[at]!.isText && lines[at]!.matches(query)) return at;
  }
  return -1;
}

export const countMatches = (lines: readonly LogLine[], query: Query): number =>
  lines.reduce((count, line) => count + (line.isText && line.matches(query) ? 1 : 0), 0);
