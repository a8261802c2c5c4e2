/** Where an arrow leads: the nearest seat on that side, whatever the tiles measure and whether they stand in groups. Pure. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A step aside costs more than a step ahead, so that an arrow stays in its row or column where it can. */
const ASIDE = 30;

export function nextSeat(boxes: readonly Box[], from: number, [x, y]: readonly [number, number]): number | undefined {
  const here = boxes[from];
  if (!here) return undefined;
  let best: { index: number; cost: number } | undefined;
  for (const [index, box] of boxes.entries()) {
    if (index === from) continue;
    const ahead =
      x > 0 ? box.left - here.right : x < 0 ? here.left - box.right : y > 0 ? box.top - here.bottom : here.top - box.bottom;
    if (ahead < -1) continue;
    const aside = x === 0 ? gap(here.left, here.right, box.left, box.right) : gap(here.top, here.bottom, box.top, box.bottom);
    // Left and right stay in the row.
    if (x !== 0 && aside > 0) continue;
    const centre =
      x === 0 ? Math.abs(here.left + here.right - box.left - box.right) : Math.abs(here.top + here.bottom - box.top - box.bottom);
    const cost = ahead + aside * ASIDE + centre / 100;
    if (!best || cost < best.cost) best = { index, cost };
  }
  return best?.index;
}

/** How far two stretches are apart; 0 where they overlap. */
const gap = (a: number, b: number, c: number, d: number): number => Math.max(0, c - b, a - d);
