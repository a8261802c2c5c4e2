'use client';
/**
 * Hooks over the live wall; each redraws its component only when its own key changed.
 *   useDevice('alice') -> DeviceView | undefined     useDevices() -> Device[] by seat       useCounts() -> { running: 3, offline: 1 }
 *   useDeployment('hello') -> DeploymentEntry | undefined     useDeploymentNames()          useHub(), useLink(), useWallName(), useLoaded()
 * `useNow(ms)` gives the clock, ticking every `ms`: use it in the smallest component that shows an age.
 */
import { createContext, useCallback, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { entryOf } from './deployment-view.ts';
import type { WallFeed } from './wall-feed.ts';
import { KEY, type WallStore } from './wall-store.ts';

export interface Live {
  store: WallStore;
  feed: () => WallFeed | undefined;
}

export const LiveContext = createContext<Live | undefined>(undefined);

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error('The live wall is missing here: draw this component inside Providers.');
  return live;
}

function useKey<T>(key: string, read: (store: WallStore) => T): T {
  const { store } = useLive();
  const subscribe = useCallback((listener: () => void) => store.subscribe(key, listener), [store, key]);
  const snapshot = () => read(store);
  return useSyncExternalStore(subscribe, snapshot, snapshot);
}

export const useDevices = () => useKey(KEY.devices, (store) => store.devices);
export const useCounts = () => useKey(KEY.counts, (store) => store.counts);
/** Services asked for on all devices. */
export const useServiceCount = () => useKey(KEY.counts, (store) => store.services);
/** Deployments on their way. */
export const useRollouts = () => useKey(KEY.rollouts, (store) => store.rollouts);
export const useHub = () => useKey(KEY.hub, (store) => store.hub);
/** The line to the devices, for sessions and peeks; another one after each renewal or loss. */
export const useLink = () => useKey(KEY.link, (store) => store.link);
export const useWallName = () => useKey(KEY.wallName, (store) => store.wallName);
export const useLoaded = () => useKey(KEY.loaded, (store) => store.loaded);
export const useDeploymentNames = () => useKey(KEY.deployments, (store) => store.deploymentNames);
export const useDevice = (name: string) => useKey(KEY.device(name), (store) => store.device(name));

export function useDeployment(name: string) {
  const view = useKey(KEY.deployment(name), (store) => store.deployment(name));
  return useMemo(() => entryOf(view), [view]);
}

export function useNow(everyMs = 1_000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
