/** Runs the deployment controllers for as long as this anchor leads. Nothing is planned before the whole fleet was read once. */
import { DISCONNECT_GRACE_MS } from '#contracts/health.ts';
import type { Presence } from '#contracts/presence.ts';
import { subjects } from '#contracts/subjects.ts';
import type { Hub } from '../hub.ts';
import { whenAborted } from '../kv/when-aborted.ts';
import { Coalesced } from './coalesced.ts';
import { reconcileDesired } from './desired-controller.ts';
import { reconcileStatus } from './status-controller.ts';

/** A burst of changes shares a pass; one change hardly waits. */
const DESIRED_SETTLE_MS = 2;
/** Reports within this time share one status. */
const STATUS_SETTLE_MS = 100;
/** Ages of reports count, so statuses are looked at again this often without any message. */
const STATUS_TICK_MS = 5_000;

export async function runControllers(hub: Hub, signal: AbortSignal): Promise<void> {
  const { fleet, store, presence, log } = hub;
  const failed = (what: string) => (error: unknown) => log.warn({ err: error }, `${what} failed; trying again`);
  const desired = new Coalesced({
    job: () => reconcileDesired(hub),
    settleMs: DESIRED_SETTLE_MS,
    onError: failed('writing desired-state'),
  });
  const status = new Coalesced({
    job: () => reconcileStatus(hub, Date.now()),
    settleMs: STATUS_SETTLE_MS,
    onError: failed('writing deployment status'),
  });
  await Promise.race([fleet.whenRead, whenAborted(signal)]);
  const stopChanges = fleet.onChange((change) => {
    if (change === 'desired') desired.request();
    if (change === 'status') status.request();
  });
  const stopPresence = presence.onChange((one: Presence) => {
    store.nc.publish(subjects.wall.presenceOf(one.device), JSON.stringify(one));
    status.request();
    // A disconnect counts only when it lasts: look again right then.
    if (!one.connected) setTimeout(() => status.request(), DISCONNECT_GRACE_MS + 1).unref();
  });
  const tick = setInterval(() => status.request(), STATUS_TICK_MS);
  desired.request();
  status.request();
  await Promise.all([desired.run(signal), status.run(signal)]);
  clearInterval(tick);
  stopPresence();
  stopChanges();
}
