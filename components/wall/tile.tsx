'use client';
/** One device's frame on the wall. Redrawn only when its own view, its size or its marks change. */
import { memo, useCallback, useMemo } from 'react';
import type { Device } from '#contracts/device.ts';
import { displayName } from '#contracts/device-words.ts';
import type { Health } from '#contracts/health.ts';
import { useDevice, useHub } from '../live/use-wall.ts';
import { classNames } from '../ui/class-names.ts';
import { frameStyle } from '../ui/plate.tsx';
import type { Density } from './grid.ts';
import { TileLarge } from './tile-large.tsx';
import { TileMedium } from './tile-medium.tsx';
import { TileMenu } from './tile-menu.tsx';
import { tileName } from './tile-name.ts';
import { TileSmall } from './tile-small.tsx';
import { useFaces } from './use-faces.ts';
import { isSameMarks, type TileMarks, useWallDesk } from './wall-desk.tsx';

interface TileProps {
  device: Device;
  density: Density;
  /** Pixels inside which rows are counted, so that none is cut in half. */
  height: number;
  /** The one place of the wall that Tab reaches. */
  current: boolean;
  marks: TileMarks;
}

const FRAMES: Partial<Record<Health, string>> = {
  offline: 'border-dashed',
  'not-seen': 'border-dotted',
  failed: 'border-t-[6px]',
};

export const Tile = memo(
  function Tile({ device, density, height, current, marks }: TileProps) {
    const view = useDevice(device.name);
    const hubLost = useHub().phase === 'lost';
    const desk = useWallDesk();
    const { choices, face } = useFaces(view, marks.chosen);
    const onContinue = useCallback(() => desk.freeze(device.name), [desk, device.name]);
    const menu = useMemo(
      () => <TileMenu name={device.name} choices={choices} face={face} marks={marks} small={density === 'S'} />,
      [device.name, choices, face, marks, density],
    );
    if (!view) return null;
    const frozenAtMs = face.kind === 'services' ? undefined : marks.frozenAtMs;
    const props = { view, device, hubLost, height, face, frozenAtMs, onContinue, menu };
    return (
      <article
        aria-label={tileName(view, hubLost, markWords(marks, frozenAtMs))}
        data-health={view.health}
        data-selected={marks.selected || undefined}
        data-broadcast={marks.broadcast}
        style={frameStyle(device.seat)}
        className={classNames(
          'tile group/tile relative flex h-full min-h-0 min-w-0 flex-col overflow-hidden rounded-tile border-(length:--frame) border-frame bg-surface [contain:strict] [container-type:size]',
          FRAMES[view.health],
        )}
      >
        <button
          type="button"
          data-seat
          data-device={device.name}
          tabIndex={current ? 0 : -1}
          aria-label={`Open ${displayName(device.name)}`}
          onClick={(event) => desk.press(device.name, event)}
          className="absolute inset-0 z-0 rounded-[7px] outline-none"
        />
        {density === 'S' ? <TileSmall {...props} /> : density === 'M' ? <TileMedium {...props} /> : <TileLarge {...props} />}
        {marks.broadcast === 'left-out' ? (
          <p className="pointer-events-none absolute inset-x-0 top-9 bg-raised px-3 py-1 text-13 font-semibold">
            Left out. Shift+click takes it in.
          </p>
        ) : null}
      </article>
    );
  },
  (before, after) =>
    before.device === after.device &&
    before.density === after.density &&
    before.height === after.height &&
    before.current === after.current &&
    isSameMarks(before.marks, after.marks),
);

function markWords({ pinned, selected, broadcast }: TileMarks, frozenAtMs: number | undefined): string[] {
  return [
    ...(frozenAtMs === undefined ? [] : ['frozen']),
    ...(pinned ? ['pinned'] : []),
    ...(selected ? ['selected'] : []),
    ...(broadcast === 'target' ? ['gets the broadcast'] : broadcast === 'left-out' ? ['left out of the broadcast'] : []),
  ];
}
