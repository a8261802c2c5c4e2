'use client';
/** The clock of a replay: where it stands, whether it runs, how fast, and over which pauses. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { idleSpans, overIdle, type Span } from './timeline.ts';
import type { Track } from './tracks.ts';

export interface Playback {
  t: number;
  playing: boolean;
  speed: number;
  skipsIdle: boolean;
  idle: readonly Span[];
  seek(t: number): void;
  toggle(): void;
  setSpeed(speed: number): void;
  toggleIdle(): void;
}

export function usePlayback(track: Track | undefined, startAt: number): Playback {
  const [t, setT] = useState(startAt);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  const [skipsIdle, setSkipsIdle] = useState(true);
  const idle = useMemo(() => (track ? idleSpans(track.times, track.lengthS) : []), [track]);
  const at = useRef(startAt);
  const length = track?.lengthS ?? 0;

  const seek = useCallback(
    (next: number) => {
      // A key that comes before the recording must not lose where a link wants to start.
      if (!track) return;
      at.current = Math.min(length, Math.max(0, next));
      setT(at.current);
      track.seek(at.current);
    },
    [track, length],
  );

  useEffect(() => {
    if (track) seek(at.current);
  }, [track, seek]);

  useEffect(() => {
    if (!playing) return;
    let before = performance.now();
    let frame = requestAnimationFrame(function step(now) {
      const next = at.current + ((now - before) / 1_000) * speed;
      before = now;
      seek(skipsIdle ? overIdle(next, idle) : next);
      if (at.current >= length) setPlaying(false);
      else frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [playing, speed, skipsIdle, idle, length, seek]);

  const toggle = useCallback(() => {
    setPlaying((running) => {
      if (!running && at.current >= length) at.current = 0;
      return !running && length > 0;
    });
  }, [length]);

  return { t, playing, speed, skipsIdle, idle, seek, toggle, setSpeed, toggleIdle: () => setSkipsIdle((on) => !on) };
}
