'use client';
/** The page's peek client, made when the first tile wants one, and the state of one picture. */
import { useSyncExternalStore } from 'react';
import { faceToken } from '#contracts/face-token.ts';
import type { Face } from '#contracts/peek.ts';
import { useLive } from '../live/use-wall.ts';
import type { WallStore } from '../live/wall-store.ts';
import { PeekClient } from './peek-client.ts';
import type { PeekSource, PictureState } from './peek-source.ts';

const clients = new WeakMap<WallStore, PeekClient>();

export function usePeekClient(): PeekClient {
  const { store } = useLive();
  const client = clients.get(store) ?? new PeekClient(store);
  clients.set(store, client);
  return client;
}

export function usePeekSource(device: string, face: Face): PeekSource {
  const client = usePeekClient();
  return client.source(device, face);
}

export function usePictureState(device: string, face: Face): PictureState {
  const source = usePeekSource(device, face);
  return useSyncExternalStore(source.subscribe, source.snapshot, source.snapshot);
}

export const faceKey = (face: Face): string => faceToken(face);
