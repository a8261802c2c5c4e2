import { describe, expect, it } from 'vitest';
import { glanceAt, glanceFrom } from './glance.ts';

const tile = (column: number, row: number) => ({ left: column * 100, top: row * 50, width: 90, height: 40 });

describe('a glance', () => {
  it.each([
    ['right', tile(2, 1), { x: 190, y: 70, degrees: 0 }],
    ['left', tile(0, 1), { x: 100, y: 70, degrees: 180 }],
    ['down', tile(1, 2), { x: 145, y: 90, degrees: 90 }],
    ['up', tile(1, 0), { x: 145, y: 50, degrees: 270 }],
  ])('points %s from the middle of that side', (_, called, expected) => expect(glanceFrom(tile(1, 1), called)).toEqual(expected));

  it('points across a corner where the other tile sits there', () => {
    const square = (x: number, y: number) => ({ left: x, top: y, width: 10, height: 10 });
    expect(glanceFrom(square(0, 0), square(20, 20))).toEqual({ x: 10, y: 10, degrees: 45 });
    expect(glanceFrom(square(0, 0), square(-20, 20))).toEqual({ x: 0, y: 10, degrees: 135 });
  });

  it('lands on the side of the called tile that faces the caller', () => {
    expect(glanceAt(tile(0, 0), tile(2, 0))).toMatchObject({ x: 200, y: 20 });
  });
});
