/** A deployment as it is now, or the problem that there is none. */
import type { DeploymentEntry } from '#contracts/api.ts';
import type { Deployment } from '#contracts/deployment.ts';
import { isName } from '#contracts/name.ts';
import { ProblemError } from '#contracts/problem.ts';
import type { Hub } from '../hub.ts';
import type { Entry } from '../kv/bucket.ts';
import { toEntry } from './stored-deployment.ts';

export async function findDeployment({ buckets }: Hub, name: string): Promise<Entry<Deployment>> {
  const entry = isName(name) ? await buckets.deployments.get(name) : undefined;
  if (entry) return entry;
  throw noSuchDeployment(name);
}

export const noSuchDeployment = (name: string) =>
  new ProblemError(
    'not-found',
    `No deployment is called ${JSON.stringify(name)}.`,
    'Nothing has changed. See the names with: scorewall get deployments',
  );

export async function toEntryWithStatus({ buckets }: Hub, entry: Entry<Deployment>): Promise<DeploymentEntry> {
  return toEntry(entry, await buckets.deploymentStatus.get(entry.key));
}

/** Somebody else was faster. `current` is what they wrote, for the comparison. */
export async function deploymentChanged(hub: Hub, name: string, expectedRevision: number): Promise<ProblemError> {
  const entry = await hub.buckets.deployments.get(name);
  if (!entry)
    return new ProblemError(
      'precondition-failed',
      `${name} was deleted by somebody else in the meantime.`,
      'Your change was not saved. Save it as a new deployment, or leave it deleted.',
    );
  const happened = expectedRevision === 0 ? 'exists already' : 'was changed by somebody else in the meantime';
  return new ProblemError(
    'precondition-failed',
    `${name} ${happened}.`,
    `Your change was not saved; devices are asked for revision #${entry.value.metadata.generation ?? 1}. Compare it with yours, then save again.`,
    { current: await toEntryWithStatus(hub, entry) },
  );
}
