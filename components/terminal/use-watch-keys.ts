'use client';
/**
 * The keys of a terminal somebody watches: t takes control, o reads the output, c copies. They work wherever the focus is while the
 * terminal is what is shown; where it is not on the page yet (t on the wall, o on another tab), the wish waits for it.
 */
import { type RefObject, useEffect, useRef } from 'react';
import { lettersAreOn } from '../keys/letters.ts';
import { takeWish, WISH_EVENT } from '../live/wishes.ts';

const OF_A_FIELD = 'input, textarea, select, [contenteditable], [role="menu"], [role="listbox"]';

export interface WatchKeys {
  /** False: what is wished for must wait. */
  ready: boolean;
  take(): void;
  read?(): void;
  /** False: there was nothing to copy. */
  copy?(): boolean;
}

export function useWatchKeys(device: string, place: RefObject<HTMLElement | null>, keys: WatchKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  const { ready } = keys;
  const reads = keys.read !== undefined;
  useEffect(() => {
    if (!ready) return;
    const wish = () => {
      if (takeWish('type', device)) latest.current.take();
      else if (reads && takeWish('read-output', device)) latest.current.read?.();
    };
    wish();
    window.addEventListener(WISH_EVENT, wish);
    return () => window.removeEventListener(WISH_EVENT, wish);
  }, [device, ready, reads]);
  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat || !lettersAreOn()) return;
      if (event.target instanceof Element && event.target.closest(OF_A_FIELD)) return;
      if (!latest.current.ready || !place.current?.checkVisibility() || !onTop(place.current)) return;
      const { take, read, copy } = latest.current;
      if (event.key === 't') take();
      else if (event.key === 'o' && read) read();
      else if (!(event.key === 'c' && copy?.())) return;
      event.preventDefault();
    }
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [place]);
}

/** A dialog over the terminal has the keys. */
const onTop = (element: HTMLElement): boolean =>
  [...document.querySelectorAll('[role="dialog"]')].every((dialog) => dialog.contains(element));
