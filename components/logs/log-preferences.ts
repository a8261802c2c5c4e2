'use client';
/** How somebody likes to read logs; kept in this browser. */
import { useCallback, useEffect, useState } from 'react';

export interface LogPreferences {
  wrap: boolean;
  times: boolean;
}

const KEY = 'scorewall.logs';
const DEFAULT: LogPreferences = { wrap: false, times: true };

export function useLogPreferences(): [LogPreferences, (change: Partial<LogPreferences>) => void] {
  const [preferences, setPreferences] = useState(DEFAULT);
  useEffect(() => setPreferences(read()), []);
  const change = useCallback((some: Partial<LogPreferences>) => {
    setPreferences((before) => {
      const after = { ...before, ...some };
      try {
        localStorage.setItem(KEY, JSON.stringify(after));
      } catch {
        // A browser that keeps nothing starts with the default next time.
      }
      return after;
    });
  }, []);
  return [preferences, change];
}

function read(): LogPreferences {
  try {
    const { wrap, times } = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<LogPreferences>;
    return { wrap: wrap === true, times: times !== false };
  } catch {
    return DEFAULT;
  }
}
