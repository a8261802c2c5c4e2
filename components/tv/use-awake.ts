'use client';
/** Keeps the screen awake where the browser allows it: only on a secure page, and again whenever the page comes back into sight. */
import { useEffect, useState } from 'react';

/** False: this TV may go to sleep. */
export function useAwake(): boolean {
  const [awake, setAwake] = useState(true);
  useEffect(() => {
    let lock: WakeLockSentinel | undefined;
    let gone = false;
    async function hold() {
      if (document.hidden || gone) return;
      try {
        lock = await navigator.wakeLock?.request('screen');
        if (!gone) setAwake(lock !== undefined);
      } catch {
        if (!gone) setAwake(false);
      }
    }
    const look = () => void hold();
    look();
    document.addEventListener('visibilitychange', look);
    return () => {
      gone = true;
      document.removeEventListener('visibilitychange', look);
      void lock?.release().catch(() => undefined);
    };
  }, []);
  return awake;
}
