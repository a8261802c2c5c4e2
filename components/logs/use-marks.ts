'use client';
/** The marked lines: one, or from one to another. What is copied, and what a link leads to. */
import { useCallback, useMemo, useState } from 'react';
import type { LogLine } from './log-line.ts';

export interface Marks {
  /** The line marked last. */
  head: LogLine | undefined;
  range: readonly LogLine[];
  isMarked(line: LogLine, index: number): boolean;
  mark(line: LogLine | undefined, extend?: boolean): void;
}

export function useMarks(lines: readonly LogLine[]): Marks {
  const [ends, setEnds] = useState<{ anchor: LogLine; head: LogLine }>();
  const mark = useCallback((line: LogLine | undefined, extend = false) => {
    setEnds((before) => line && { anchor: extend && before ? before.anchor : line, head: line });
  }, []);
  const [from, to] = useMemo(() => {
    if (!ends) return [-1, -1];
    const places = [lines.indexOf(ends.anchor), lines.indexOf(ends.head)].filter((at) => at >= 0);
    return places.length === 0 ? [-1, -1] : [Math.min(...places), Math.max(...places)];
  }, [ends, lines]);
  return {
    head: ends?.head,
    range: from < 0 ? [] : lines.slice(from, to + 1),
    isMarked: (_, index) => index >= from && index <= to && from >= 0,
    mark,
  };
}
