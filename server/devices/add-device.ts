/** Adds a device: a seat, a key, and the two files to carry to it. */
import type * as z from 'zod';
import type { AddDeviceRequest, AddedDevice } from '#contracts/api.ts';
import { mintDevice } from '#server/nats/mint.ts';
import { audited } from '../audit/audited.ts';
import { checkOn } from '../auth/reach.ts';
import { seatDevice } from './seat-device.ts';
import { toAddedDevice } from './to-added-device.ts';

export const addDevice = audited<z.infer<typeof AddDeviceRequest>, AddedDevice>(
  'device.add',
  ({ name }) => name,
  async ({ ctx: { hub, actor }, input }) => {
    checkOn(actor, 'manage', { name: input.name, labels: input.labels ?? {} });
    const { publicKey, creds } = mintDevice(hub.minting, input.name);
    const { device, revision } = await seatDevice(hub, {
      name: input.name,
      labels: input.labels ?? {},
      publicKey,
      local: input.local ?? false,
      createdAt: new Date().toISOString(),
      createdBy: actor.user,
    });
    return toAddedDevice(hub, device, revision, creds);
  },
);
