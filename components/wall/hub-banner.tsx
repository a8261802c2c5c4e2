'use client';
import type { HubState } from '../live/hub-state.ts';
import { useHub, useLive, useNow } from '../live/use-wall.ts';
import { Button } from '../ui/button.tsx';
import { StatusShape } from '../ui/status-shape.tsx';
import { clockWithSeconds } from '../ui/words.ts';

/** Shorter losses are over before they could be read. */
const QUIET_MS = 1_500;

export function HubBanner() {
  const hub = useHub();
  // There from the start and marked as live, so that it is heard also while an open tile hides the wall from readers.
  return (
    <div role="alert" aria-live="assertive">
      {hub.phase === 'lost' ? <Lost hub={hub} /> : null}
    </div>
  );
}

function Lost({ hub }: { hub: Extract<HubState, { phase: 'lost' }> }) {
  const now = useNow(500);
  const { feed } = useLive();
  if (now - hub.sinceMs < QUIET_MS) return null;
  const seconds = hub.retryAtMs === undefined ? 0 : Math.max(0, Math.ceil((hub.retryAtMs - now) / 1_000));
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-st-attention bg-raised px-4 py-2 [--shape-cut:var(--raised)]">
      <StatusShape health="offline" />
      <p className="min-w-0 flex-1 basis-72">
        <strong className="font-semibold">
          {hub.reason === 'bus' ? 'The message bus is not answering' : 'No connection to the hub'} since{' '}
          {clockWithSeconds(hub.sinceMs)}.
        </strong>{' '}
        <span className="text-muted">
          {hub.reason === 'bus' ? 'The wall is blind, devices keep working.' : 'What you see is old; devices are not affected.'}{' '}
          <span aria-hidden="true">{seconds > 0 ? `Trying again in ${seconds} s.` : 'Trying now.'}</span>
        </span>
      </p>
      <Button onClick={() => feed()?.retryNow()}>Now</Button>
    </div>
  );
}
