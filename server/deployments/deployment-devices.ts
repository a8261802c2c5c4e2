/** How far a deployment is on each of its devices. */
import type { DeploymentOnDevice } from '#contracts/api.ts';
import { desiredKey } from '#contracts/buckets.ts';
import { matchTargets } from '#contracts/deployment.ts';
import { encodeScore } from '#contracts/score/score.ts';
import { reaches } from '../auth/reach.ts';
import { sightingOf } from '../devices/sighting.ts';
import type { Context } from '../hub.ts';
import { deviceProgress } from './device-progress.ts';
import { findDeployment, noSuchDeployment } from './find-deployment.ts';
import { seenBy, viewOf } from './visible.ts';

export async function listDeploymentDevices({
  ctx,
  input: { name },
}: {
  ctx: Context;
  input: { name: string };
}): Promise<DeploymentOnDevice[]> {
  const { fleet, presence } = ctx.hub;
  const [found, view] = await Promise.all([findDeployment(ctx.hub, name), viewOf(ctx)]);
  if (!seenBy(view, found)) throw noSuchDeployment(name);
  const { value } = found;
  await fleet.whenRead;
  const targets = matchTargets(value.spec, fleet.registered).filter((device) => reaches(view.see, device));
  return targets.map((device) =>
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
