'use client';
import { useHub } from '../live/use-wall.ts';
import { StatusShape } from '../ui/status-shape.tsx';

const WORDS = { connecting: 'Connecting', live: 'Hub live', lost: 'Hub lost' } as const;
const SHAPES = { connecting: 'not-seen', live: 'running', lost: 'offline' } as const;

/** Whether this browser hears the hub, and how far away it is. */
export function HubChip() {
  const hub = useHub();
  const trip = hub.phase === 'live' && hub.roundTripMs !== undefined ? `${hub.roundTripMs} ms` : '';
  return (
    <p
      className="flex items-center gap-1.5 text-13 whitespace-nowrap text-muted [--shape-cut:var(--bg)]"
      title={trip && `${trip} to the hub and back`}
    >
      <StatusShape health={SHAPES[hub.phase]} size={14} />
      <span className="max-md:sr-only">{WORDS[hub.phase]}</span>
      {trip ? <span className="max-xl:hidden">· {trip}</span> : null}
    </p>
  );
}
