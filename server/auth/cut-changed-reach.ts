/**
 * Cuts the live connections that name devices which are not theirs any more, or lack one that is: they come back at once with what is
 * so now. Whoever has rights on all devices is never cut by this.
 */
import { Coalesced } from '../deployments/coalesced.ts';
import type { Hub } from '../hub.ts';
import { GUEST, SESSION_KEY } from './accounts.ts';
import { actorNow } from './identify.ts';
import { natsReachOf } from './nats-reach.ts';
import { GONE } from './sessions.ts';

/** A burst of changes shares one look. */
const SETTLE_MS = 150;

export async function cutChangedReach(hub: Hub): Promise<void> {
  const { natsUsers } = hub.buckets;
  for (const { key, value } of await natsUsers.list(SESSION_KEY.natsUsers)) {
    // Guests stay as long as whoever let them in may drive that device.
    if (value.reach === undefined && value.user !== GUEST) continue;
    const [, session, publicKey] = key.split('.');
    if (!session || !publicKey || (await isStillTheirs(hub, session, value.reach))) continue;
    try {
      await hub.revokeKey(publicKey, { untilMs: Date.parse(value.expiresAt) });
      await natsUsers.delete(key, GONE);
    } catch (error) {
      hub.log.warn({ err: error, publicKey }, 'a live connection could not be cut; it ends with its credentials');
    }
  }
}

async function isStillTheirs(hub: Hub, session: string, digest: string | undefined): Promise<boolean> {
  const actor = await actorNow(hub, session);
  if (!actor || digest === undefined) return actor !== undefined;
  // A proof that has become too old does not cut: the credentials end with it by themselves.
  for (const drives of [true, false]) if ((await natsReachOf(hub, actor, drives)).digest === digest) return true;
  return false;
}

/** For as long as this anchor leads: whoever changed the labels, by whatever way. */
export async function watchReach(hub: Hub, signal: AbortSignal): Promise<void> {
  const look = new Coalesced({
    job: () => cutChangedReach(hub),
    settleMs: SETTLE_MS,
    onError: (error) => hub.log.warn({ err: error }, 'looking for changed rights failed; trying again'),
  });
  const stop = hub.fleet.onChange((change) => {
    if (change === 'registry' || change === 'desired') look.request();
  });
  look.request();
  await look.run(signal);
  stop();
}
