'use client';
/** The state of one wall on this page, and what its tiles may ask of it. */
import { type MouseEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Device } from '#contracts/device.ts';
import { displayName } from '#contracts/device-words.ts';
import { faceToken } from '#contracts/face-token.ts';
import { clockWithSeconds } from '../ui/words.ts';
import { swapped, withPin } from './arrange.ts';
import { readTileDensities, type TileDensities, writeTileDensities } from './kept-here.ts';
import { say } from './say.ts';
import { useSelection } from './use-selection.ts';
import type { WallSettings } from './use-wall-settings.ts';
import type { OpenZoom } from './use-zoomed.ts';
import { NO_MARKS, type TileMarks, type WallDesk } from './wall-desk.tsx';

export function useWallState(settings: WallSettings, devices: readonly Device[], zoom: OpenZoom) {
  const { name } = settings.wall;
  const selection = useSelection();
  const [frozen, setFrozen] = useState<Readonly<Record<string, number>>>({});
  const [densities, setDensities] = useState<TileDensities>({});
  const [moving, setMoving] = useState<string>();
  const [broadcasting, setBroadcasting] = useState(false);
  const [leftOut, setLeftOut] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => setDensities(readTileDensities(name)), [name]);

  const latest = useRef({ settings, devices, selection, frozen, broadcasting });
  latest.current = { settings, devices, selection, frozen, broadcasting };

  const desk = useMemo<WallDesk>(
    () => ({
      open: zoom,
      press(tile: string, event: MouseEvent) {
        const now = latest.current;
        if (now.broadcasting && event.shiftKey && now.selection.selected.has(tile)) setLeftOut((before) => toggled(before, tile));
        else if (!now.selection.press(tile, event)) zoom(tile);
      },
      setFace(tile, face) {
        const { wall, change } = latest.current.settings;
        change({ faces: { ...wall.faces, [tile]: face } });
        say(`${displayName(tile)} shows ${face.kind === 'services' ? 'its services' : faceToken(face).replaceAll('_', ' ')}.`);
      },
      setTileDensity(tile, density) {
        setDensities((before) => {
          const { [tile]: _, ...others } = before;
          const after = density ? { ...others, [tile]: density } : others;
          writeTileDensities(latest.current.settings.wall.name, after);
          return after;
        });
      },
      pin(tile) {
        const { wall, change } = latest.current.settings;
        const pinned = withPin(wall, tile);
        change({ pinned });
        say(`${displayName(tile)} is ${pinned.includes(tile) ? 'pinned first' : 'no longer pinned'}.`);
      },
      select: selection.toggle,
      freeze(tile) {
        const atMs = latest.current.frozen[tile] === undefined ? Date.now() : undefined;
        setFrozen(({ [tile]: _, ...others }) => (atMs === undefined ? others : { ...others, [tile]: atMs }));
        say(
          atMs === undefined
            ? `${displayName(tile)} goes on.`
            : `${displayName(tile)} frozen by you at ${clockWithSeconds(atMs)}.`,
        );
      },
      askMove: setMoving,
      swap(a, b) {
        const { settings: now, devices: all } = latest.current;
        const part = swapped(all, now.wall, a, b);
        if (part) now.change(part);
        say(
          part
            ? `${displayName(a)} and ${displayName(b)} changed places.`
            : 'Pinned tiles stand first and move among themselves. Unpin the tile to move it elsewhere.',
        );
      },
    }),
    [zoom, selection.toggle],
  );

  const { wall } = settings;
  const marksOf = useCallback(
    (tile: string): TileMarks => {
      const selected = selection.selected.has(tile);
      return {
        ...NO_MARKS,
        chosen: wall.faces[tile],
        frozenAtMs: frozen[tile],
        pinned: wall.pinned.includes(tile),
        selected,
        ownDensity: densities[tile],
        broadcast: broadcasting && selected ? (leftOut.has(tile) ? 'left-out' : 'target') : undefined,
      };
    },
    [wall.faces, wall.pinned, frozen, densities, selection.selected, broadcasting, leftOut],
  );

  return { desk, marksOf, selection, moving, setMoving, broadcasting, setBroadcasting, leftOut, setLeftOut };
}

function toggled(names: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const after = new Set(names);
  if (!after.delete(name)) after.add(name);
  return after;
}
