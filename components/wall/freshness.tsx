'use client';
/** How fresh a tile is, in a word; an age is shown, and ticks, only where there is one to worry about. */
import { FRESHNESS_WORDS } from '#contracts/health.ts';
import type { DeviceView } from '../live/device-view.ts';
import { useNow } from '../live/use-wall.ts';
import { StatusShape } from '../ui/status-shape.tsx';
import { age, zoned } from '../ui/words.ts';

export function Freshness({ view, hubLost }: { view: DeviceView; hubLost: boolean }) {
  if (hubLost)
    return (
      <span className="text-text">
        {FRESHNESS_WORDS['hub-lost']}
        {view.receivedAtMs === undefined ? null : (
          <>
            , <Age atMs={view.receivedAtMs} /> old
          </>
        )}
      </span>
    );
  switch (view.freshness) {
    case 'live':
      return (
        <span title={view.receivedAtMs ? `Last report ${zoned(view.receivedAtMs)}` : undefined}>{FRESHNESS_WORDS.live}</span>
      );
    case 'late':
      return (
        <span className="inline-flex items-center gap-1.5 text-text" title="Its reports come later than every 30 s.">
          <StatusShape health="attention" size={14} />
          {FRESHNESS_WORDS.late}, <Age atMs={view.receivedAtMs ?? 0} /> ago
        </span>
      );
    case 'offline':
      return (
        <span>
          Last report <Age atMs={view.receivedAtMs ?? 0} /> old
        </span>
      );
    case 'not-seen':
      return <span>Waits for its first hello</span>;
  }
}

export function Age({ atMs }: { atMs: number }) {
  return <>{age(useNow() - atMs)}</>;
}
