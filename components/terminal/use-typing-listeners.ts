'use client';
/** What happens around the screen: pastes are looked at, keys stay inside, a press elsewhere stops typing. */
import { type RefObject, useEffect, useRef } from 'react';

interface TypingListeners {
  root: RefObject<HTMLElement | null>;
  box: RefObject<HTMLElement | null>;
  typing: boolean;
  /** As it is now, also before the page is drawn again. */
  isTyping(): boolean;
  stop(): void;
  onPaste(text: string): void;
  refocus(): void;
}

export function useTypingListeners({ root, box, typing, isTyping, stop, onPaste, refocus }: TypingListeners): void {
  const latest = useRef(onPaste);
  latest.current = onPaste;
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    function paste(event: ClipboardEvent) {
      event.preventDefault();
      event.stopPropagation();
      const text = event.clipboardData?.getData('text/plain');
      if (text && isTyping()) latest.current(text);
    }
    // xterm takes the focus at every press; while watching, keys belong to the page.
    function focus() {
      if (!isTyping()) root.current?.focus({ preventScroll: true });
    }
    const inside = (event: Event) => {
      if (isTyping()) event.stopPropagation();
    };
    element.addEventListener('paste', paste, { capture: true });
    element.addEventListener('focusin', focus);
    for (const kind of ['keydown', 'keypress', 'keyup']) element.addEventListener(kind, inside);
    return () => {
      element.removeEventListener('paste', paste, { capture: true });
      element.removeEventListener('focusin', focus);
      for (const kind of ['keydown', 'keypress', 'keyup']) element.removeEventListener(kind, inside);
    };
  }, [box, root, isTyping]);
  useEffect(() => {
    if (!typing) return;
    function elsewhere(event: Event) {
      // It may have ended a moment ago, before the page is drawn again.
      if (!isTyping()) return;
      const target = event.target instanceof Element ? event.target : undefined;
      // A button of ours that had the focus is gone, and the dialog around us took it.
      if (event.type === 'focusin' && target?.contains(box.current)) {
        refocus();
        return;
      }
      if (!target || box.current?.contains(target) || target.closest('[data-keeps-typing]')) return;
      // The paste and the link ask in a dialog of their own.
      const dialog = target.closest('[role="dialog"]');
      if (dialog && box.current && !dialog.contains(box.current)) return;
      stop();
    }
    document.addEventListener('pointerdown', elsewhere, { capture: true });
    document.addEventListener('focusin', elsewhere);
    return () => {
      document.removeEventListener('pointerdown', elsewhere, { capture: true });
      document.removeEventListener('focusin', elsewhere);
    };
  }, [typing, isTyping, box, stop, refocus]);
}
