'use client';
import type { ReactNode } from 'react';
import { displayName } from '#contracts/device-words.ts';
import type { DeviceView } from '../live/device-view.ts';
import { useNow } from '../live/use-wall.ts';
import { age, since } from '../ui/words.ts';
import { offlineSince } from './trouble.ts';

const MINUTE_MS = 60_000;

/** Over the last picture of a device that is away: since when, how old the picture is, and what we may still believe. */
export function AwayNotice({ view, pictureAtMs }: { view: DeviceView; pictureAtMs?: number | undefined }) {
  const now = useNow(view.health === 'offline' ? 1_000 : MINUTE_MS);
  if (view.health === 'not-seen')
    return (
      <Notice fact={`Waiting for the first hello from ${displayName(view.name)}.`}>
        Start its agent with the file you made for it.
      </Notice>
    );
  if (view.device.value?.standing === 'kept-out')
    return <Notice fact="Kept out.">Nothing is sent to it, and nothing it says is believed.</Notice>;
  return (
    <Notice fact={`Offline since ${since(offlineSince(view) ?? now, now)}.`}>
      {pictureAtMs === undefined
        ? view.receivedAtMs === undefined
          ? ''
          : `Last report ${age(now - view.receivedAtMs)} old. `
        : `Last picture ${age(now - pictureAtMs)} old. `}
      Its services keep running as far as we know.
    </Notice>
  );
}

function Notice({ fact, children }: { fact: string; children: ReactNode }) {
  return (
    <div className="hatch pointer-events-none absolute inset-0 flex items-end">
      <p className="w-full bg-surface/90 px-3 py-1.5 text-15">
        <strong className="font-semibold">{fact}</strong> <span className="text-13 text-muted">{children}</span>
      </p>
    </div>
  );
}
