'use client';
/** Says changes of health aloud: one sentence at a time, at most every five seconds. */
import { useEffect, useState } from 'react';
import { displayName } from '#contracts/device-words.ts';
import type { Health } from '#contracts/health.ts';
import { useLive } from '../live/use-wall.ts';
import { KEY } from '../live/wall-store.ts';
import { announcement, type HealthChange } from './announcement.ts';
import { onSay } from './say.ts';
import { playTone, useMuted, useSounds } from './sounds.ts';

const PAUSE_MS = 5_000;

export function LiveRegion() {
  const { store } = useLive();
  const [said, setSaid] = useState<{ text: string; urgent: boolean }>();
  const muted = useMuted();
  const sounds = useSounds() && !muted;
  useEffect(() => onSay((text) => setSaid({ text, urgent: false })), []);
  useEffect(() => {
    const known = new Map<string, Health>();
    const pending = new Map<string, HealthChange>();
    const look = () => {
      for (const { name } of store.devices) {
        const health = store.device(name)?.health ?? 'not-seen';
        const from = pending.get(name)?.from ?? known.get(name);
        if (known.size > 0 && from !== undefined && from !== health)
          pending.set(name, { name: displayName(name), from, to: health });
        else pending.delete(name);
        if (!pending.has(name)) known.set(name, health);
      }
    };
    const speak = () => {
      const next = announcement([...pending.values()]);
      if (!next) return;
      // Muted means silent, not late: what happened meanwhile is not told afterwards.
      if (!muted) setSaid(next);
      if (sounds && next.urgent) playTone();
      for (const [name, { to }] of pending) known.set(name, to);
      pending.clear();
    };
    look();
    const unsubscribe = store.subscribe(KEY.counts, look);
    const speaking = setInterval(speak, PAUSE_MS);
    return () => {
      unsubscribe();
      clearInterval(speaking);
    };
  }, [store, muted, sounds]);
  return (
    <>
      <p className="sr-only" aria-live="polite">
        {said && !said.urgent ? said.text : ''}
      </p>
      <p className="sr-only" aria-live="assertive">
        {said?.urgent ? said.text : ''}
      </p>
    </>
  );
}
