/** What every anchor does about identity: follows the ledger and what devices are asked for, and watches the account on NATS. */

import { Coalesced } from '../deployments/coalesced.ts';
import type { Hub } from '../hub.ts';
import { onReconnect } from '../kv/on-reconnect.ts';
import { readAlive } from './alive.ts';
import { noteByHub } from './note-by-hub.ts';

const RESYNC_MS = 45_000;

export async function followIdentity(hub: Hub, signal: AbortSignal): Promise<void> {
  const { identity, store, log } = hub;
  identity.onRestored = (what) => void noteByHub(hub, 'account.restored', 'EDGE', what);
  const { asked, guard, ledger, settings } = identity;
  const resync = new Coalesced({
    job: () => asked.resync(),
    settleMs: 0,
    retryMs: 500,
    onError: (error) => log.warn({ err: error }, 'what devices are asked for could not be read; trying again'),
  });
  const stopReconnect = onReconnect(store.nc, () => resync.request());
  const timer = setInterval(() => resync.request(), RESYNC_MS);
  resync.request();
  const alive = readAlive(identity).catch((error: unknown) =>
    log.debug({ err: error }, 'since when anchors listen could not be read'),
  );
  const stopConnects = hub.presence.onConnect((publicKey) => void guard.insist(publicKey));
  await Promise.all([alive, ledger.follow(signal), guard.watch(settings.watchMs, signal), resync.run(signal)]);
  clearInterval(timer);
  stopReconnect();
  stopConnects();
  asked.stop();
}
