'use client';
import type { PaneProps } from '../live/panes.tsx';

export function ScreenPane({ device }: PaneProps) {
  return <section aria-label={`Screen of ${device}`} />;
}
