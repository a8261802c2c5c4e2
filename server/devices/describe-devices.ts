/** Devices as the pages and the command line show them: record, connection, last report, deployments. */
import type { DeviceDetail, StatusEntry } from '#contracts/api.ts';
import { matchTargets } from '#contracts/deployment.ts';
import type { Device } from '#contracts/device.ts';
import type { DeviceStatus } from '#contracts/status.ts';
import { reachDevice, reaches, reachOf } from '../auth/reach.ts';
import type { Context } from '../hub.ts';
import type { Entry } from '../kv/bucket.ts';

export async function listDevices({ ctx: { hub, actor } }: { ctx: Context }): Promise<DeviceDetail[]> {
  const { devices, deployments, status } = hub.buckets;
  const [all, statuses, specs, see] = await Promise.all([
    devices.list(),
    status.list(),
    deployments.list(),
    reachOf(hub, actor, 'see'),
  ]);
  const statusOf = new Map(statuses.map((entry) => [entry.key, entry]));
  const meantFor = new Map<string, string[]>();
  const targets = all.map(({ value }) => value);
  for (const { key, value } of specs) {
    for (const name of matchTargets(value.spec, targets)) meantFor.set(name, [...(meantFor.get(name) ?? []), key]);
  }
  return all
    .filter(({ key }) => reaches(see, key))
    .map((device) => detail(device, hub.presence.of(device.key), statusOf.get(device.key), meantFor.get(device.key) ?? []))
    .sort((a, b) => a.device.seat - b.device.seat);
}

export async function getDevice({ ctx, input: { name } }: { ctx: Context; input: { name: string } }): Promise<DeviceDetail> {
  const { hub } = ctx;
  const { deployments, status } = hub.buckets;
  const device = await reachDevice(ctx, name, 'see');
  const [last, specs] = await Promise.all([status.get(name), deployments.list()]);
  const meant = specs.filter(({ value }) => matchTargets(value.spec, [device.value]).includes(name)).map(({ key }) => key);
  return detail(device, hub.presence.of(name), last, meant);
}

/** Whom a report speaks of is its key, which NATS enforces, never its body, which a device writes. */
export const toStatusEntry = ({ key, revision, storedAt, value }: Entry<DeviceStatus>): StatusEntry => ({
  revision,
  receivedAt: storedAt.toISOString(),
  value: { ...value, device: key },
});

function detail(
  { revision, value: device }: Entry<Device>,
  presence: DeviceDetail['presence'],
  status: Entry<DeviceStatus> | undefined,
  deployments: string[],
): DeviceDetail {
  return {
    revision,
    device,
    ...(presence ? { presence } : {}),
    ...(status ? { status: toStatusEntry(status) } : {}),
    deployments: deployments.sort(),
  };
}
