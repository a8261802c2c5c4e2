import { describe, expect, it } from 'vitest';
import type { Wall } from '#contracts/wall.ts';
import { EMPTY_WALL } from '#contracts/wall-defaults.ts';
import { EMPTY_HISTORY, redo, remember, undo } from './wall-history.ts';

const wall: Wall = { ...EMPTY_WALL, name: 'main', title: 'Workshop' };

describe('undo', () => {
  it('gives back what was changed and nothing else, and redo does it again', () => {
    const history = remember(EMPTY_HISTORY, wall, { pinned: ['alice'] });
    const undone = undo(history);
    expect(undone?.part).toEqual({ pinned: [] });
    expect(redo(undone!.history)?.part).toEqual({ pinned: ['alice'] });
    expect(undo(undone!.history)).toBeUndefined();
  });

  it('forgets what was undone once something else is done', () => {
    const undone = undo(remember(EMPTY_HISTORY, wall, { density: 'S' }))!;
    expect(redo(remember(undone.history, wall, { density: 'L' }))).toBeUndefined();
  });

  it('is bounded', () => {
    let history = EMPTY_HISTORY;
    for (let step = 0; step < 200; step++) history = remember(history, wall, { density: 'S' });
    expect(history.past).toHaveLength(50);
  });
});
