'use client';
/** What a tile asks of its wall. The object stays the same, so that a tile is not drawn again because of it. */
import { createContext, type MouseEvent, useContext } from 'react';
import type { Face } from '#contracts/peek.ts';
import type { Density } from './grid.ts';
import type { OpenZoom } from './use-zoomed.ts';

export interface WallDesk {
  open: OpenZoom;
  /** A press on a tile: opens it, or with Ctrl or Shift selects. */
  press(name: string, event: MouseEvent): void;
  setFace(name: string, face: Face): void;
  setTileDensity(name: string, density: Density | undefined): void;
  pin(name: string): void;
  select(name: string): void;
  freeze(name: string): void;
  /** Opens the question where to. */
  askMove(name: string): void;
  swap(a: string, b: string): void;
}

export const WallDeskContext = createContext<WallDesk | undefined>(undefined);

export function useWallDesk(): WallDesk {
  const desk = useContext(WallDeskContext);
  if (!desk) throw new Error('This tile stands on no wall: draw it inside WallDeskContext.');
  return desk;
}

/** What the wall knows of one tile. */
export interface TileMarks {
  chosen: Face | undefined;
  frozenAtMs: number | undefined;
  pinned: boolean;
  selected: boolean;
  /** A size of its own. */
  ownDensity: Density | undefined;
  broadcast: 'target' | 'left-out' | undefined;
}

export const NO_MARKS: TileMarks = {
  chosen: undefined,
  frozenAtMs: undefined,
  pinned: false,
  selected: false,
  ownDensity: undefined,
  broadcast: undefined,
};

export const isSameMarks = (a: TileMarks, b: TileMarks): boolean =>
  (Object.keys(a) as (keyof TileMarks)[]).every((key) => a[key] === b[key]);
