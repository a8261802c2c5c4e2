/** Brings the record of a device on the wall to what the ledger says: its key, and how the fleet stands to it. */
import { headPoint } from '#roadchain/device-view.ts';
import type { Hub } from '../hub.ts';
import { changed } from '../kv/changed.ts';
import { natsKeyOf } from './mint-for.ts';

export async function keepRecord({ identity, buckets }: Pick<Hub, 'identity' | 'buckets'>, name: string): Promise<void> {
  const view = identity.ledger.viewOf(name);
  const stored = await buckets.devices.get(name);
  if (!view || !stored) return;
  const publicKey = natsKeyOf(headPoint(view).pk);
  const standing = view.standing === 'active' ? {} : { standing: view.standing, standingWhy: view.why };
  const { value: before } = stored;
  if (before.publicKey === publicKey && before.standing === standing.standing && before.standingWhy === standing.standingWhy)
    return;
  await changed(buckets.devices, name, ({ standing: _was, standingWhy: _why, ...device }) => ({
    ...device,
    publicKey,
    ...standing,
  }));
}
