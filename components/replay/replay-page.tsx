'use client';
/** A recording, played: what was on the screen, the line of time under it, and chapters beside it. */
import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { displayName } from '#contracts/device.ts';
import { api } from '../live/api-client.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import { PageShell } from '../ui/page-shell.tsx';
import { toast } from '../ui/toast.tsx';
import { clock, duration, since } from '../ui/words.ts';
import { findIn } from './cast.ts';
import { Chapters } from './chapters.tsx';
import { ReplayControls } from './replay-controls.tsx';
import { nextSpeed, type ReplayAction } from './replay-keys.ts';
import { targetWords } from './target-words.ts';
import { activity, chaptersOf, neighbourOf, playTime, typedBy } from './timeline.ts';
import { usePlayback } from './use-playback.ts';
import { useReplayKeys } from './use-replay-keys.ts';
import { useTrack } from './use-track.ts';

const BARS = 200;

export function ReplayPage({ id, startAt }: { id: string; startAt: number }) {
  const { data: recording, error } = useQuery({
    queryKey: ['recording', id],
    queryFn: ({ signal }) => api.recording(id, signal),
  });
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const { track, text, error: contentError, unreadable } = useTrack(recording, box, canvas);
  const playback = usePlayback(track, startAt);
  const [search, setSearch] = useState('');
  const lengthS = track?.lengthS ?? 0;
  const hits = useMemo(() => (text ? findIn(text, search) : { times: [], more: false }), [text, search]);
  const bars = useMemo(() => (track ? activity(track.times, track.lengthS, BARS) : []), [track]);
  const chapters = useMemo(() => (recording && track ? chaptersOf(recording, track.lengthS) : []), [recording, track]);
  const { t, seek } = playback;

  function act(action: ReplayAction) {
    const go = (to: number | undefined) => (to === undefined ? undefined : seek(to));
    switch (action.kind) {
      case 'toggle':
        return playback.toggle();
      case 'by':
        return seek(t + (action.seconds ?? 0) + (action.share ?? 0) * lengthS);
      case 'to':
        return seek(action.share * lengthS);
      case 'frame':
        return go(neighbourOf(track?.times ?? [], t, action.step, 0.001));
      case 'speed':
        return playback.setSpeed(nextSpeed(playback.speed, action.step));
      case 'idle':
        return playback.toggleIdle();
      case 'chapter':
        return go(
          neighbourOf(
            chapters.map((one) => one.t),
            t,
            action.step,
          ),
        );
      case 'copy':
        return void copyLink(id, t);
      case 'search':
        return field.current?.focus();
    }
  }
  useReplayKeys(act);

  return (
    <PageShell
      back={{ href: '/recordings', label: 'Recordings' }}
      width="full"
      title={recording ? `${displayName(recording.device)} · ${targetWords(recording)}` : 'Recording'}
      note={
        recording ? (
          <>
            {spanWords(recording)}
            {typedBy(recording).map(({ name, ms }) => ` · typed by ${name} ${ms < 60_000 ? 'under 1 min' : duration(ms)}`)}
            {recording.truncated ? ' · reached its limit and stops early' : null}
          </>
        ) : null
      }
    >
      {error ? <ErrorNote error={error} /> : null}
      {contentError ? (
        <ErrorNote fact="The recording could not be read." effect="No device is affected. Reload the page to try again." />
      ) : null}
      {unreadable ? (
        <ErrorNote fact="There is nothing to show in this recording." effect="No device is affected. Choose another one." />
      ) : null}
      <div className="flex flex-wrap gap-4">
        <div className="flex min-w-0 flex-1 basis-[36rem] flex-col gap-2">
          <div className="flex h-[min(100dvh-17.5rem,52rem)] min-h-72 max-md:h-[45dvh] items-center justify-center overflow-hidden rounded-tile bg-term p-2">
            {recording?.kind === 'screen' ? (
              <canvas ref={canvas} role="img" aria-label="What the screen showed" className="size-full object-contain" />
            ) : (
              <div ref={box} data-terminal-screen className="size-full overflow-auto" />
            )}
          </div>
          <ReplayControls
            playback={playback}
            lengthS={lengthS}
            bars={bars}
            chapters={chapters}
            search={text ? { text: search, onChange: setSearch, hits, field } : undefined}
            act={act}
          />
        </div>
        <Chapters chapters={chapters} t={t} onSeek={seek} />
      </div>
    </PageShell>
  );
}

/** `20:00–20:12`, or `20:00` where it was over in that minute. */
function spanWords({ startedAt, endedAt }: { startedAt: string; endedAt: string }): string {
  const [from, to] = [since(Date.parse(startedAt), Date.now()), clock(Date.parse(endedAt))];
  return from.endsWith(to) ? from : `${from}–${to}`;
}

async function copyLink(id: string, t: number): Promise<void> {
  const url = `${window.location.origin}/r/${id}?t=${Math.ceil(t * 10) / 10}`;
  try {
    await navigator.clipboard.writeText(url);
    toast({ title: `Copied the link at ${playTime(t)}.` });
  } catch {
    toast({ title: 'Your browser blocks copying here.', text: url });
  }
}
