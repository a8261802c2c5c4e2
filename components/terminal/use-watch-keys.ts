'use client';
/**
 * The keys of a terminal somebody watches: t takes control, o reads the output, c copies. They work wherever the focus is while the
 * terminal is what is shown; where it is not on the page yet (t on the wall, o on another tab), the wish waits for it.
 */
import { type RefObject, useEffect, useRef } from 'react';
import { lettersAreOn } from '../keys/letters.ts';
import { makeWish, takeWish, WISH_EVENT, wantsToType } from '../live/wishes.ts';

const OF_A_FIELD = 'input, textarea, select, [contenteditable], [role="menu"], [role="listbox"]';

export interface WatchKeys {
  /** False: what is wished for must wait. */
  ready: boolean;
  /** Not ready, but about to be: a key that is pressed now waits as a wish. */
  soon: boolean;
  /** Control was asked for: letters are meant for the device already, and must not turn the page. */
  wanting?: boolean;
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
      const { ready, soon, take, read, copy } = latest.current;
      if (!(ready || soon) || !place.current?.checkVisibility() || !onTop(place.current)) return;
      if (!ready && event.key === 't') makeWish('type', device);
      else if (!ready) return;
      else if (event.key === 't') take();
      else if (event.key === 'o' && read) read();
      else if (!(event.key === 'c' && copy?.())) return;
      event.preventDefault();
    }
    function early(event: KeyboardEvent) {
      if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof Element && event.target.closest(OF_A_FIELD)) return;
      if (!latest.current.wanting && !wantsToType(device)) return;
      if (!place.current?.checkVisibility() || !onTop(place.current)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    window.addEventListener('keydown', early, { capture: true });
    window.addEventListener('keydown', press);
    return () => {
      window.removeEventListener('keydown', early, { capture: true });
      window.removeEventListener('keydown', press);
    };
  }, [place, device]);
}

/** A dialog over the terminal has the keys, until it is closed: it fades out for a moment more. */
const onTop = (element: HTMLElement): boolean =>
  [...document.querySelectorAll('[role="dialog"]:not([data-closed])')].every((dialog) => dialog.contains(element));
