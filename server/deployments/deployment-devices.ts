/** How far a deployment is on each of its devices. */
import type { DeploymentOnDevice } from '#contracts/api.ts';
import { desiredKey } from '#contracts/buckets.ts';
import { matchTargets } from '#contracts/deployment.ts';
import { encodeScore } from '#contracts/score/score.ts';
import { sightingOf } from '../devices/sighting.ts';
import type { Context } from '../hub.ts';
import { deviceProgress } from './device-progress.ts';
import { findDeployment } from './find-deployment.ts';

export async function listDeploymentDevices({
  ctx: { hub },
  input: { name },
}: {
  ctx: Context;
  input: { name: string };
}): Promise<DeploymentOnDevice[]> {
  const { value } = await findDeployment(hub, name);
  const { fleet, presence } = hub;
  await fleet.whenRead;
  return matchTargets(value.spec, fleet.registered).map((device) =>
    deviceProgress({
      device,
      deployment: name,
      scoreText: encodeScore(value.spec.score),
      key: fleet.desired.entries.get(desiredKey(device, name)),
      sighting: sightingOf(fleet.statuses.entries.get(device), presence.of(device), presence.known),
      nowMs: Date.now(),
    }),
  );
}
