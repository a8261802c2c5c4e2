'use client';
/** How much of the page a phone's keyboard covers, so that what stands at the bottom stands above it. */
import { useSyncExternalStore } from 'react';

/** Bars of the browser that come and go are no keyboard. */
const LEAST_PX = 120;

function covered(): number {
  const seen = window.visualViewport;
  // Fingers that zoom into the page make the seen part smaller too.
  if (!seen || seen.scale > 1.01) return 0;
  const px = Math.round(window.innerHeight - seen.height - seen.offsetTop);
  return px >= LEAST_PX ? px : 0;
}

function subscribe(changed: () => void): () => void {
  const seen = window.visualViewport;
  seen?.addEventListener('resize', changed);
  seen?.addEventListener('scroll', changed);
  return () => {
    seen?.removeEventListener('resize', changed);
    seen?.removeEventListener('scroll', changed);
  };
}

export const useKeyboardHeight = (): number => useSyncExternalStore(subscribe, covered, () => 0);
