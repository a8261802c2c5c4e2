/** Where the tiles go: columns and rows for any number of devices, and how much a tile of a size can say. Pure. */
export type Density = 'S' | 'M' | 'L';
export type Layout = 'nine' | 'fill';

export interface Grid {
  columns: number;
  rows: number;
  /** The title plate holds the middle seat. */
  plate: boolean;
}

export const NINE = 9;
export const MIDDLE = 4;
export const DEVICES_OF_NINE = NINE - 1;
/** More devices than this go on pages. */
export const PAGE_SIZE = 49;
const LARGEST_PAGE = 50;

/** Columns change only at these steps, so that one more device rarely moves anybody. */
const STEPS: readonly (readonly [upTo: number, columns: number, rows: number])[] = [
  [1, 1, 1],
  [2, 2, 1],
  [4, 2, 2],
  [6, 3, 2],
  [9, 3, 3],
  [12, 4, 3],
  [16, 4, 4],
  [20, 5, 4],
  [25, 5, 5],
  [30, 6, 5],
  [36, 6, 6],
  [42, 7, 6],
  [49, 7, 7],
  [50, 9, 6],
];

export function gridFor(count: number, layout: Layout, portrait: boolean): Grid {
  if (layout === 'nine' && count <= DEVICES_OF_NINE) return { columns: 3, rows: 3, plate: true };
  const shown = Math.max(1, Math.min(count, LARGEST_PAGE));
  const [, columns, rows] = STEPS.find(([upTo]) => shown <= upTo)!;
  return portrait ? { columns: rows, rows: columns, plate: false } : { columns, rows, plate: false };
}

export const pagesFor = (count: number): number => (count <= LARGEST_PAGE ? 1 : Math.ceil(count / PAGE_SIZE));

export interface Size {
  width: number;
  height: number;
}

export const MINIMUM: Record<Density, Size> = {
  L: { width: 660, height: 480 },
  M: { width: 300, height: 180 },
  S: { width: 138, height: 87 },
};

export const densityFor = ({ width, height }: Size): Density =>
  (['L', 'M'] as const).find((density) => width >= MINIMUM[density].width && height >= MINIMUM[density].height) ?? 'S';

export const GAP = 12;

export const tileSize = (area: Size, { columns, rows }: Grid): Size => ({
  width: Math.floor((area.width - GAP * (columns - 1)) / columns),
  height: Math.floor((area.height - GAP * (rows - 1)) / rows),
});
