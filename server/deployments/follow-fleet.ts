/**
 * Keeps the fleet view of this anchor true, leader or not. Invariants: a lost message costs one resync interval at most;
 * a reconnect reads everything again at once.
 */
import type { Hub } from '../hub.ts';
import { onReconnect } from '../kv/on-reconnect.ts';
import { Coalesced } from './coalesced.ts';

const RESYNC_MS = 45_000;

export async function followFleet({ fleet, presence, store, log }: Hub, signal: AbortSignal): Promise<void> {
  const resync = new Coalesced({
    job: () => fleet.resync(),
    settleMs: 0,
    retryMs: 500,
    onError: (error) => log.warn({ err: error }, 'reading the fleet failed; trying again'),
  });
  const stopRequests = fleet.onResyncRequest(() => resync.request());
  const stopRegistry = fleet.onChange((change) => {
    if (change === 'registry') presence.setDevices(fleet.registered);
  });
  const stopReconnect = onReconnect(store.nc, () => resync.request());
  const timer = setInterval(() => resync.request(), RESYNC_MS);
  resync.request();
  await resync.run(signal);
  clearInterval(timer);
  for (const stop of [stopReconnect, stopRegistry, stopRequests]) stop();
  fleet.stop();
}
