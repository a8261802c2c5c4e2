/** The revisions of a deployment that are still kept, newest first. */
import type { DeploymentRevision } from '#contracts/api.ts';
import { isName } from '#contracts/name.ts';
import { ProblemError } from '#contracts/problem.ts';
import type { Context, Hub } from '../hub.ts';
import { readHistory } from './deployment-history.ts';
import { findDeployment } from './find-deployment.ts';
import { checkMayReadHistory } from './visible.ts';

interface Call<Input> {
  ctx: Context;
  input: Input;
}

/** Also of a deployment that was deleted. */
export async function listRevisions({ ctx, input: { name } }: Call<{ name: string }>): Promise<DeploymentRevision[]> {
  await checkMayReadHistory(ctx, name);
  return (await kept(ctx.hub, name)).reverse();
}

export async function getRevision({
  ctx,
  input: { name, generation },
}: Call<{ name: string; generation: number }>): Promise<DeploymentRevision> {
  await checkMayReadHistory(ctx, name);
  const found = (await kept(ctx.hub, name)).find((one) => one.generation === generation);
  if (found) return found;
  throw new ProblemError(
    'not-found',
    `There is no revision #${generation} of ${name}.`,
    'Nothing has changed. The newest 64 revisions are kept; look at the list of them.',
  );
}

async function kept(hub: Hub, name: string): Promise<DeploymentRevision[]> {
  const revisions = isName(name) ? await readHistory(hub.buckets.deployments, name) : [];
  if (revisions.length === 0) await findDeployment(hub, name);
  return revisions;
}
