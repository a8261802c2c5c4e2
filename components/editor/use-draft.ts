'use client';
/** The text under the author's hands: kept as a draft a moment after each change, and measured against what is stored. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { type Draft, discardDraft, saveDraft } from './draft.ts';

/** What the draft started from. */
export interface Base {
  revision: number;
  text: string;
}

export interface DraftStart {
  text: string;
  base: Base | undefined;
  savedAt?: number | undefined;
}

const SAVE_AFTER_MS = 300;
export const plainLines = (text: string): string => text.replace(/\r\n?/g, '\n');

export function useDraft(key: string, start: DraftStart) {
  const [text, setText] = useState(() => plainLines(start.text));
  const [base, setBase] = useState(start.base);
  const [savedAt, setSavedAt] = useState(start.savedAt);
  const [stored, setStored] = useState(true);
  const touched = useRef(false);

  const save = useCallback(() => {
    if (text === base?.text) {
      discardDraft(key);
      setSavedAt(undefined);
      return;
    }
    const draft: Draft = { text, savedAt: Date.now(), ...(base ? { baseRevision: base.revision, baseText: base.text } : {}) };
    setStored(saveDraft(key, draft));
    setSavedAt(draft.savedAt);
  }, [key, text, base]);

  const unsaved = useRef<() => void>(undefined);
  useEffect(() => {
    if (!touched.current) return;
    const flush = () => {
      unsaved.current = undefined;
      save();
    };
    unsaved.current = flush;
    const timer = setTimeout(flush, SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [save]);

  useEffect(() => {
    // A page that is left at once must not lose the last keys.
    const leave = () => unsaved.current?.();
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, []);

  const change = useCallback((next: string | ((text: string) => string)) => {
    touched.current = true;
    setText(next);
  }, []);

  /** Nothing is saved again after this: the page is left. */
  const discard = useCallback(() => {
    touched.current = false;
    unsaved.current = undefined;
    discardDraft(key);
    setSavedAt(undefined);
  }, [key]);

  const rebase = useCallback((next: Base, merged: string) => {
    touched.current = true;
    setBase(next);
    setText(plainLines(merged));
  }, []);

  return { text, change, base, rebase, savedAt, stored, save, discard, changed: text !== base?.text };
}

export type EditorDraft = ReturnType<typeof useDraft>;
