'use client';
/** Things that are shown for a moment and then gone: `show(one)` adds one, the newest `most` are kept. */
import { useCallback, useEffect, useRef, useState } from 'react';

export function useMoments<T>(forMs: number, most: number): [moments: readonly T[], show: (one: T) => void] {
  const [moments, setMoments] = useState<readonly T[]>([]);
  const timers = useRef(new Set<ReturnType<typeof setTimeout>>());
  useEffect(() => {
    const all = timers.current;
    return () => {
      for (const timer of all) clearTimeout(timer);
      all.clear();
    };
  }, []);
  const show = useCallback(
    (one: T) => {
      setMoments((before) => [...before, one].slice(-most));
      const timer = setTimeout(() => {
        timers.current.delete(timer);
        setMoments((before) => before.filter((other) => other !== one));
      }, forMs);
      timers.current.add(timer);
    },
    [forMs, most],
  );
  return [moments, show];
}
