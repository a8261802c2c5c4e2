/** Brings the record of a device on the wall to what the ledger says: its key, and how the fleet stands to it. */
import type { Device } from '#contracts/device.ts';
import { headPoint } from '#roadchain/device-view.ts';
import type { Hub } from '../hub.ts';
import { RevisionConflict } from '../kv/store.ts';
import { natsKeyOf } from './mint-for.ts';

/** Several may do it at once: whoever finds it done writes nothing. */
export async function keepRecord({ identity, buckets }: Pick<Hub, 'identity' | 'buckets'>, name: string): Promise<void> {
  for (;;) {
    const view = identity.ledger.viewOf(name);
    const stored = await buckets.devices.get(name);
    if (!view || !stored) return;
    const { value: before } = stored;
    const { standing: _was, standingWhy: _why, ...rest } = before;
    const publicKey = natsKeyOf(headPoint(view).pk);
    const standing = view.standing === 'active' ? {} : { standing: view.standing, standingWhy: view.why };
    const device: Device = { ...rest, publicKey, ...standing };
    if (isSame(before, device)) return;
    try {
      await buckets.devices.put(name, device, { expectedRevision: stored.revision });
    } catch (error) {
      if (error instanceof RevisionConflict) continue;
      throw error;
    }
    return;
  }
}

const isSame = (a: Device, b: Device) =>
  a.publicKey === b.publicKey && a.standing === b.standing && a.standingWhy === b.standingWhy;
