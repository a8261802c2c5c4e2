'use client';
/** Who the open tile is: plate, name, health, freshness, the way to the hub, and everything else in a menu. */
import { Dialog } from '@base-ui/react/dialog';
import { Ellipsis, X } from 'lucide-react';
import { displayName } from '#contracts/device-words.ts';
import type { DeviceView } from '../live/device-view.ts';
import type { Panes } from '../live/panes.tsx';
import { useHub } from '../live/use-wall.ts';
import { IconButton } from '../ui/button.tsx';
import { Menu } from '../ui/menu.tsx';
import { Plate } from '../ui/plate.tsx';
import { HealthWord } from '../ui/status-shape.tsx';
import { Freshness } from './freshness.tsx';
import { LocalStamp } from './tile-parts.tsx';

export function ZoomHead({ view, panes }: { view: DeviceView; panes: Panes }) {
  const hub = useHub();
  const device = view.device.value!;
  const labels = Object.entries(device.labels);
  const deployments = view.status.value?.deployments ?? [];
  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 pr-3 pl-5 max-sm:pl-3 short:py-0.5">
      <Plate name={device.name} seat={device.seat} size="lg" />
      <div className="min-w-0 flex-1 basis-48 max-sm:basis-32 short:basis-32">
        <Dialog.Title className="truncate text-20 font-semibold">{displayName(device.name)}</Dialog.Title>
        <p className="truncate text-13 text-muted">
          {labels.map(([key, value]) => `${key}: ${value}`).join(' · ') || view.status.value?.host.model}
        </p>
        <panes.caption device={device.name} />
      </div>
      {/* On a phone a line of its own, below the way back. */}
      <div className="flex flex-wrap items-center gap-x-3 max-sm:order-last max-sm:basis-full">
        {device.local ? <LocalStamp /> : null}
        <HealthWord health={view.health} />
        <span className="text-13 text-muted">
          <Freshness view={view} hubLost={hub.phase === 'lost'} />
          {hub.phase === 'live' && hub.roundTripMs !== undefined ? ` · hub ${hub.roundTripMs} ms` : null}
        </span>
      </div>
      <Menu
        align="end"
        trigger={
          <IconButton label="More" data-zoom-menu="">
            <Ellipsis size={20} strokeWidth={1.75} />
          </IconButton>
        }
        items={[
          { label: 'Device page', href: `/d/${device.name}` },
          { label: 'Recordings', href: `/recordings?device=${device.name}` },
          ...deployments.map(({ name }) => ({ label: `Deployment ${name}`, href: `/deployments/${name}` })),
        ]}
      />
      <Dialog.Close
        render={
          <IconButton label="Back to the wall">
            <X size={20} strokeWidth={1.75} />
          </IconButton>
        }
      />
    </header>
  );
}
