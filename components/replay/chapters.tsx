'use client';
import { classNames } from '../ui/class-names.ts';
import { Panel } from '../ui/panel.tsx';
import { clock, zoned } from '../ui/words.ts';
import type { Chapter } from './timeline.ts';

interface ChaptersProps {
  chapters: readonly Chapter[];
  t: number;
  onSeek: (t: number) => void;
}

/** Who took control when; a press goes there. */
export function Chapters({ chapters, t, onSeek }: ChaptersProps) {
  const current = chapters.findLast((one) => one.t <= t + 0.01);
  return (
    <Panel title="Chapters" className="basis-72 self-start max-lg:grow">
      {chapters.length === 0 ? <p className="text-muted">Nobody took control.</p> : null}
      <ol className="flex flex-col">
        {chapters.map((one) => (
          <li key={`${one.t} ${one.words}`}>
            <button
              type="button"
              aria-current={one === current ? 'true' : undefined}
              onClick={() => onSeek(one.t)}
              className={classNames(
                'flex min-h-9 touch:min-h-11 w-full items-center gap-3 rounded-ctl px-2 text-left hover:bg-raised',
                one === current && 'font-semibold',
              )}
            >
              <time dateTime={new Date(one.atMs).toISOString()} title={zoned(one.atMs)} className="text-muted tabular-nums">
                {clock(one.atMs)}
              </time>
              {one.words}
            </button>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
