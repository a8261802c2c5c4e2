import { describe, expect, it } from 'vitest';
import { type Box, nextSeat } from './next-seat.ts';

const box = (column: number, row: number, width = 1, height = 1): Box => ({
  left: column * 110,
  top: row * 110,
  right: column * 110 + 110 * width - 10,
  bottom: row * 110 + 110 * height - 10,
});
const grid = [box(0, 0), box(1, 0), box(2, 0), box(0, 1), box(2, 1), box(0, 2), box(1, 2)];
const [left, right, up, down] = [
  [-1, 0],
  [1, 0],
  [0, -1],
  [0, 1],
] as const;

describe('an arrow', () => {
  it('leads to the neighbour and steps over a plate in between', () => {
    expect(nextSeat(grid, 0, right)).toBe(1);
    expect(nextSeat(grid, 3, right)).toBe(4);
    expect(nextSeat(grid, 1, down)).toBe(6);
    expect(nextSeat(grid, 4, left)).toBe(3);
  });

  it('ends at the edge instead of jumping a row', () => {
    expect(nextSeat(grid, 2, right)).toBeUndefined();
    expect(nextSeat(grid, 0, up)).toBeUndefined();
    expect(nextSeat(grid, 3, left)).toBeUndefined();
  });

  it('finds the nearest below where the row is shorter, and out of a larger tile', () => {
    expect(nextSeat(grid, 4, down)).toBe(6);
    const mixed = [box(0, 0, 2, 2), box(2, 0), box(2, 1), box(0, 2)];
    expect(nextSeat(mixed, 0, right)).toBe(1);
    expect(nextSeat(mixed, 2, left)).toBe(0);
    expect(nextSeat(mixed, 0, down)).toBe(3);
  });
});
