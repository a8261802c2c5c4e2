'use client';
/** One device calls another: for a moment a wedge at the caller's frame and a dot on the called one. Nothing at rest. */
import { useEffect, useRef, useState } from 'react';
import { displayName } from '#contracts/device-words.ts';
import type { DeviceEvent } from '#contracts/event.ts';
import { useGlancesOn } from '../live/glances-setting.ts';
import { useDevices, useLive } from '../live/use-wall.ts';
import { KEY } from '../live/wall-store.ts';
import { type Box, glanceAt, glanceFrom, type Point } from './glance.ts';

const SHOWN_MS = 1_200;
/** An event heard later than this was a snapshot's, not a call of now. */
const FRESH_MS = 5_000;
const MOST = 12;

interface Glance {
  id: string;
  words: string;
  from: Point;
  at: Point;
}

export function Glances() {
  const { store } = useLive();
  const devices = useDevices();
  const on = useGlancesOn();
  const seen = useRef(new Set<string>());
  const [glances, setGlances] = useState<readonly Glance[]>([]);

  useEffect(() => {
    if (!on) return;
    const timers = new Set<ReturnType<typeof setTimeout>>();
    const look = (name: string) => {
      for (const event of store.device(name)?.events ?? []) {
        if (event.kind !== 'call' || event.to === undefined || Date.now() - heardAt(event, store.clockOffsetMs) > FRESH_MS)
          continue;
        const id = `${event.device} ${event.at}`;
        if (seen.current.has(id)) continue;
        seen.current.add(id);
        const glance = glanceOf(id, event.device, event.to);
        if (!glance) continue;
        setGlances((before) => [...before, glance].slice(-MOST));
        const timer = setTimeout(() => {
          timers.delete(timer);
          setGlances((before) => before.filter((one) => one.id !== id));
        }, SHOWN_MS);
        timers.add(timer);
      }
      if (seen.current.size > 500) seen.current = new Set([...seen.current].slice(-100));
    };
    const unsubscribes = devices.map(({ name }) => store.subscribe(KEY.device(name), () => look(name)));
    return () => {
      for (const unsubscribe of unsubscribes) unsubscribe();
      for (const timer of timers) clearTimeout(timer);
      setGlances([]);
    };
  }, [store, devices, on]);

  return (
    <div aria-hidden className="pointer-events-none fixed inset-0 z-30" data-glances={glances.length}>
      {glances.map(({ id, words, from, at }) => (
        <div key={id} className="glance">
          <span className="glance-wedge" style={{ left: from.x, top: from.y, rotate: `${from.degrees}deg` }} />
          <span className="glance-dot" style={{ left: at.x, top: at.y }} />
          <span className="glance-words" style={{ left: from.x, top: from.y }}>
            {words}
          </span>
        </div>
      ))}
    </div>
  );
}

const heardAt = (event: DeviceEvent, offsetMs: number): number => Date.parse(event.at) + offsetMs;

function glanceOf(id: string, caller: string, called: string): Glance | undefined {
  const from = boxOf(caller);
  const at = boxOf(called);
  // Of a tile that is scrolled away nothing is drawn over the bars.
  if (!from || !at || !isInSight(from) || !isInSight(at)) return undefined;
  return { id, words: `→ ${displayName(called)}`, from: glanceFrom(from, at), at: glanceAt(from, at) };
}

function isInSight({ top, height }: Box): boolean {
  const seats = document.querySelector('[data-grid]')?.getBoundingClientRect();
  const middle = top + height / 2;
  return seats !== undefined && middle > Math.max(0, seats.top) && middle < Math.min(window.innerHeight, seats.bottom);
}

function boxOf(device: string): Box | undefined {
  return document.querySelector(`[data-device="${CSS.escape(device)}"]`)?.getBoundingClientRect();
}
