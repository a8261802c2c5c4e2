'use client';
/** One device's frame on the wall. Redrawn only when its own view, its size or its density changes. */
import { memo } from 'react';
import type { Device } from '#contracts/device.ts';
import { displayName } from '#contracts/device.ts';
import type { Health } from '#contracts/health.ts';
import { useDevice, useHub } from '../live/use-wall.ts';
import { classNames } from '../ui/class-names.ts';
import { frameStyle } from '../ui/plate.tsx';
import type { Density } from './grid.ts';
import { TileLarge } from './tile-large.tsx';
import { TileMedium } from './tile-medium.tsx';
import { tileName } from './tile-name.ts';
import { TileSmall } from './tile-small.tsx';

interface TileProps {
  device: Device;
  density: Density;
  /** Pixels inside which rows are counted, so that none is cut in half. */
  height: number;
  /** The one place of the wall that Tab reaches. */
  current: boolean;
  onOpen: (name: string) => void;
}

const FRAMES: Partial<Record<Health, string>> = {
  offline: 'border-dashed',
  'not-seen': 'border-dotted',
  failed: 'border-t-[6px]',
};

export const Tile = memo(function Tile({ device, density, height, current, onOpen }: TileProps) {
  const view = useDevice(device.name);
  const hubLost = useHub().phase === 'lost';
  if (!view) return null;
  const props = { view, device, hubLost, height };
  return (
    <article
      aria-label={tileName(view, hubLost)}
      data-health={view.health}
      style={frameStyle(device.seat)}
      className={classNames(
        'tile relative flex h-full min-h-0 min-w-0 flex-col overflow-hidden rounded-tile border-(length:--frame) border-frame bg-surface [contain:strict]',
        FRAMES[view.health],
      )}
    >
      <button
        type="button"
        data-seat
        data-device={device.name}
        tabIndex={current ? 0 : -1}
        aria-label={`Open ${displayName(device.name)}`}
        onClick={() => onOpen(device.name)}
        className="absolute inset-0 z-0 rounded-[7px] outline-none"
      />
      {density === 'S' ? <TileSmall {...props} /> : density === 'M' ? <TileMedium {...props} /> : <TileLarge {...props} />}
    </article>
  );
});
