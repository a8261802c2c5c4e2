/** Where a glance is drawn: on the caller's frame, on the side where the called tile sits. Pure. */
import type { Box } from '../live/tile-box.ts';

export interface Point {
  x: number;
  y: number;
  /** Where the wedge points to, in degrees: 0 right, 90 down. */
  degrees: number;
}

/** One of eight directions, the nearest to the line between the two middles. */
export function glanceFrom(caller: Box, called: Box): Point {
  const from = middle(caller);
  const to = middle(called);
  const eighth = Math.round(Math.atan2(to.y - from.y, to.x - from.x) / (Math.PI / 4));
  const x = Math.sign(Math.round(Math.cos(eighth * (Math.PI / 4)) * 2));
  const y = Math.sign(Math.round(Math.sin(eighth * (Math.PI / 4)) * 2));
  return { x: from.x + (x * caller.width) / 2, y: from.y + (y * caller.height) / 2, degrees: ((eighth + 8) % 8) * 45 };
}

/** The dot on the called tile sits on the side that faces the caller. */
export const glanceAt = (caller: Box, called: Box): Point => glanceFrom(called, caller);

const middle = ({ left, top, width, height }: Box) => ({ x: left + width / 2, y: top + height / 2 });
