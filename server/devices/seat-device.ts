/** Writes the record of a new device, on the lowest free seat of the wall. */
import { type Device, displayName } from '#contracts/device.ts';
import { ProblemError } from '#contracts/problem.ts';
import type { Hub } from '../hub.ts';
import { RevisionConflict } from '../kv/store.ts';
import { lowestFreeSeat, mustMove } from './free-seat.ts';

interface Seated {
  device: Device;
  revision: number;
}

export async function seatDevice(hub: Hub, record: Omit<Device, 'seat'>): Promise<Seated> {
  const all = await hub.buckets.devices.list();
  const device: Device = { ...record, seat: lowestFreeSeat(all.map(({ value }) => value.seat)) };
  const revision = await hub.buckets.devices.create(device.name, device).catch((error: unknown) => {
    throw error instanceof RevisionConflict ? alreadyThere(device.name) : error;
  });
  const seated = await seatAlone(hub, device, revision);
  await hub.fleet.devices.seen(seated.revision);
  return seated;
}

/** Two devices that are added at once may have found the same seat. */
async function seatAlone(hub: Hub, device: Device, revision: number): Promise<Seated> {
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
