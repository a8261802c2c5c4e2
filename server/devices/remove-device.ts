/** Takes a device off the wall: its key is refused, and everything kept about it is deleted. What runs on it keeps running. */
import { BUCKET, bucketStream } from '#contracts/buckets.ts';
import type { RevocationResult } from '#server/nats/account.ts';
import { forgetReport } from '#server/nats/forget-report.ts';
import { audited } from '../audit/audited.ts';
import { reachDevice } from '../auth/reach.ts';
import type { Hub } from '../hub.ts';
import { endChain } from '../identity/judge.ts';
import { readStream } from '../kv/follow-stream.ts';
import { publish, RevisionConflict } from '../kv/store.ts';
import { deviceChanged, findDevice } from './find-device.ts';

export interface RemoveDeviceInput {
  name: string;
  /** Revision the person saw; absent when they meant the device whatever it is by now. */
  expectedRevision?: number | undefined;
}

export const removeDevice = audited<RemoveDeviceInput, RevocationResult>(
  'device.remove',
  ({ name }) => name,
  async ({ ctx, input: { name, expectedRevision } }) => {
    const { hub, actor } = ctx;
    const device = await reachDevice(ctx, name, 'manage');
    if (expectedRevision !== undefined && device.revision !== expectedRevision) throw deviceChanged(device);
    // The key first: a record without a key is harmless, a key without a record is not.
    await endChain(hub, name, actor.user);
    const revocation = device.value.publicKey
      ? await hub.revokeKey(device.value.publicKey)
      : { revoked: false, kicked: 0, off: ['It uses shared credentials, which stay as they are.'] };
    if (revocation.off.length > 0) hub.log.warn({ device: name, off: revocation.off }, 'the key of a removed device still works');
    // The end of its identity is written into its record too.
    const { revision } = await findDevice(hub, name);
    await hub.buckets.devices.delete(name, { expectedRevision: revision }).catch(async (error) => {
      throw error instanceof RevisionConflict ? deviceChanged(await findDevice(hub, name)) : error;
    });
    await forget(hub, name);
    return revocation;
  },
);

/** Its keys, then the list of them, then its last report. */
async function forget(hub: Hub, name: string): Promise<void> {
  const filter = `$KV.${BUCKET.desiredState}.${name}.>`;
  const keys = await readStream(hub.store, bucketStream(BUCKET.desiredState), { filter, include: 'last' });
  await Promise.all(keys.map(({ subject }) => publish(hub.store, subject, '', DELETED)));
  await hub.buckets.desiredIndex.delete(name);
  await forgetReport(hub.store.nc, name);
}

const DELETED = { headers: { 'KV-Operation': 'DEL' } };
