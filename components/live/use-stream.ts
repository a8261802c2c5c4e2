'use client';
/**
 * useStream keeps one session open while its component is on a page somebody sees: a tab that stays hidden closes it politely and
 * asks again when it is looked at. `key` names what is asked for; another key is another session. undefined: none.
 */
import { useEffect, useRef, useState } from 'react';
import { type StreamPhase, StreamViewer, type StreamViewerOptions } from './stream-viewer.ts';
import { useLink } from './use-wall.ts';

/** Somebody who looks at another tab for a moment comes back to what was there. */
const HIDDEN_MS = 15_000;

export type StreamOptions = Omit<StreamViewerOptions, 'onPhase'>;

export function useStream(
  key: string | undefined,
  make: () => StreamOptions,
): { phase: StreamPhase; viewer: () => StreamViewer | undefined } {
  const link = useLink();
  const seen = useSeen();
  const [phase, setPhase] = useState<StreamPhase>({ kind: 'asking' });
  const viewer = useRef<StreamViewer>(undefined);
  const latest = useRef({ make, link });
  latest.current = { make, link };

  useEffect(() => {
    if (key === undefined || !seen) return;
    const one = new StreamViewer({ ...latest.current.make(), onPhase: setPhase });
    viewer.current = one;
    setPhase({ kind: 'asking' });
    one.setLink(latest.current.link);
    return () => {
      one.close();
      viewer.current = undefined;
    };
  }, [key, seen]);

  useEffect(() => viewer.current?.setLink(link), [link]);

  return { phase, viewer: () => viewer.current };
}

/** False once the tab has been hidden for a while. */
export function useSeen(): boolean {
  const [seen, setSeen] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      if (document.visibilityState === 'visible') setSeen(true);
      else timer = setTimeout(() => setSeen(false), HIDDEN_MS);
    };
    document.addEventListener('visibilitychange', look);
    look();
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, []);
  return seen;
}
