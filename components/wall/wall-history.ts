/** Undo and redo of what was changed on a wall: each step is the values before and after. Pure. */
import type { Wall } from '#contracts/wall.ts';

export type WallPart = Partial<Omit<Wall, 'name'>>;

interface Step {
  before: WallPart;
  after: WallPart;
}

export interface WallHistory {
  past: readonly Step[];
  future: readonly Step[];
}

export const EMPTY_HISTORY: WallHistory = { past: [], future: [] };
const KEPT_STEPS = 50;

export function remember({ past }: WallHistory, wall: Wall, after: WallPart): WallHistory {
  const keys = Object.keys(after) as (keyof WallPart)[];
  const before = Object.fromEntries(keys.map((key) => [key, wall[key]])) as WallPart;
  return { past: [...past, { before, after }].slice(-KEPT_STEPS), future: [] };
}

export function undo({ past, future }: WallHistory): { part: WallPart; history: WallHistory } | undefined {
  const step = past.at(-1);
  return step && { part: step.before, history: { past: past.slice(0, -1), future: [step, ...future] } };
}

export function redo({ past, future }: WallHistory): { part: WallPart; history: WallHistory } | undefined {
  const [step, ...later] = future;
  return step && { part: step.after, history: { past: [...past, step], future: later } };
}
