import { describe, expect, it } from 'vitest';
import { lowestFreeSeat } from './free-seat.ts';

describe('a seat', () => {
  it.each([
    [[], 0],
    [[0, 1, 2], 3],
    [[0, 2], 1],
    [[2, 1], 0],
  ])('beside %j is %d', (taken, seat) => expect(lowestFreeSeat(taken)).toBe(seat));
});
