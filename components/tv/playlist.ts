/** What a TV shows one after the other: the pages of its walls. Pure. */
export interface Step {
  wall: string;
  page: number;
  pages: number;
}

export function stepsOf(walls: readonly { name: string; pages: number }[]): readonly Step[] {
  return walls.flatMap(({ name, pages }) => Array.from({ length: pages }, (_, page) => ({ wall: name, page, pages })));
}

/** Where the show stands after a change of walls or pages: at the same page of the same wall, else of that wall, else at the beginning. */
export function keptStep(steps: readonly Step[], before: Step | undefined): number {
  if (!before) return 0;
  const same = steps.findIndex(({ wall, page }) => wall === before.wall && page === before.page);
  const wall = steps.findIndex((step) => step.wall === before.wall);
  return Math.max(0, same >= 0 ? same : wall);
}

/** The first page of the wall before or after. */
export function otherWall(steps: readonly Step[], at: number, by: 1 | -1): number {
  const walls = [...new Set(steps.map(({ wall }) => wall))];
  const now = walls.indexOf(steps[at]?.wall ?? '');
  const wanted = walls[(now + by + walls.length) % walls.length];
  return Math.max(
    0,
    steps.findIndex(({ wall }) => wall === wanted),
  );
}

const NAME_TILE = { width: 420, height: 220 } as const;

/** As many tiles as leave room for names of 32 px. */
export function tilesPerPage({ width, height }: { width: number; height: number }): number {
  return Math.max(1, Math.floor(width / NAME_TILE.width)) * Math.max(1, Math.floor(height / NAME_TILE.height));
}

export const pageCount = (devices: number, perPage: number): number => Math.max(1, Math.ceil(devices / perPage));
