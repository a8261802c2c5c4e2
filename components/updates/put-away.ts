'use client';
/** The line about agents that a person put away in this browser: it stays away until there is something else to say. */
import { useSyncExternalStore } from 'react';

const KEY = 'scorewall.updates.put-away';
const listeners = new Set<() => void>();

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function putAway(line: string): void {
  try {
    localStorage.setItem(KEY, line);
  } catch {
    // A browser that keeps nothing shows it again.
  }
  for (const listener of listeners) listener();
}

export const useIsPutAway = (line: string): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => read() === line,
    () => false,
  );
