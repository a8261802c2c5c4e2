'use client';
/** One device calls another: for a moment a wedge at the caller's frame and a dot on the called one. Nothing at rest. */
import { displayName } from '#contracts/device-words.ts';
import { useGlancesOn } from '../live/glances-setting.ts';
import { tileInSight } from '../live/tile-box.ts';
import { useFreshEvents } from '../live/use-fresh-events.ts';
import { useMoments } from '../live/use-moments.ts';
import { glanceAt, glanceFrom, type Point } from './glance.ts';

const SHOWN_MS = 1_200;
const MOST = 12;

interface Glance {
  id: string;
  words: string;
  from: Point;
  at: Point;
}

export function Glances() {
  const [glances, show] = useMoments<Glance>(SHOWN_MS, MOST);
  useFreshEvents('call', useGlancesOn(), ({ device, at, to }) => {
    const from = tileInSight(device);
    const called = to && tileInSight(to);
    if (from && called)
      show({
        id: `${device} ${at}`,
        words: `→ ${displayName(to)}`,
        from: glanceFrom(from, called),
        at: glanceAt(from, called),
      });
  });
  return (
    <div aria-hidden className="pointer-events-none fixed inset-0 z-30" data-glances={glances.length}>
      {glances.map(({ id, words, from, at }) => (
        <div key={id} className="glance">
          <span className="glance-wedge" style={{ left: from.x, top: from.y, rotate: `${from.degrees}deg` }} />
          <span className="glance-dot" style={{ left: at.x, top: at.y }} />
          <span className="glance-words" style={{ left: from.x, top: from.y }}>
            {words}
          </span>
        </div>
      ))}
    </div>
  );
}
