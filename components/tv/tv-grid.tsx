'use client';
import type { ComponentType } from 'react';
import type { Device } from '#contracts/device.ts';
import type { Wall } from '#contracts/wall.ts';
import type { DeviceSlotProps } from '../live/panes.tsx';
import { useNow, useServiceCount } from '../live/use-wall.ts';
import { clock, plural } from '../ui/words.ts';
import { gridFor, type Size } from '../wall/grid.ts';
import { type Seat, seatDevices } from '../wall/seats.ts';
import { tilePlace } from '../wall/tile-place.ts';
import { TvTile } from './tv-tile.tsx';

interface TvGridProps {
  size: Size;
  wall: Wall;
  devices: readonly Device[];
  /** On all pages of this wall. */
  total: number;
  bySeat: boolean;
  words: boolean;
  caption: ComponentType<DeviceSlotProps>;
}

/** The same seats as on the wall, larger; empty ones stay dark. */
export function TvGrid({ size, wall, devices, total, bySeat, words, caption }: TvGridProps) {
  const grid = gridFor(devices.length, total > devices.length ? 'fill' : wall.layout, size.height > size.width);
  const { style, height } = tilePlace(size, grid, 'auto', size.height);
  return (
    <section aria-label="Seats" className="absolute inset-0 grid gap-[12px] overflow-hidden p-[16px]" style={style}>
      {seatDevices(devices, grid, bySeat).map((seat) => (
        <div key={keyOf(seat)} className="min-h-0 min-w-0">
          {seat.kind === 'device' ? (
            <TvTile device={seat.device} chosen={wall.faces[seat.device.name]} height={height} words={words} caption={caption} />
          ) : seat.kind === 'plate' ? (
            <TvPlate title={wall.title} devices={total} />
          ) : null}
        </div>
      ))}
    </section>
  );
}

function TvPlate({ title, devices }: { title: string; devices: number }) {
  const services = useServiceCount();
  return (
    <section className="flex h-full flex-col items-center justify-center gap-1 overflow-hidden rounded-tile border-2 border-text p-3 text-center outline-1 -outline-offset-8 outline-line-strong">
      <h1 className="max-w-full font-bold break-words uppercase text-20 leading-tight tracking-[0.18em]">{title}</h1>
      <Clock />
      <p className="text-15">
        {plural(devices, 'device')} · {plural(services, 'service')}
      </p>
    </section>
  );
}

function Clock() {
  return <time className="text-26 tabular-nums">{clock(useNow(5_000))}</time>;
}

const keyOf = (seat: Seat) =>
  seat.kind === 'device' ? seat.device.name : seat.kind === 'empty' ? `empty ${seat.place}` : 'plate';
