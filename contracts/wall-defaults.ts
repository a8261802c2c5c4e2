/** A wall nobody changed yet. Apart from its schema, so that a page may draw before it can parse. Pure. */
import type { Wall } from './wall.ts';

export const MAIN_WALL = 'main';

export const EMPTY_WALL: Omit<Wall, 'name' | 'title'> = {
  filter: '',
  group: null,
  density: 'auto',
  layout: 'nine',
  order: [],
  pinned: [],
  faces: {},
  cycleSeconds: 30,
};
