'use client';
/**
 * One wall as this page shows it: what is saved, with what was changed here on top. People who may change walls save for everybody,
 * against the revision they saw; for all others a change stays in their browser.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { WallEntry } from '#contracts/api-walls.ts';
import type { ProblemError } from '#contracts/problem.ts';
import type { Wall } from '#contracts/wall.ts';
import { EMPTY_WALL, MAIN_WALL } from '#contracts/wall-defaults.ts';
import { useMe } from '../live/use-me.ts';
import { useWallName } from '../live/use-wall.ts';
import { toastStore } from '../ui/toast-store.ts';
import { readKept, writeKept } from './kept-here.ts';
import { useSavedWalls } from './use-saved-walls.ts';
import { EMPTY_HISTORY, redo, remember, undo, type WallHistory, type WallPart } from './wall-history.ts';

const SAVE_AFTER_MS = 300;
const RETRY_MS = 3_000;

export interface WallSettings {
  wall: Wall;
  entries: readonly WallEntry[];
  /** `loading`: not known yet. `missing`: no wall has this name. */
  phase: 'loading' | 'ready' | 'missing';
  /** What is changed is saved for everybody. */
  shared: boolean;
  /** Changed in this browser only. */
  own: boolean;
  change(part: WallPart): void;
  undo(): void;
  redo(): void;
  /** Gives up what was changed in this browser only. */
  forget(): void;
  reload(): void;
  put(entry: WallEntry): void;
}

export function useWallSettings(name: string): WallSettings {
  const { entries, put, reload } = useSavedWalls();
  const me = useMe();
  const shared = me?.rights.includes('deploy') ?? false;
  const hubName = useWallName();
  const [draft, setDraft] = useState<WallPart>({});
  const [kept, setKept] = useState<WallPart>({});
  const [history, setHistory] = useState<WallHistory>(EMPTY_HISTORY);
  const saved = entries?.find(({ wall }) => wall.name === name);
  const base: Wall = saved?.wall ?? { ...EMPTY_WALL, name, title: hubName || 'Workshop' };
  const wall: Wall = { ...base, ...kept, ...draft };

  useEffect(() => {
    setKept(readKept(name));
    setDraft({});
    setHistory(EMPTY_HISTORY);
  }, [name]);

  const latest = useRef({ wall, history, base, put, reload });
  latest.current = { wall, history, base, put, reload };
  /** The newest revision seen: one's own last save is known here before it is drawn. */
  const seen = useRef<WallEntry>(undefined);
  if (seen.current?.wall.name !== name || (saved && saved.revision > seen.current.revision)) seen.current = saved;
  const saving = useRef(Promise.resolve());
  /** Somebody else was faster than a save that a further change here had already replaced: the next one tells it. */
  const overtaken = useRef<{ name: string; error: ProblemError }>(undefined);

  const apply = useCallback((part: WallPart) => setDraft((before) => ({ ...before, ...part })), []);

  useEffect(() => {
    if (Object.keys(draft).length === 0 || !me) return undefined;
    if (!shared) {
      setKept((before) => {
        const after = { ...before, ...draft };
        writeKept(name, after);
        return after;
      });
      setDraft({});
      return undefined;
    }
    let gone = false;
    const later = () => {
      // One after the other: each is saved against the revision the one before has made.
      saving.current = saving.current.then(save);
    };
    let timer = setTimeout(later, SAVE_AFTER_MS);
    async function save() {
      const before = seen.current;
      const next: Wall = { ...(before?.wall ?? latest.current.base), ...draft };
      const { wallsApi, currentWall } = await import('./walls-io.ts');
      if (overtaken.current?.name === name) {
        if (gone) return;
        const { error } = overtaken.current;
        overtaken.current = undefined;
        refuse(error, currentWall(error));
        return;
      }
      try {
        const entry = await wallsApi.put(next, before?.revision ?? 0);
        seen.current = entry;
        latest.current.put(entry);
        setDraft((now) => without(now, draft));
      } catch (error) {
        const problem = error as Partial<ProblemError>;
        if (gone) {
          if (problem.code === 'precondition-failed') overtaken.current = { name, error: error as ProblemError };
          return;
        }
        if (problem.code && problem.code !== 'unavailable') refuse(error as ProblemError, currentWall(error as ProblemError));
        else timer = setTimeout(later, RETRY_MS);
      }
    }
    function refuse(error: ProblemError, current: WallEntry | undefined) {
      setDraft((now) => without(now, draft));
      setHistory(EMPTY_HISTORY);
      if (current) seen.current = current;
      if (current) latest.current.put(current);
      else latest.current.reload();
      toastStore.add({
        title: error.message,
        text: error.detail,
        ...(current ? { action: { label: 'Change it all the same', onClick: () => apply(draft) } } : {}),
      });
    }
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [draft, me, shared, name, apply]);

  const change = useCallback(
    (part: WallPart) => {
      setHistory((before) => remember(before, latest.current.wall, part));
      apply(part);
    },
    [apply],
  );
  const travel = useCallback(
    (step: typeof undo) => {
      const next = step(latest.current.history);
      if (!next) return;
      setHistory(next.history);
      apply(next.part);
    },
    [apply],
  );

  return {
    wall,
    entries: entries ?? [],
    phase: entries === undefined ? 'loading' : saved || name === MAIN_WALL ? 'ready' : 'missing',
    shared,
    own: Object.keys(kept).length > 0,
    change,
    undo: useCallback(() => travel(undo), [travel]),
    redo: useCallback(() => travel(redo), [travel]),
    forget: () => {
      writeKept(name, {});
      setKept({});
    },
    reload,
    put,
  };
}

/** What was changed again meanwhile stays a change. */
function without(now: WallPart, sent: WallPart): WallPart {
  const left = Object.entries(now).filter(([key, value]) => sent[key as keyof WallPart] !== value);
  return left.length === Object.keys(now).length ? now : (Object.fromEntries(left) as WallPart);
}
