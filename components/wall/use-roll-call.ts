'use client';
/** The frames come in column by column, once a session; any key skips. Off where motion is reduced (by the style sheet). */
import { useEffect, useState } from 'react';

const KEY = 'scorewall.roll-call';
const LONGEST_MS = 900;

export function useRollCall(): boolean {
  const [running, setRunning] = useState(firstTime);
  useEffect(() => {
    if (!running) return undefined;
    try {
      sessionStorage.setItem(KEY, 'done');
    } catch {
      // Without storage it plays once a page.
    }
    const end = () => setRunning(false);
    const timer = setTimeout(end, LONGEST_MS);
    window.addEventListener('keydown', end, { once: true });
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', end);
    };
  }, [running]);
  return running;
}

function firstTime(): boolean {
  try {
    return typeof window !== 'undefined' && sessionStorage.getItem(KEY) === null;
  } catch {
    return false;
  }
}
