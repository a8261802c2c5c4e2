'use client';
import type { DeviceView } from '../live/device-view.ts';
/** The line of a tile that other features write: a question of the agent covers what it says it does. */
import { usePanes } from '../live/panes.tsx';

const CAPTION_PX = 22;
const ASK_PX = 46;

export function TileWords({ view }: { view: DeviceView }) {
  const { caption: Caption, ask: Ask } = usePanes();
  const work = view.status.value?.work;
  if (!work) return null;
  if (work.asks.length > 0) return <Ask device={view.name} />;
  return work.caption ? (
    <div className="pointer-events-none shrink-0 px-3 pt-0.5">
      <Caption device={view.name} />
    </div>
  ) : null;
}

/** The room it takes, so that rows above it are not cut. */
export function wordsHeight(view: DeviceView): number {
  const work = view.status.value?.work;
  return !work ? 0 : work.asks.length > 0 ? ASK_PX : work.caption ? CAPTION_PX : 0;
}
