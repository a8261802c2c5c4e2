'use client';
/** What happens from now on, on any device of the wall, told once each; what a snapshot brings of the past is not told. */
import { useEffect, useRef } from 'react';
import type { DeviceEvent } from '#contracts/event.ts';
import { useDevices, useLive } from './use-wall.ts';
import { KEY } from './wall-store.ts';

const FRESH_MS = 5_000;
const REMEMBERED = 500;
const KEPT = 100;

export function useFreshEvents(kind: DeviceEvent['kind'], on: boolean, onEvent: (event: DeviceEvent) => void): void {
  const { store } = useLive();
  const devices = useDevices();
  const seen = useRef(new Set<string>());
  const told = useRef(onEvent);
  told.current = onEvent;
  useEffect(() => {
    if (!on) return;
    const look = (name: string) => {
      for (const event of store.device(name)?.events ?? []) {
        const ageMs = Date.now() - Date.parse(event.at) - store.clockOffsetMs;
        const id = `${event.device} ${event.at}`;
        if (event.kind !== kind || ageMs > FRESH_MS || seen.current.has(id)) continue;
        seen.current.add(id);
        told.current(event);
      }
      if (seen.current.size > REMEMBERED) seen.current = new Set([...seen.current].slice(-KEPT));
    };
    const unsubscribes = devices.map(({ name }) => store.subscribe(KEY.device(name), () => look(name)));
    return () => {
      for (const unsubscribe of unsubscribes) unsubscribe();
    };
  }, [store, devices, on, kind]);
}
