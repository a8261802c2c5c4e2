'use client';
/** What somebody does to a view of logs: stand still, filter, look for something, go from find to find. */
import { useCallback, useMemo, useState } from 'react';
import type { FeedState } from './log-feed.ts';
import { type Query, type QueryText, toQuery } from './query.ts';
import { countMatches, type LevelFilter, nextMatch, shownLines } from './shown-lines.ts';

interface Still {
  lines: FeedState['lines'];
  taken: number;
}

export function useLogView(feed: FeedState) {
  const [still, setStill] = useState<Still>();
  const [level, setLevel] = useState<LevelFilter>('all');
  const [text, setText] = useState<QueryText>({ pattern: '', regex: false, caseSensitive: false });

  const kept = still?.lines ?? feed.lines;
  const lines = useMemo(() => shownLines(kept, level), [kept, level]);
  const read = useMemo(() => toQuery(text), [text]);
  const query: Query | undefined = read && 'test' in read ? read : undefined;
  const found = useMemo(() => (query ? countMatches(lines, query) : undefined), [lines, query]);

  const { lines: newest, taken } = feed;
  const stand = useCallback(() => setStill((before) => before ?? { lines: newest, taken }), [newest, taken]);
  const follow = useCallback(() => setStill(undefined), []);

  return {
    lines,
    following: !still,
    /** Lines that came since somebody stood still. */
    missed: still ? taken - still.taken : 0,
    stand,
    follow,
    level,
    setLevel,
    text,
    setText,
    query,
    error: read && 'error' in read ? read.error : undefined,
    found,
    next: (from: number, step: 1 | -1) => (query ? nextMatch(lines, query, from, step) : -1),
  };
}
