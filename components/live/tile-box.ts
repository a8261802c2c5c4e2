/** Where the tile of a device stands on the page, for what is drawn over it; undefined where none is in sight. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export function tileInSight(device: string): Box | undefined {
  const box = document.querySelector(`[data-device="${CSS.escape(device)}"]`)?.getBoundingClientRect();
  const seats = document.querySelector('[data-grid]')?.getBoundingClientRect();
  if (!box || !seats) return undefined;
  const middle = box.top + box.height / 2;
  // Of a tile that is scrolled away nothing is drawn over the bars.
  return middle > Math.max(0, seats.top) && middle < Math.min(window.innerHeight, seats.bottom) ? box : undefined;
}
