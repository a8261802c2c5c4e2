'use client';
/** How this browser looks at the wall: density, layout, filter. Kept here, per browser; the filter only for the visit. */
import { useCallback, useEffect, useState } from 'react';
import type { Density, Layout } from './grid.ts';

export interface WallView {
  density: Density | 'auto';
  layout: Layout;
}

const KEY = 'scorewall.wall-view';
const DEFAULT: WallView = { density: 'auto', layout: 'nine' };

function read(): WallView {
  try {
    const { density, layout } = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<WallView>;
    return {
      density: density === 'S' || density === 'M' || density === 'L' ? density : DEFAULT.density,
      layout: layout === 'fill' ? 'fill' : DEFAULT.layout,
    };
  } catch {
    return DEFAULT;
  }
}

export function useWallView(): [WallView, (change: Partial<WallView>) => void] {
  const [view, setView] = useState(DEFAULT);
  useEffect(() => setView(read()), []);
  const change = useCallback((part: Partial<WallView>) => {
    setView((before) => {
      const after = { ...before, ...part };
      try {
        localStorage.setItem(KEY, JSON.stringify(after));
      } catch {
        // A browser that keeps nothing still shows the choice until the page closes.
      }
      return after;
    });
  }, []);
  return [view, change];
}
