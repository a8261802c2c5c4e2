'use client';
/** Under a replay: play, where it stands, how fast, search, and the link at this time. */
import { Pause, Play } from 'lucide-react';
import type { RefObject } from 'react';
import { Button, IconButton } from '../ui/button.tsx';
import { Field, Input, Select } from '../ui/field.tsx';
import { duration } from '../ui/words.ts';
import type { Hits } from './cast.ts';
import { type ReplayAction, SPEEDS } from './replay-keys.ts';
import { Scrubber } from './scrubber.tsx';
import { type Chapter, neighbourOf, nothingHappensFor, playTime } from './timeline.ts';
import type { Playback } from './use-playback.ts';

interface ReplayControlsProps {
  playback: Playback;
  lengthS: number;
  bars: readonly number[];
  chapters: readonly Chapter[];
  search: { text: string; onChange: (text: string) => void; hits: Hits; field: RefObject<HTMLInputElement | null> } | undefined;
  act: (action: ReplayAction) => void;
}

export function ReplayControls({ playback, lengthS, bars, chapters, search, act }: ReplayControlsProps) {
  const { t, playing, speed, skipsIdle, idle, seek, setSpeed, toggleIdle } = playback;
  const hits = search?.hits.times ?? [];
  const idleMs = nothingHappensFor(idle) * 1_000;
  const toHit = (step: 1 | -1) => {
    const hit = neighbourOf(hits, t, step, 0.001) ?? (step > 0 ? hits[0] : hits.at(-1));
    if (hit !== undefined) seek(hit);
  };
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-3">
        <IconButton label={playing ? 'Pause' : 'Play'} onClick={() => act({ kind: 'toggle' })}>
          {playing ? <Pause size={20} strokeWidth={1.75} /> : <Play size={20} strokeWidth={1.75} />}
        </IconButton>
        <span className="min-w-28 tabular-nums" data-replay-time="">
          {playTime(t)} / {playTime(lengthS)}
        </span>
        <Scrubber
          t={t}
          lengthS={lengthS}
          bars={bars}
          idle={skipsIdle ? idle : []}
          chapters={chapters}
          hits={hits}
          onSeek={seek}
        />
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <Field label="Speed" hideLabel>
          {(control) => (
            <Select {...control} value={speed} onChange={(event) => setSpeed(Number(event.target.value))}>
              {SPEEDS.map((one) => (
                <option key={one} value={one}>
                  {one}×
                </option>
              ))}
            </Select>
          )}
        </Field>
        <label className="flex min-h-9 items-center gap-2">
          <input type="checkbox" className="size-5 accent-accent" checked={skipsIdle} onChange={toggleIdle} />
          Skip pauses
          {idleMs >= 60_000 ? <span className="text-13 text-muted">({duration(idleMs)} in all)</span> : null}
        </label>
        {search ? (
          <search className="flex min-w-0 flex-1 basis-96 flex-wrap items-center gap-2 max-sm:basis-full">
            <Field label="Find in this recording" hideLabel className="min-w-0 flex-1 basis-40">
              {(control) => (
                <Input
                  {...control}
                  ref={search.field}
                  type="search"
                  placeholder="Find in this recording (/)"
                  value={search.text}
                  onChange={(event) => search.onChange(event.target.value)}
                  onKeyDown={(event) => {
                    if (event.key === 'Enter') toHit(event.shiftKey ? -1 : 1);
                    if (event.key === 'Escape') event.currentTarget.blur();
                  }}
                />
              )}
            </Field>
            <span role="status" className="min-w-16 text-13 text-muted tabular-nums">
              {search.text.trim() ? hitWords(search.text, search.hits) : null}
            </span>
            <Button look="quiet" disabled={hits.length === 0} onClick={() => toHit(-1)}>
              Hit before
            </Button>
            <Button look="quiet" disabled={hits.length === 0} onClick={() => toHit(1)}>
              Next hit
            </Button>
          </search>
        ) : (
          <span className="flex-1" />
        )}
        <Button onClick={() => act({ kind: 'copy' })}>Copy link at {playTime(t)}</Button>
      </div>
    </div>
  );
}

function hitWords(search: string, { times, more }: Hits): string {
  if (times.length === 0) return `No “${search.trim()}” in it.`;
  return more ? `More than ${times.length} hits` : `${times.length} ${times.length === 1 ? 'hit' : 'hits'}`;
}
