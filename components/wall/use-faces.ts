'use client';
/** The faces of one device, again when what runs there or what was declared for it changes. */
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { Face } from '#contracts/peek.ts';
import type { DeviceView } from '../live/device-view.ts';
import { useLive } from '../live/use-wall.ts';
import { KEY } from '../live/wall-store.ts';
import { type FaceChoice, facesOf, shownFace } from './faces.ts';

export function useFaces(view: DeviceView | undefined, chosen: Face | undefined): { choices: readonly FaceChoice[]; face: Face } {
  const { store } = useLive();
  const status = view?.status.value;
  const names = (status?.deployments ?? []).map(({ name }) => name).join(' ');
  const subscribe = useCallback(
    (listener: () => void) => {
      const stops = names.split(' ').map((name) => store.subscribe(KEY.deployment(name), listener));
      return () => {
        for (const stop of stops) stop();
      };
    },
    [store, names],
  );
  // The objects of the store stay the same while nothing changed, so their revisions say whether anything did.
  const revisions = () =>
    names
      .split(' ')
      .map((name) => store.deployment(name)?.revision)
      .join(' ');
  const seen = useSyncExternalStore(subscribe, revisions, revisions);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `seen` stands for what was read of the deployments
  return useMemo(() => {
    const choices = facesOf(status, (name) => store.deployment(name)?.deployment?.spec.score);
    return { choices, face: shownFace(choices, chosen) };
  }, [store, status, chosen, seen]);
}
