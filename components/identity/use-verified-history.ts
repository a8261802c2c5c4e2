'use client';
/** Checks a device's chain in this browser: every signature and seal, its place in the ledger, and that the ledger only grew. */
import { useQuery } from '@tanstack/react-query';
import type { DeviceIdentity } from '#contracts/api-identity.ts';
import { sha256, verify } from '#roadchain/browser/crypto.ts';
import { type Verified, verifyHistory } from '#roadchain/verify-history.ts';
import { identityApi } from '../live/identity-api.ts';
import { keepPinned, readPinned } from './pinned-ledger.ts';

export function useVerifiedHistory(identity: DeviceIdentity) {
  const newest = identity.entries.at(-1)?.seq;
  return useQuery({
    queryKey: ['verified-history', identity.device, identity.anchor, newest],
    enabled: newest !== undefined,
    queryFn: ({ signal }) => verified(identity, signal),
  });
}

async function verified({ device, anchor, entries }: DeviceIdentity, signal: AbortSignal): Promise<Verified> {
  const pinned = readPinned();
  const { checkpoint, consistency, inclusion } = await identityApi.proof(device, pinned?.size ?? 0, signal);
  const shown = entries.map(({ seq, entry }) => ({ seq, entry }));
  const result = await verifyHistory(
    sha256,
    verify,
    { anchor, device, entries: shown, checkpoint, consistency, inclusion },
    pinned,
  );
  if (result.ok) keepPinned(result.pin);
  return result;
}
