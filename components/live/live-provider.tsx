'use client';
/** LiveProvider: one store and one feed for all pages, from sign-in to sign-out. The feed is loaded beside the first drawing. */
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { LiveContext } from './use-wall.ts';
import type { WallFeed } from './wall-feed.ts';
import { WallStore } from './wall-store.ts';

const RETRY_MS = 1_000;

export interface LiveProviderProps {
  children: ReactNode;
  /** Present for a guest: only the line to one terminal is opened, and this is called when the link has ended. */
  onGuestOver?: (() => void) | undefined;
  /** Where the way in is not the login page: a TV pairs again. */
  onSignedOut?: (() => void) | undefined;
}

export function LiveProvider({ children, onGuestOver, onSignedOut = toLogin }: LiveProviderProps) {
  const [signedOut] = useState(() => onSignedOut);
  const [guestOver] = useState(() => onGuestOver);
  const [store] = useState(() => new WallStore());
  const feed = useRef<WallFeed>(undefined);
  useEffect(() => {
    let gone = false;
    // A network that changes under the page lets a file fail once; without another try the wall would wait for ever.
    const begin = (): Promise<void> =>
      import('./wall-feed.ts').then(
        ({ startWallFeed }) => {
          if (!gone) feed.current = startWallFeed(store, () => (guestOver ?? signedOut)(), guestOver !== undefined);
        },
        async () => {
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
          if (!gone) await begin();
        },
      );
    void begin();
    return () => {
      gone = true;
      feed.current?.stop();
    };
  }, [store, guestOver, signedOut]);
  const live = useMemo(() => ({ store, feed: () => feed.current }), [store]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

const toLogin = () => window.location.assign(`/login?next=${encodeURIComponent(window.location.pathname)}`);
