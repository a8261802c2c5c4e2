/** Adds a device: a seat, a key, and the two files to carry to it. */
import type * as z from 'zod';
import type { AddDeviceRequest, AddedDevice } from '#contracts/api.ts';
import { type Device, displayName } from '#contracts/device.ts';
import { ProblemError } from '#contracts/problem.ts';
import { mintDevice } from '#server/nats/mint.ts';
import { audited } from '../audit/audited.ts';
import type { Hub } from '../hub.ts';
import { RevisionConflict } from '../kv/store.ts';
import { lowestFreeSeat, mustMove } from './free-seat.ts';
import { toAddedDevice } from './to-added-device.ts';

export const addDevice = audited<z.infer<typeof AddDeviceRequest>, AddedDevice>(
  'device.add',
  ({ name }) => name,
  async ({ ctx: { hub, actor }, input }) => {
    const { publicKey, creds } = mintDevice(hub.minting, input.name);
    const all = await hub.buckets.devices.list();
    const device: Device = {
      name: input.name,
      labels: input.labels ?? {},
      seat: lowestFreeSeat(all.map(({ value }) => value.seat)),
      publicKey,
      local: input.local ?? false,
      createdAt: new Date().toISOString(),
      createdBy: actor.user,
    };
    const revision = await hub.buckets.devices.create(input.name, device).catch((error: unknown) => {
      throw error instanceof RevisionConflict ? alreadyThere(input.name) : error;
    });
    const seated = await seatAlone(hub, device, revision);
    await hub.fleet.devices.seen(seated.revision);
    return toAddedDevice(hub, seated.device, seated.revision, creds);
  },
);

/** Two devices that are added at once may have found the same seat. */
async function seatAlone(hub: Hub, device: Device, revision: number): Promise<{ device: Device; revision: number }> {
  const all = await hub.buckets.devices.list();
  const own = all.find(({ key }) => key === device.name);
  if (own?.revision !== revision || !mustMove(own, all)) return { device, revision };
  const moved = { ...device, seat: lowestFreeSeat(all.map(({ value }) => value.seat)) };
  return seatAlone(hub, moved, await hub.buckets.devices.put(device.name, moved, { expectedRevision: revision }));
}

const alreadyThere = (name: string) =>
  new ProblemError(
    'conflict',
    `A device called ${displayName(name)} is on the wall already.`,
    'Nothing has changed. Choose another name, or make new credentials for the one that is there.',
  );
