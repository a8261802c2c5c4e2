'use client';
/** Things that live once and that anything may ask for: `request('add-device')` opens it, `useRequested('add-device')` is where it stands. */
import { useEffect, useState } from 'react';

export type Requestable = 'keys' | 'palette' | 'add-device';

const eventOf = (what: Requestable) => `scorewall:${what}`;

export const request = (what: Requestable): void => void window.dispatchEvent(new Event(eventOf(what)));

export function useRequested(what: Requestable): [open: boolean, setOpen: (open: boolean) => void] {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const listen = () => setOpen(true);
    window.addEventListener(eventOf(what), listen);
    return () => window.removeEventListener(eventOf(what), listen);
  }, [what]);
  return [open, setOpen];
}
