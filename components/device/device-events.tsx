'use client';
import { useQuery } from '@tanstack/react-query';
import { displayName } from '#contracts/device.ts';
import type { DeviceEvent } from '#contracts/event.ts';
import type { Health } from '#contracts/health.ts';
import { api } from '../live/api-client.ts';
import { useNow } from '../live/use-wall.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Panel } from '../ui/panel.tsx';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import { StatusShape } from '../ui/status-shape.tsx';
import { since, zoned } from '../ui/words.ts';
import { mergeEvents } from './merge-events.ts';

const CLOCK_MS = 60_000;
const SHAPES: Partial<Record<DeviceEvent['kind'], Health>> = {
  'agent-started': 'running',
  started: 'running',
  healthy: 'running',
  'engine-back': 'running',
  failed: 'failed',
  unsupported: 'failed',
  'engine-lost': 'failed',
  died: 'attention',
  unhealthy: 'attention',
  repaired: 'attention',
};

export function DeviceEvents({ name, live }: { name: string; live: readonly DeviceEvent[] }) {
  const now = useNow(CLOCK_MS);
  const past = useQuery({ queryKey: ['device-events', name], queryFn: ({ signal }) => api.deviceEvents(name, signal) });
  const events = mergeEvents(live, past.data?.items ?? []);
  return (
    <Panel title="What happened">
      {past.error ? (
        <ErrorNote error={past.error} action={<Button onClick={() => past.refetch()}>Try again</Button>} className="mb-3" />
      ) : null}
      {events.length === 0 ? (
        <p className="text-muted">
          {past.isPending ? 'Loading …' : `Nothing has happened on ${displayName(name)} in the last seven days.`}
        </p>
      ) : (
        <ScrollRegion label={`Events of ${displayName(name)}, newest first`} className="max-h-96">
          <ol className="flex flex-col gap-1">
            {events.map((event) => (
              <li key={`${event.at} ${event.kind} ${event.service ?? ''} ${event.message}`} className="flex gap-3">
                <time
                  dateTime={event.at}
                  title={zoned(Date.parse(event.at))}
                  className="w-24 shrink-0 max-sm:w-14 text-13 leading-6 text-muted"
                >
                  {since(Date.parse(event.at), now)}
                </time>
                <StatusShape health={SHAPES[event.kind] ?? 'updating'} size={16} className="mt-1" />
                <span className="min-w-0 [overflow-wrap:anywhere]">{event.message}</span>
              </li>
            ))}
          </ol>
        </ScrollRegion>
      )}
    </Panel>
  );
}
