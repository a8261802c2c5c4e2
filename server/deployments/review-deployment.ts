/** Says what saving a deployment would do. Nothing is changed. */
import type { Review } from '#contracts/api.ts';
import { matchTargets } from '#contracts/deployment.ts';
import { isName } from '#contracts/name.ts';
import { sightingOf } from '../devices/sighting.ts';
import type { Context } from '../hub.ts';
import { isOnline } from './device-progress.ts';
import { fleetIssues, removedFrom } from './fleet-issues.ts';
import { type DeploymentBody, readBody } from './read-body.ts';
import { readFleet } from './read-fleet.ts';
import { manifestOf, toYaml } from './stored-deployment.ts';

export interface ReviewInput {
  name: string;
  body: DeploymentBody;
}

export async function reviewDeployment({
  ctx: { hub },
  input: { name, body },
}: {
  ctx: Context;
  input: ReviewInput;
}): Promise<Review> {
  const { deployment, issues } = readBody(body, name);
  const current = isName(name) ? await hub.buckets.deployments.get(name) : undefined;
  const currentManifest = current ? manifestOf(current.value) : null;
  const about = { currentRevision: current?.revision ?? null, currentManifest };
  if (!deployment) return { issues, targets: [], removedFrom: [], ...about, changed: true };
  const fleet = await readFleet(hub);
  const known = new Set(fleet.devices.map((device) => device.name));
  const nowMs = Date.now();
  const targets = matchTargets(deployment.spec, fleet.devices).map((device) => ({
    device,
    known: known.has(device),
    online: isOnline(sightingOf(hub.fleet.statuses.entries.get(device), hub.presence.of(device), hub.presence.known), nowMs),
  }));
  return {
    issues: [...issues, ...fleetIssues(deployment, fleet)],
    targets,
    removedFrom: removedFrom(deployment, fleet),
    ...about,
    changed: currentManifest !== ('manifest' in body ? body.manifest : toYaml(deployment)),
  };
}
