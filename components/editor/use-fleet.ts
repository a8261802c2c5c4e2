'use client';
/** The fleet as the editor needs it: devices with their labels and whether they are there, and what else is deployed. */
import { useMemo, useSyncExternalStore } from 'react';
import type { DeploymentEntry } from '#contracts/api.ts';
import type { Health } from '#contracts/health.ts';
import { useDeployments } from '../live/use-deployments.ts';
import { useDevices, useLive } from '../live/use-wall.ts';
import { KEY } from '../live/wall-store.ts';

export interface EditorDevice {
  name: string;
  labels: Readonly<Record<string, string>>;
  seat: number;
  health: Health;
}

export interface EditorFleet {
  devices: readonly EditorDevice[];
  deployments: readonly DeploymentEntry[];
}

export function useFleet(): EditorFleet {
  const { store } = useLive();
  const registered = useDevices();
  const deployments = useDeployments();
  // The counts change whenever the health of any device does.
  const counts = useSyncExternalStore(
    (listener) => store.subscribe(KEY.counts, listener),
    () => store.counts,
    () => store.counts,
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: `counts` says that some device's health changed
  const devices = useMemo(
    () =>
      registered.map(
        ({ name, labels, seat }): EditorDevice => ({ name, labels, seat, health: store.device(name)?.health ?? 'not-seen' }),
      ),
    [registered, store, counts],
  );
  return { devices, deployments };
}
