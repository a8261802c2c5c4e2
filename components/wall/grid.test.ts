import { describe, expect, it } from 'vitest';
import { densityFor, gridFor, pagesFor, tileSize } from './grid.ts';
import { tilePlace } from './tile-place.ts';

const fullHd = { width: 1920 - 32, height: 1080 - 56 - 32 };
const laptop = { width: 1366 - 32, height: 768 - 56 - 32 };

describe('the grid', () => {
  it.each([
    [1, 1, 1, 'L', 'L'],
    [2, 2, 1, 'L', 'L'],
    [4, 2, 2, 'L', 'M'],
    [6, 3, 2, 'M', 'M'],
    [9, 3, 3, 'M', 'M'],
    [12, 4, 3, 'M', 'M'],
    [16, 4, 4, 'M', 'S'],
    [20, 5, 4, 'M', 'S'],
    [25, 5, 5, 'M', 'S'],
    [30, 6, 5, 'M', 'S'],
    [36, 6, 6, 'S', 'S'],
    [42, 7, 6, 'S', 'S'],
    [49, 7, 7, 'S', 'S'],
    [50, 9, 6, 'S', 'S'],
  ])('of %i devices is %i by %i, %s on full HD and %s on a laptop', (count, columns, rows, onFullHd, onLaptop) => {
    const grid = gridFor(count, 'fill', false);
    expect(grid).toEqual({ columns, rows, plate: false });
    expect(densityFor(tileSize(fullHd, grid))).toBe(onFullHd);
    expect(densityFor(tileSize(laptop, grid))).toBe(onLaptop);
  });

  it('is nine with the plate in the middle while the devices fit around it', () => {
    for (const count of [0, 1, 8]) expect(gridFor(count, 'nine', false)).toEqual({ columns: 3, rows: 3, plate: true });
    expect(gridFor(9, 'nine', false)).toEqual({ columns: 3, rows: 3, plate: false });
    expect(gridFor(10, 'nine', false)).toEqual({ columns: 4, rows: 3, plate: false });
  });

  it('swaps columns and rows on a screen that stands', () => {
    expect(gridFor(12, 'nine', true)).toEqual({ columns: 3, rows: 4, plate: false });
  });

  it('goes on pages of 49 from the 51st device on', () => {
    expect([50, 51, 98, 99].map(pagesFor)).toEqual([1, 2, 2, 3]);
  });
});

describe('the tiles', () => {
  const grid = gridFor(25, 'fill', false);

  it('say as much while a strip takes a line from them', () => {
    const calm = tilePlace({ width: 1920, height: 1024 }, grid, 'auto', 1024);
    const squeezed = tilePlace({ width: 1920, height: 980 }, grid, 'auto', 1024);
    expect([calm.density, squeezed.density]).toEqual(['M', 'M']);
    expect(squeezed.height).toBeLessThan(calm.height);
  });

  it('keep the size a chosen density needs, and the wall scrolls', () => {
    expect(tilePlace({ width: 1366, height: 712 }, grid, 'L', 712)).toMatchObject({ columns: 2, density: 'L', height: 480 });
  });
});
