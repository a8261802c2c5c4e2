'use client';
import { type CSSProperties, type ReactNode, useMemo, useState } from 'react';
import type { Device } from '#contracts/device.ts';
import type { Wall } from '#contracts/wall.ts';
import { classNames } from '../ui/class-names.ts';
import { plural } from '../ui/words.ts';
import { type Group, groupsOf } from './arrange.ts';
import { EmptySeat } from './empty-seat.tsx';
import { GAP, gridFor } from './grid.ts';
import { DragSeat, SeatDrag } from './seat-drag.tsx';
import { type Seat, seatDevices } from './seats.ts';
import { Tile } from './tile.tsx';
import { groupPlace, phonePlace, type TilePlace, tilePlace } from './tile-place.ts';
import { TitlePlate } from './title-plate.tsx';
import { useRollCall } from './use-roll-call.ts';
import { useSize } from './use-size.ts';
import type { TileMarks } from './wall-desk.tsx';

const PHONE_WIDTH = 640;
const TOP_BAR_PX = 56;

interface WallGridProps {
  wall: Wall;
  devices: readonly Device[];
  /** Seats keep their places, empty ones stay. */
  bySeat: boolean;
  /** A filtered wall uses the space and keeps no empty seats. */
  filtered: boolean;
  marksOf: (name: string) => TileMarks;
  onSwap: (a: string, b: string) => void;
  /** A bar lies over the lower edge: what is under it can be scrolled to. */
  covered: 'little' | 'much' | undefined;
  footer: ReactNode;
}

export function WallGrid({ wall, devices, bySeat, filtered, marksOf, onSwap, covered, footer }: WallGridProps) {
  const [ref, size] = useSize();
  const [current, setCurrent] = useState<string>();
  const rollCall = useRollCall();
  const portrait = size ? size.height > size.width : false;
  const phone = size ? size.width <= PHONE_WIDTH : false;
  const layout = filtered ? 'fill' : wall.layout;
  const grid = useMemo(() => gridFor(devices.length, layout, portrait), [devices.length, layout, portrait]);
  const seats = useMemo(
    () => seatDevices(devices, phone ? { ...grid, plate: false } : grid, bySeat && !filtered),
    [devices, grid, phone, bySeat, filtered],
  );
  const groups = useMemo(() => (wall.group ? groupsOf(devices, wall.group) : undefined), [devices, wall.group]);
  const place =
    size &&
    (phone
      ? phonePlace()
      : groups
        ? groupPlace(size, devices.length, wall.density)
        : tilePlace(size, grid, wall.density, window.innerHeight - TOP_BAR_PX));
  const shown = groups ? groups.flatMap((group) => group.devices.map(toSeat)) : seats;
  const keys = shown.filter(({ kind }) => kind !== 'plate').map(keyOf);
  const stop = current !== undefined && keys.includes(current) ? current : keys[0];
  const draw = (seat: Seat, index: number) => (
    <SeatOf
      key={keyOf(seat)}
      seat={seat}
      column={place ? index % place.columns : 0}
      place={place!}
      current={keyOf(seat) === stop}
      filtered={filtered || phone}
      title={wall.title}
      marks={seat.kind === 'device' ? marksOf(seat.device.name) : undefined}
    />
  );

  return (
    <div ref={ref} className="relative min-h-0 flex-1 max-sm:min-h-[60dvh]">
      {place ? (
        <SeatDrag onSwap={onSwap}>
          <section
            aria-label="Seats"
            data-grid
            className={classNames(
              'absolute inset-0 overflow-y-auto p-4 max-sm:static max-sm:overflow-visible',
              groups ? 'flex flex-col gap-5' : 'grid grid-flow-row-dense gap-3',
              rollCall && 'roll-call',
              covered === 'little' && 'scroll-pb-20 pb-20',
              covered === 'much' && 'scroll-pb-40 pb-40',
            )}
            // Low and wide enough for a grid of its own height, as at 200 % zoom, the plate still needs its lines.
            style={groups ? undefined : phone ? { ...place.style, gridTemplateRows: 'max-content' } : place.style}
            onFocus={(event) => {
              const { tile, key } = event.target.closest<HTMLElement>('.seat')?.dataset ?? {};
              if (tile ?? key) setCurrent(tile ?? key);
            }}
          >
            {phone ? <TitlePlate title={wall.title} /> : null}
            {groups
              ? groups.map((group) => (
                  <GroupOf key={group.value ?? ''} label={wall.group!} group={group} place={place}>
                    {group.devices.map((device, index) => draw(toSeat(device), index))}
                  </GroupOf>
                ))
              : seats.map(draw)}
          </section>
        </SeatDrag>
      ) : null}
      {footer}
    </div>
  );
}

function GroupOf({ label, group, place, children }: { label: string; group: Group; place: TilePlace; children: ReactNode }) {
  const words = group.value === undefined ? `Without ${label}` : `${label}: ${group.value}`;
  return (
    <section aria-label={words} className="shrink-0">
      <h2 className="mb-2 flex items-baseline gap-3 text-15 font-semibold">
        {words}
        <span className="text-13 font-normal text-muted">{plural(group.devices.length, 'device')}</span>
      </h2>
      <div className="grid grid-flow-row-dense gap-3" style={place.style}>
        {children}
      </div>
    </section>
  );
}

interface SeatOfProps {
  seat: Seat;
  column: number;
  place: TilePlace;
  current: boolean;
  filtered: boolean;
  title: string;
  marks: TileMarks | undefined;
}

const SEAT = 'min-h-0 min-w-0';
/** A large tile among smaller ones takes the room of four. */
const WIDE = 'col-span-2 row-span-2';

function SeatOf({ seat, column, place, current, filtered, title, marks }: SeatOfProps) {
  const style = { '--column': column } as CSSProperties;
  if (seat.kind !== 'device')
    return (
      <div
        className={classNames(SEAT, 'seat', seat.kind === 'plate' && '[container-type:size]')}
        data-key={keyOf(seat)}
        style={style}
      >
        {seat.kind === 'plate' ? <TitlePlate title={title} /> : filtered ? null : <EmptySeat current={current} />}
      </div>
    );
  const own = marks!.ownDensity;
  const wide = own === 'L' && place.columns > 1;
  return (
    <DragSeat name={seat.device.name} className={classNames(SEAT, wide && WIDE)} style={style}>
      <Tile
        device={seat.device}
        density={own ?? place.density}
        height={wide ? 2 * place.height + GAP : place.height}
        current={current}
        marks={marks!}
      />
    </DragSeat>
  );
}

const toSeat = (device: Device): Seat => ({ kind: 'device', device });

const keyOf = (seat: Seat) =>
  seat.kind === 'device' ? seat.device.name : seat.kind === 'empty' ? `empty ${seat.place}` : 'plate';
