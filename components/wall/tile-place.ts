/** How large the tiles of a grid are drawn, how much they say, and how the style sheet lays them out. Pure. */
import type { CSSProperties } from 'react';
import { type Density, densityFor, GAP, type Grid, MINIMUM, type Size, tileSize } from './grid.ts';

export interface TilePlace {
  columns: number;
  density: Density;
  height: number;
  style: CSSProperties;
}

const PAD = 16;
const PHONE_TILE_PX = 88;

export const phonePlace = (): TilePlace => ({
  columns: 1,
  density: 'S',
  height: PHONE_TILE_PX,
  style: { gridTemplateColumns: 'minmax(0, 1fr)', gridAutoRows: `minmax(${PHONE_TILE_PX}px, auto)` },
});

/**
 * The grid of the table; where its tiles would be smaller than a chosen density needs, fewer columns and a wall that scrolls.
 * `calmHeight` is the height without strips and banners: one of them may squeeze the tiles, but must not change what they say.
 */
export function tilePlace(outer: Size, grid: Grid, wanted: Density | 'auto', calmHeight: number): TilePlace {
  const area = inner(outer);
  const calm = inner({ width: outer.width, height: Math.max(outer.height, calmHeight) });
  const density = wanted === 'auto' ? densityFor(tileSize(calm, grid)) : wanted;
  const least = wanted === 'auto' ? MINIMUM.S : MINIMUM[wanted];
  const columns = Math.max(1, Math.min(grid.columns, Math.floor((area.width + GAP) / (least.width + GAP))));
  const rows = Math.ceil((grid.columns * grid.rows) / columns);
  const height = Math.max(least.height, tileSize(area, { ...grid, columns, rows }).height);
  return {
    columns,
    density,
    height,
    style: { gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`, gridAutoRows: `${height}px` },
  };
}

const GROUPED_HEIGHT: Record<Density, number> = { S: 110, M: 240, L: 480 };
const FEW = 12;

/** In groups every row is as wide as the wall and as high as its density: groups end where they end, and the wall scrolls. */
export function groupPlace(outer: Size, count: number, wanted: Density | 'auto'): TilePlace {
  const density = wanted === 'auto' ? (count <= FEW ? 'M' : 'S') : wanted;
  const { width } = inner(outer);
  const columns = Math.max(1, Math.floor((width + GAP) / (MINIMUM[density].width * 1.2 + GAP)));
  const height = GROUPED_HEIGHT[density];
  return {
    columns,
    density,
    height,
    style: { gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`, gridAutoRows: `${height}px` },
  };
}

const inner = ({ width, height }: Size): Size => ({ width: width - 2 * PAD, height: height - 2 * PAD });
