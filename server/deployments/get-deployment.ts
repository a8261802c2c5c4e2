/** One deployment with its status, or all of them, or one as its author wrote it. */
import type { DeploymentEntry } from '#contracts/api.ts';
import type { Context } from '../hub.ts';
import { findDeployment, noSuchDeployment, toEntryWithStatus } from './find-deployment.ts';
import { manifestOf, toEntry } from './stored-deployment.ts';
import { findWhole, seenBy, viewOf } from './visible.ts';

interface Named {
  ctx: Context;
  input: { name: string };
}

export async function getDeployment({ ctx, input: { name } }: Named): Promise<DeploymentEntry> {
  const [found, view] = await Promise.all([findDeployment(ctx.hub, name), viewOf(ctx)]);
  const seen = seenBy(view, found);
  if (!seen) throw noSuchDeployment(name);
  return seen.whole ? toEntryWithStatus(ctx.hub, seen.entry) : toEntry(seen.entry);
}

export async function getManifest({ ctx, input: { name } }: Named): Promise<{ revision: number; manifest: string }> {
  const { revision, value } = await findWhole(ctx, name);
  return { revision, manifest: manifestOf(value) };
}

/** By name. */
export async function listDeployments({ ctx }: { ctx: Context }): Promise<DeploymentEntry[]> {
  const { deployments, deploymentStatus } = ctx.hub.buckets;
  const [all, statuses, view] = await Promise.all([deployments.list(), deploymentStatus.list(), viewOf(ctx)]);
  const statusOf = new Map(statuses.map((status) => [status.key, status]));
  return all
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .flatMap((one) => {
      const seen = seenBy(view, one);
      return seen ? toEntry(seen.entry, seen.whole ? statusOf.get(one.key) : undefined) : [];
    });
}
