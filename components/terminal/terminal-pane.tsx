'use client';
import type { PaneProps } from '../live/panes.tsx';

export function TerminalPane({ device }: PaneProps) {
  return <section aria-label={`Terminal of ${device}`} />;
}
