/** One frame for all tiles: whatever wants to be painted is painted together, once, before the next picture of the screen. */
export interface Paintable {
  paint(): void;
}

const waiting = new Set<Paintable>();
let asked = false;

export function paintSoon(one: Paintable): void {
  waiting.add(one);
  if (asked) return;
  asked = true;
  requestAnimationFrame(paintAll);
}

export const paintNever = (one: Paintable): void => void waiting.delete(one);

function paintAll(): void {
  asked = false;
  const now = [...waiting];
  waiting.clear();
  for (const one of now) one.paint();
}
