'use client';
/** A device has made itself a new key: its frame lights up for a moment, so that a renewal of all is seen travelling over the wall. */
import { type Box, tileInSight } from '../live/tile-box.ts';
import { useFreshEvents } from '../live/use-fresh-events.ts';
import { useMoments } from '../live/use-moments.ts';

const SHOWN_MS = 1_600;
const MOST = 64;

export function Renewals() {
  const [shown, show] = useMoments<{ id: string; box: Box }>(SHOWN_MS, MOST);
  useFreshEvents('identity-rotated', true, ({ device, at }) => {
    const box = tileInSight(device);
    if (box) show({ id: `${device} ${at}`, box });
  });
  return (
    <div aria-hidden className="pointer-events-none fixed inset-0 z-30" data-renewals={shown.length}>
      {shown.map(({ id, box: { left, top, width, height } }) => (
        <div key={id} className="renewal" style={{ left, top, width, height }}>
          <span className="renewal-words">new key</span>
        </div>
      ))}
    </div>
  );
}
