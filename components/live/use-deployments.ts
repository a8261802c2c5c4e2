'use client';
/** useDeployments(): every deployment with its status, live, by name. Redraws when any of them changed. */
import { useEffect, useMemo, useReducer } from 'react';
import type { DeploymentEntry } from '#contracts/api.ts';
import { entryOf } from './deployment-view.ts';
import { useDeploymentNames, useLive } from './use-wall.ts';
import { KEY } from './wall-store.ts';

export function useDeployments(): readonly DeploymentEntry[] {
  const { store } = useLive();
  const names = useDeploymentNames();
  const [version, changed] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const stops = names.map((name) => store.subscribe(KEY.deployment(name), changed));
    changed();
    return () => {
      for (const stop of stops) stop();
    };
  }, [store, names]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` counts the changes inside the store
  return useMemo(() => names.flatMap((name) => entryOf(store.deployment(name)) ?? []), [store, names, version]);
}
