'use client';
/** Which tiles are selected, and what a press with Ctrl or Shift does to that. */
import { type MouseEvent, useCallback, useRef, useState } from 'react';

export interface Selection {
  selected: ReadonlySet<string>;
  toggle(name: string): void;
  /** True: the press selected something and is done. */
  press(name: string, event: MouseEvent): boolean;
  clear(): void;
}

const NONE: ReadonlySet<string> = new Set();

export function useSelection(): Selection {
  const [selected, setSelected] = useState(NONE);
  const anchor = useRef<string>(undefined);
  const toggle = useCallback((name: string) => {
    anchor.current = name;
    setSelected((before) => {
      const after = new Set(before);
      if (!after.delete(name)) after.add(name);
      return after;
    });
  }, []);
  const press = useCallback(
    (name: string, event: MouseEvent) => {
      if (event.ctrlKey || event.metaKey) {
        toggle(name);
        return true;
      }
      if (!event.shiftKey) return false;
      const names = rectangle(anchor.current ?? name, name);
      anchor.current ??= name;
      setSelected((before) => new Set([...before, ...names]));
      return true;
    },
    [toggle],
  );
  const clear = useCallback(() => setSelected(NONE), []);
  return { selected, toggle, press, clear };
}

/** All tiles in the rectangle whose corners these two are. */
function rectangle(from: string, to: string): string[] {
  const tiles = [...document.querySelectorAll<HTMLElement>('[data-grid] [data-tile]')].map((tile) => ({
    name: tile.dataset.tile ?? '',
    box: tile.getBoundingClientRect(),
  }));
  const corners = tiles.filter(({ name }) => name === from || name === to).map(({ box }) => box);
  if (corners.length === 0) return [];
  const [left, right] = [Math.min(...corners.map((box) => box.left)), Math.max(...corners.map((box) => box.right))];
  const [top, bottom] = [Math.min(...corners.map((box) => box.top)), Math.max(...corners.map((box) => box.bottom))];
  return tiles
    .filter(({ box }) => {
      const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
      return x >= left && x <= right && y >= top && y <= bottom;
    })
    .map(({ name }) => name);
}
