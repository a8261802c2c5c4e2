/** The part of the REST API about joining and identity: `await identityApi.startJoin({ name: 'shellfish' })`. As api-client.ts. */
import * as z from 'zod';
import {
  DeviceIdentity,
  type JoinTokenRequest,
  JoinView,
  KeepOutResult,
  LedgerProof,
  NewJoin,
  RotateAllResult,
} from '#contracts/api-identity.ts';
import { request } from './api-client.ts';

const at = (name: string) => encodeURIComponent(name);
const Nothing = z.unknown();
const JoinList = z.object({ items: z.array(JoinView) });

export const identityApi = {
  startJoin: (json: z.input<typeof JoinTokenRequest>) => request(NewJoin, '/join-tokens', { method: 'POST', json }),
  joins: (signal?: AbortSignal) => request(JoinList, '/join-tokens', { signal }),
  withdrawJoin: (tid: string) => request(Nothing, `/join-tokens/${at(tid)}`, { method: 'DELETE', json: {} }),
  approveJoin: (tid: string) => request(Nothing, `/join-tokens/${at(tid)}/approve`, { method: 'POST', json: {} }),

  identity: (device: string, signal?: AbortSignal) => request(DeviceIdentity, `/devices/${at(device)}/identity`, { signal }),
  /** What proves the entries of a device against a checkpoint, and that checkpoint against an older one of `from` entries. */
  proof: (device: string, from: number, signal?: AbortSignal) =>
    request(LedgerProof, `/ledger?device=${at(device)}&from=${from}`, { signal }),
  rotate: (device: string) => request(Nothing, `/devices/${at(device)}/rotate`, { method: 'POST', json: {} }),
  rotateAll: () => request(RotateAllResult, '/identity/rotate', { method: 'POST', json: {} }),
  keepOut: (device: string) => request(KeepOutResult, `/devices/${at(device)}/keep-out`, { method: 'POST', json: {} }),
  clear: (device: string, holder?: string) =>
    request(Nothing, `/devices/${at(device)}/clear`, { method: 'POST', json: holder ? { holder } : {} }),
  takeBack: (device: string) => request(NewJoin, `/devices/${at(device)}/take-back`, { method: 'POST', json: {} }),
};
