'use client';
import { useEffect, useRef } from 'react';
import { lettersAreOn } from '../keys/letters.ts';
import { type ReplayAction, replayKey } from './replay-keys.ts';

const OF_A_FIELD = 'input:not([type="range"]), textarea, select, [contenteditable], [role="dialog"], [role="menu"]';

/** Keys act wherever the focus is, but in a field; Space stays with a button that has the focus. */
export function useReplayKeys(act: (action: ReplayAction) => void): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || !lettersAreOn()) return;
      const target = event.target instanceof Element ? event.target : undefined;
      if (target?.closest(OF_A_FIELD) || (event.key === ' ' && target?.closest('button, a'))) return;
      const action = replayKey(event.key, event.shiftKey);
      if (!action) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current(action);
    }
    // Before the page's own keys.
    window.addEventListener('keydown', press, { capture: true });
    return () => window.removeEventListener('keydown', press, { capture: true });
  }, []);
}
