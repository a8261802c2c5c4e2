'use client';
/** The content of a recording, on its screen. */
import { useQuery } from '@tanstack/react-query';
import { type RefObject, useEffect, useMemo, useState } from 'react';
import type { Recording } from '#contracts/recording.ts';
import { api } from '../live/api-client.ts';
import { askForProof } from '../live/proof.ts';
import { type CastText, parseCast, textOf } from './cast.ts';
import { parseLapse } from './lapse.ts';
import { LapseTrack, TerminalTrack, type Track } from './tracks.ts';

export interface LoadedTrack {
  track: Track | undefined;
  text: CastText | undefined;
  error: unknown;
  unreadable: boolean;
}

export function useTrack(
  recording: Recording | undefined,
  box: RefObject<HTMLElement | null>,
  canvas: RefObject<HTMLCanvasElement | null>,
): LoadedTrack {
  const id = recording?.id;
  const { data, error } = useQuery({
    queryKey: ['recording-content', id],
    enabled: id !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    // It may be large, and is read once.
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const read = () => fetch(api.recordingContentUrl(id!), { signal });
      let response = await read();
      // Refused to this person a moment ago, who may watch it: a proof is missing.
      if (response.status === 403 && (await askForProof())) response = await read();
      if (!response.ok) throw new Error('The recording could not be read.');
      return response.text();
    },
  });
  const kind = recording?.kind;
  const cast = useMemo(() => (kind === 'terminal' && data !== undefined ? parseCast(data) : undefined), [kind, data]);
  const recordedS = recording ? Math.max(0, Date.parse(recording.endedAt) - Date.parse(recording.startedAt)) / 1_000 : 0;
  const lapse = useMemo(
    () => (kind === 'screen' && data !== undefined ? parseLapse(data, recordedS) : undefined),
    [kind, data, recordedS],
  );
  const text = useMemo(() => cast && textOf(cast), [cast]);
  const [track, setTrack] = useState<Track>();

  useEffect(() => {
    let made: Track | undefined;
    let gone = false;
    const show = (next: Track) => {
      made = next;
      setTrack(next);
    };
    if (lapse && canvas.current) show(new LapseTrack(lapse, canvas.current));
    if (cast && box.current) {
      const element = box.current;
      void import('../terminal/xterm-screen.ts').then(async ({ XtermScreen, fontIsThere }) => {
        await fontIsThere();
        if (gone) return;
        const screen = new XtermScreen(element, {
          send: () => undefined,
          copy: () => undefined,
          onLink: () => undefined,
          onKey: () => true,
        });
        const fit = () => screen.scale('fit');
        const observer = new ResizeObserver(fit);
        observer.observe(element);
        screen.terminal.onResize(() => requestAnimationFrame(fit));
        const drawn = new TerminalTrack(cast, screen);
        show({
          lengthS: drawn.lengthS,
          times: drawn.times,
          seek: (t) => drawn.seek(t),
          dispose: () => {
            observer.disconnect();
            drawn.dispose();
          },
        });
        requestAnimationFrame(() => requestAnimationFrame(fit));
      });
    }
    return () => {
      gone = true;
      made?.dispose();
      setTrack(undefined);
    };
  }, [cast, lapse, box, canvas]);

  const unreadable = data !== undefined && !cast && !(lapse && lapse.times.length > 0);
  return { track, text, error, unreadable };
}
