'use client';
/** How long a question to the device and its answer take, in whole milliseconds. */
import { useEffect, useState } from 'react';
import { askDevice } from '../live/live-link.ts';
import { useLink } from '../live/use-wall.ts';

const EVERY_MS = 10_000;

export function useLatency(device: string): number | undefined {
  const link = useLink();
  const [latencyMs, setLatencyMs] = useState<number>();
  useEffect(() => {
    let gone = false;
    async function measure() {
      if (document.visibilityState !== 'visible') return;
      const startedMs = performance.now();
      const { ok } = await askDevice(link, device, 'term', { op: 'list' });
      if (!gone) setLatencyMs(ok ? Math.round(performance.now() - startedMs) : undefined);
    }
    void measure();
    const timer = setInterval(measure, EVERY_MS);
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [link, device]);
  return latencyMs;
}
