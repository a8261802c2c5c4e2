'use client';
/**
 * The key t: asks the terminal that is shown to take control. Where the terminal is not on the page yet (t on the wall, or on another
 * tab), the wish waits a moment for it.
 */
import { type RefObject, useEffect, useRef } from 'react';
import { takeWish, WISH_EVENT } from '../live/wishes.ts';

const OF_A_FIELD = 'input, textarea, select, [contenteditable], [role="menu"], [role="listbox"]';

export function useTakeControl(device: string, place: RefObject<HTMLElement | null>, take: () => void): void {
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    const wish = () => {
      if (takeWish('type', device)) latest.current();
    };
    function press(event: KeyboardEvent) {
      if (event.key !== 't' || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (event.target instanceof Element && event.target.closest(OF_A_FIELD)) return;
      if (!place.current?.checkVisibility() || !onTop(place.current)) return;
      event.preventDefault();
      latest.current();
    }
    window.addEventListener(WISH_EVENT, wish);
    window.addEventListener('keydown', press);
    return () => {
      window.removeEventListener(WISH_EVENT, wish);
      window.removeEventListener('keydown', press);
    };
  }, [device, place]);
}

/** A dialog over the terminal has the keys. */
const onTop = (element: HTMLElement): boolean =>
  [...document.querySelectorAll('[role="dialog"]')].every((dialog) => dialog.contains(element));
