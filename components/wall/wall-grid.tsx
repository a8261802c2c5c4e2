'use client';
import { type CSSProperties, useMemo, useState } from 'react';
import type { Device } from '#contracts/device.ts';
import { classNames } from '../ui/class-names.ts';
import { EmptySeat } from './empty-seat.tsx';
import { type Density, gridFor } from './grid.ts';
import { type Seat, seatDevices } from './seats.ts';
import { Tile } from './tile.tsx';
import { phonePlace, tilePlace } from './tile-place.ts';
import { TitlePlate } from './title-plate.tsx';
import { useRollCall } from './use-roll-call.ts';
import { useSize } from './use-size.ts';
import type { WallView } from './wall-view.ts';

const PHONE_WIDTH = 640;
const TOP_BAR_PX = 56;

interface WallGridProps {
  devices: readonly Device[];
  /** A filtered wall uses the space and keeps no empty seats. */
  filtered: boolean;
  view: WallView;
  onOpen: (name: string) => void;
}

export function WallGrid({ devices, filtered, view, onOpen }: WallGridProps) {
  const [ref, size] = useSize();
  const [current, setCurrent] = useState(0);
  const rollCall = useRollCall();
  const portrait = size ? size.height > size.width : false;
  const phone = size ? size.width < PHONE_WIDTH : false;
  const layout = filtered ? 'fill' : view.layout;
  const grid = useMemo(() => gridFor(devices.length, layout, portrait), [devices.length, layout, portrait]);
  const seats = useMemo(() => seatDevices(devices, phone ? { ...grid, plate: false } : grid), [devices, grid, phone]);
  const place = size && (phone ? phonePlace() : tilePlace(size, grid, view.density, window.innerHeight - TOP_BAR_PX));
  const stop = Math.min(current, seats.length - 1);

  return (
    <div ref={ref} className="relative min-h-0 flex-1 max-sm:min-h-[60dvh]">
      {place ? (
        <section
          aria-label="Seats"
          className={classNames(
            'absolute inset-0 grid gap-3 overflow-y-auto p-4 max-sm:static max-sm:overflow-visible',
            rollCall && 'roll-call',
          )}
          style={place.style}
          data-columns={place.columns}
          onFocus={(event) => {
            const index = seatIndex(event.target);
            if (index >= 0) setCurrent(index);
          }}
        >
          {phone ? <TitlePlate /> : null}
          {seats.map((seat, index) => (
            <div
              key={keyOf(seat)}
              className="seat min-h-0 min-w-0"
              style={{ '--column': index % place.columns } as CSSProperties}
            >
              <Place
                seat={seat}
                current={index === stop}
                density={place.density}
                height={place.height}
                onOpen={onOpen}
                filtered={filtered || phone}
              />
            </div>
          ))}
        </section>
      ) : null}
    </div>
  );
}

interface PlaceProps {
  seat: Seat;
  current: boolean;
  density: Density;
  height: number;
  filtered: boolean;
  onOpen: (name: string) => void;
}

function Place({ seat, current, density, height, filtered, onOpen }: PlaceProps) {
  if (seat.kind === 'plate') return <TitlePlate />;
  if (seat.kind === 'empty') return filtered ? null : <EmptySeat current={current} />;
  return <Tile device={seat.device} density={density} height={height} current={current} onOpen={onOpen} />;
}

const keyOf = (seat: Seat) =>
  seat.kind === 'device' ? seat.device.name : seat.kind === 'empty' ? `empty ${seat.place}` : 'plate';

const seatIndex = (target: Element): number => {
  const seat = target.closest('.seat');
  return seat?.parentElement ? [...seat.parentElement.querySelectorAll('.seat')].indexOf(seat) : -1;
};
