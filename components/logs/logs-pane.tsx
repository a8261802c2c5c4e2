'use client';
import type { PaneProps } from '../live/panes.tsx';

export function LogsPane({ device }: PaneProps) {
  return <section aria-label={`Logs of ${device}`} />;
}
