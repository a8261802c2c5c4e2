'use client';
/** Whether this browser shows glances: one switch, kept here. */
import { useSyncExternalStore } from 'react';

const KEY = 'scorewall.glances';
const listeners = new Set<() => void>();

function read(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}

export function setGlances(on: boolean): void {
  try {
    localStorage.setItem(KEY, on ? 'on' : 'off');
  } catch {
    // A browser that keeps nothing shows them.
  }
  for (const listener of listeners) listener();
}

export const useGlancesOn = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read,
    () => true,
  );
