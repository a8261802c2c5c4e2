/** One deployment with its status, or all of them, or one as its author wrote it. */
import type { DeploymentEntry } from '#contracts/api.ts';
import type { Context, Hub } from '../hub.ts';
import { findDeployment, toEntryWithStatus } from './find-deployment.ts';
import { manifestOf, toEntry } from './stored-deployment.ts';

interface Named {
  ctx: Context;
  input: { name: string };
}

export async function getDeployment({ ctx: { hub }, input: { name } }: Named): Promise<DeploymentEntry> {
  return toEntryWithStatus(hub, await findDeployment(hub, name));
}

export async function getManifest({ ctx: { hub }, input: { name } }: Named): Promise<{ revision: number; manifest: string }> {
  const { revision, value } = await findDeployment(hub, name);
  return { revision, manifest: manifestOf(value) };
}

export async function listDeployments({ ctx: { hub } }: { ctx: Context }): Promise<DeploymentEntry[]> {
  return readDeployments(hub);
}

/** By name. */
export async function readDeployments({ buckets }: Hub): Promise<DeploymentEntry[]> {
  const [all, statuses] = await Promise.all([buckets.deployments.list(), buckets.deploymentStatus.list()]);
  const statusOf = new Map(statuses.map((status) => [status.key, status]));
  return all.sort((a, b) => (a.key < b.key ? -1 : 1)).map((entry) => toEntry(entry, statusOf.get(entry.key)));
}
