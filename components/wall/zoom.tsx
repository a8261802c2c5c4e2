'use client';
/** A tile grown to full size: services and facts of one device. Esc leads back to the same tile, the arrows to its neighbours. */
import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import Link from 'next/link';
import { type CSSProperties, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { displayName } from '#contracts/device.ts';
import { lettersAreOn } from '../keys/letters.ts';
import type { DeviceView } from '../live/device-view.ts';
import { useDevice, useDevices, useHub } from '../live/use-wall.ts';
import { buttonClass, IconButton } from '../ui/button.tsx';
import { frameStyle, Plate } from '../ui/plate.tsx';
import { HealthWord } from '../ui/status-shape.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Freshness } from './freshness.tsx';
import { HostFacts } from './host-facts.tsx';
import { LocalStamp } from './tile-parts.tsx';
import { type OpenZoom, ZOOM_VIEWS, type ZoomView } from './use-zoomed.ts';
import { ZoomServices } from './zoom-services.tsx';

interface ZoomProps {
  name: string;
  view: ZoomView;
  onChange: OpenZoom;
}

const VIEW_KEYS: Readonly<Record<string, ZoomView>> = { s: 'services', i: 'info' };

export function Zoom({ name, view: shown, onChange }: ZoomProps) {
  const view = useDevice(name);
  const devices = useDevices();
  const popup = useRef<HTMLDivElement>(null);
  const [from] = useState(() => rectangleOf(name));
  const open = view?.device.value !== undefined;

  // The tile may have been removed while it was open.
  useEffect(() => {
    if (!open) onChange(undefined);
  }, [open, onChange]);
  if (!view || !open) return null;

  function keys(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).closest('input, textarea, [role=tab]'))
      return;
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    const neighbour = step && devices[devices.findIndex((one) => one.name === name) + step];
    const wanted = lettersAreOn() ? VIEW_KEYS[event.key] : undefined;
    if (neighbour) onChange(neighbour.name, shown);
    else if (wanted) onChange(name, wanted);
  }

  return (
    <Dialog.Root open onOpenChange={(next) => next || onChange(undefined)}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-backdrop" />
        <Dialog.Popup
          ref={popup}
          initialFocus={popup}
          onKeyDown={keys}
          finalFocus={() => document.querySelector<HTMLElement>(`[data-device="${CSS.escape(name)}"]`)}
          style={{ ...frameStyle(view.device.value!.seat), ...from }}
          className="zoom fixed inset-4 z-50 flex flex-col overflow-hidden rounded-tile border-(length:--frame-focus) border-frame bg-surface outline-none max-sm:inset-0 max-sm:rounded-none"
        >
          <ZoomHead view={view} />
          <Tabs
            label={`Views of ${displayName(name)}`}
            value={shown}
            onChange={(next) =>
              onChange(
                name,
                ZOOM_VIEWS.find((one) => one === next),
              )
            }
            className="flex-1 px-5"
            panelClassName="overflow-y-auto py-4 outline-none"
            tabs={[
              { value: 'services', label: 'Services', content: <ZoomServices view={view} /> },
              {
                value: 'info',
                label: 'Info',
                content: view.status.value ? (
                  <HostFacts status={view.status.value} />
                ) : (
                  <p className="text-muted">No report yet.</p>
                ),
              },
            ]}
          />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function ZoomHead({ view }: { view: DeviceView }) {
  const hubLost = useHub().phase === 'lost';
  const device = view.device.value!;
  const labels = Object.entries(device.labels);
  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-1 py-3 pr-3 pl-5">
      <Plate name={device.name} seat={device.seat} size="lg" />
      <div className="min-w-0 flex-1 basis-48">
        <Dialog.Title className="truncate text-20 font-semibold">{displayName(device.name)}</Dialog.Title>
        <p className="truncate text-13 text-muted">
          {labels.map(([key, value]) => `${key}: ${value}`).join(' · ') || view.status.value?.host.model}
        </p>
      </div>
      {device.local ? <LocalStamp /> : null}
      <HealthWord health={view.health} />
      <span className="text-13 text-muted">
        <Freshness view={view} hubLost={hubLost} />
      </span>
      <Link href={`/d/${device.name}`} className={buttonClass('plain')}>
        Device page
      </Link>
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

/** Where the tile is now, as the start of the growth. */
function rectangleOf(name: string): CSSProperties {
  const tile = document.querySelector(`[data-device="${CSS.escape(name)}"]`)?.getBoundingClientRect();
  if (!tile) return {};
  const { innerWidth, innerHeight } = window;
  return {
    '--from-x': `${tile.left + tile.width / 2 - innerWidth / 2}px`,
    '--from-y': `${tile.top + tile.height / 2 - innerHeight / 2}px`,
    '--from-scale-x': tile.width / innerWidth,
    '--from-scale-y': tile.height / innerHeight,
  } as CSSProperties;
}
