/** Everything the wall shows, at one moment. Whoever asks has subscribed to the changes before. */
import type { WallSnapshot } from '#contracts/api.ts';
import { wallName } from '../auth/describe-session.ts';
import { reaches, reachOf } from '../auth/reach.ts';
import { listDeployments } from '../deployments/get-deployment.ts';
import type { Context } from '../hub.ts';
import { listStatuses } from './device-status.ts';

/** Right after a start only; a count takes 0.3 s. */
const FIRST_COUNT_MS = 2_000;

export async function getWall({ ctx }: { ctx: Context }): Promise<WallSnapshot> {
  const { hub, actor } = ctx;
  await hub.presence.firstCount(FIRST_COUNT_MS);
  const [name, all, statuses, deployments, see] = await Promise.all([
    wallName(hub),
    hub.buckets.devices.list(),
    listStatuses({ ctx }),
    listDeployments({ ctx }),
    reachOf(hub, actor, 'see'),
  ]);
  const devices = all.filter(({ key }) => reaches(see, key));
  return {
    takenAt: new Date().toISOString(),
    wallName: name,
    devices: devices.map(({ revision, value: device }) => ({ revision, device })).sort((a, b) => a.device.seat - b.device.seat),
    statuses,
    presence: devices.flatMap(({ key }) => hub.presence.of(key) ?? []),
    presenceKnown: hub.presence.known,
    deployments,
    events: hub.events.of(devices.map(({ key }) => key)),
  };
}
