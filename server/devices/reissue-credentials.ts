/** Gives a device a new key; the old one is refused from now on. */
import type { AddedDevice } from '#contracts/api.ts';
import { displayName } from '#contracts/device.ts';
import { ProblemError } from '#contracts/problem.ts';
import { mintDevice } from '#server/nats/mint.ts';
import { audited } from '../audit/audited.ts';
import { reachDevice } from '../auth/reach.ts';
import { RevisionConflict } from '../kv/store.ts';
import { deviceChanged, findDevice } from './find-device.ts';
import { toAddedDevice } from './to-added-device.ts';

export const reissueCredentials = audited<{ name: string }, AddedDevice>(
  'device.reissue-credentials',
  ({ name }) => name,
  async ({ ctx, input: { name } }) => {
    const { hub } = ctx;
    const before = await reachDevice(ctx, name, 'manage');
    if (hub.identity.ledger.viewOf(name)) throw provesItself(name);
    const { publicKey, creds } = mintDevice(hub.minting, name);
    // Whoever carries a new key to a device that was kept out takes it back.
    const { standing: _was, standingWhy: _why, ...rest } = before.value;
    const device = { ...rest, publicKey };
    const revision = await hub.buckets.devices.put(name, device, { expectedRevision: before.revision }).catch(async (error) => {
      throw error instanceof RevisionConflict ? deviceChanged(await findDevice(hub, name)) : error;
    });
    if (before.value.publicKey) {
      const { off } = await hub.revokeKey(before.value.publicKey);
      if (off.length > 0) hub.log.warn({ device: name, off }, 'the old key of a device was not fully revoked');
    }
    return toAddedDevice(hub, device, revision, creds);
  },
);

const provesItself = (name: string) =>
  new ProblemError(
    'conflict',
    `${displayName(name)} has an identity of its own and makes its own keys.`,
    'Nothing has changed. Ask it for its next key; or keep it out, then take it back with a new line.',
  );
