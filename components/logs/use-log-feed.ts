'use client';
/** useLogFeed reads what `query` asks for while somebody looks; another query begins an empty book. */
import { useEffect, useRef, useState } from 'react';
import { useSeen } from '../live/use-stream.ts';
import { useLink } from '../live/use-wall.ts';
import { type FeedState, LogFeed, type LogQuery } from './log-feed.ts';

const EMPTY: FeedState = { lines: [], dropped: 0, taken: 0, devices: [] };

export function useLogFeed(query: LogQuery): FeedState & { retry(): void } {
  const link = useLink();
  const seen = useSeen();
  const key = JSON.stringify(query);
  const feed = useRef<{ key: string; feed: LogFeed }>(undefined);
  const [held, setHeld] = useState<{ key: string; state: FeedState }>({ key, state: EMPTY });
  const latest = useRef({ query, link });
  latest.current = { query, link };

  useEffect(() => {
    if (!seen) return;
    // The same question after a hidden time goes on where it was.
    const kept = feed.current?.key === key ? feed.current.feed : undefined;
    const one: LogFeed = kept ?? new LogFeed(latest.current.query, () => setHeld({ key, state: one.state }));
    feed.current = { key, feed: one };
    one.open(latest.current.link);
    return () => one.close();
  }, [key, seen]);

  useEffect(() => feed.current?.feed.setLink(link), [link]);

  return { ...(held.key === key ? held.state : EMPTY), retry: () => feed.current?.feed.retry() };
}
