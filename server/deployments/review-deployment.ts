/** Says what saving a deployment would do. Nothing is changed. */
import type { Review } from '#contracts/api.ts';
import { type Deployment, matchTargets } from '#contracts/deployment.ts';
import type { Issue } from '#contracts/issue.ts';
import { isName } from '#contracts/name.ts';
import { ProblemError } from '#contracts/problem.ts';
import { checkMayDeploy, reaches } from '../auth/reach.ts';
import { sightingOf } from '../devices/sighting.ts';
import type { Context } from '../hub.ts';
import { isOnline } from './device-progress.ts';
import { type Fleet, fleetIssues, removedFrom } from './fleet-issues.ts';
import { type DeploymentBody, readBody } from './read-body.ts';
import { readFleet } from './read-fleet.ts';
import { manifestOf, toYaml } from './stored-deployment.ts';
import { seenBy, viewOf } from './visible.ts';

export interface ReviewInput {
  name: string;
  body: DeploymentBody;
}

export async function reviewDeployment({ ctx, input: { name, body } }: { ctx: Context; input: ReviewInput }): Promise<Review> {
  const { hub } = ctx;
  const { deployment, issues } = readBody(body, name);
  const [stored, view] = await Promise.all([isName(name) ? hub.buckets.deployments.get(name) : undefined, viewOf(ctx)]);
  const current = stored && seenBy(view, stored);
  const currentManifest = current?.whole && stored ? manifestOf(stored.value) : null;
  const about = { currentRevision: stored?.revision ?? null, currentManifest };
  if (!deployment) return { issues, targets: [], removedFrom: [], ...about, changed: true };
  const fleet = await readFleet(hub);
  const known = new Set(fleet.devices.map((device) => device.name));
  const nowMs = Date.now();
  const refused = [deployment, ...(stored ? [stored.value] : [])].flatMap((one) => refusal(ctx, one, fleet.devices)).slice(0, 1);
  const seen = (device: string) => reaches(view.see, device);
  const targets = matchTargets(deployment.spec, fleet.devices)
    .filter(seen)
    .map((device) => ({
      device,
      known: known.has(device),
      online: isOnline(sightingOf(hub.fleet.statuses.entries.get(device), hub.presence.of(device), hub.presence.known), nowMs),
    }));
  return {
    // What is said of devices out of reach would tell about them.
    issues: [...issues, ...(refused.length > 0 ? refused : fleetIssues(deployment, fleet))],
    targets,
    removedFrom: removedFrom(deployment, fleet).filter(seen),
    ...about,
    changed: currentManifest !== ('manifest' in body ? body.manifest : toYaml(deployment)),
  };
}

function refusal({ actor }: Context, { spec }: Deployment, devices: Fleet['devices']): Issue[] {
  try {
    checkMayDeploy(actor, spec, devices);
    return [];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return [
      { path: ['spec', spec.targetDevices ? 'targetDevices' : 'targetSelector'], severity: 'error', message: error.message },
    ];
  }
}
