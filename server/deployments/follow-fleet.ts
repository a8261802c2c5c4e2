/**
 * Keeps the fleet view of this anchor true, leader or not. Invariants: a lost message costs one resync interval at most;
 * a reconnect reads everything again at once.
 */
import type { Hub } from '../hub.ts';
import { connectionKeysOf } from '../identity/identity.ts';
import { onReconnect } from '../kv/on-reconnect.ts';
import { Coalesced } from './coalesced.ts';

const RESYNC_MS = 45_000;
/** How long a new key of a device may be nobody's. */
const KNOW_MS = 20;

export async function followFleet({ fleet, identity, presence, store, log }: Hub, signal: AbortSignal): Promise<void> {
  const resync = new Coalesced({
    job: () => fleet.resync(),
    settleMs: 0,
    retryMs: 500,
    onError: (error) => log.warn({ err: error }, 'reading the fleet failed; trying again'),
  });
  const stopRequests = fleet.onResyncRequest(() => resync.request());
  const know = () => presence.setDevices([...fleet.registered, ...connectionKeysOf(identity)]);
  let knowing: NodeJS.Timeout | undefined;
  // Many entries at once are one look at all keys.
  const stopEntries = identity.ledger.onEntry(() => {
    knowing ??= setTimeout(() => {
      knowing = undefined;
      know();
    }, KNOW_MS);
  });
  const stopRegistry = fleet.onChange((change) => {
    if (change === 'registry') know();
  });
  const stopReconnect = onReconnect(store.nc, () => resync.request());
  const timer = setInterval(() => resync.request(), RESYNC_MS);
  resync.request();
  await resync.run(signal);
  clearInterval(timer);
  clearTimeout(knowing);
  for (const stop of [stopReconnect, stopRegistry, stopEntries, stopRequests]) stop();
  fleet.stop();
}
