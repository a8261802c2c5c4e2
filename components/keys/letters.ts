'use client';
/** Keys of a single letter can be switched off in one place, for people whose voice or hands press them by accident (WCAG 2.1.4). */
import { useSyncExternalStore } from 'react';

const KEY = 'scorewall.letters';
const CHANGED = 'scorewall:letters';

export function lettersAreOn(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}

export function setLetters(on: boolean): void {
  try {
    if (on) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, 'off');
  } catch {
    // A browser that keeps nothing keeps the default.
  }
  window.dispatchEvent(new Event(CHANGED));
}

function subscribe(listener: () => void): () => void {
  window.addEventListener(CHANGED, listener);
  return () => window.removeEventListener(CHANGED, listener);
}

export const useLetters = (): boolean => useSyncExternalStore(subscribe, lettersAreOn, () => true);
