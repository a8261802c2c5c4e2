/** `scorewall apply`: creates deployments, or changes them to what the manifest says. */
import type { DeploymentEntry, Review } from '#contracts/api.ts';
import { formatPath } from '#contracts/issue.ts';
import type { Context } from '../context.ts';
import { CliError, EXIT } from '../exit-code.ts';
import { type Manifest, readManifests } from '../manifest-files.ts';
import { listNames } from '../output/list-names.ts';
import { waitForDeployment } from '../wait-for-deployment.ts';

export interface ApplyOptions {
  filename: string;
  message?: string;
  dryRun?: boolean;
  wait?: boolean;
  timeout: number;
  force?: boolean;
}

export async function apply(context: Context, options: ApplyOptions): Promise<void> {
  const manifests = readManifests(options.filename);
  // Everything is checked before anything is written: a folder with one mistake changes nothing.
  const reviews = [];
  for (const manifest of manifests) reviews.push(await review(context, manifest));
  if (options.dryRun) {
    for (const [index, manifest] of manifests.entries()) context.terminal.out(describeReview(manifest.name, reviews[index]!));
    return;
  }
  for (const manifest of manifests) {
    const startedAt = performance.now();
    const entry = await put(context, manifest, options);
    if (options.wait)
      await waitForDeployment(context, entry.deployment.metadata.name, { startedAt, timeoutMs: options.timeout * 1000 });
  }
}

async function review({ hub, terminal }: Context, manifest: Manifest): Promise<Review> {
  const found = await hub.review(manifest.name, manifest.text);
  const errors = found.issues.filter((issue) => issue.severity === 'error');
  if (errors.length > 0) {
    const places = errors.map((issue) => `  ${formatPath(issue.path) || 'the document'}: ${issue.message}`);
    throw new CliError(
      EXIT.invalid,
      `The manifest in ${manifest.source} is refused.`,
      [...places, 'Nothing was changed. Correct it and apply again.'].join('\n'),
    );
  }
  for (const issue of found.issues) terminal.err(`${terminal.paint('yellow', 'warning')} ${manifest.name}: ${issue.message}`);
  return found;
}

async function put({ hub, terminal }: Context, manifest: Manifest, options: ApplyOptions): Promise<DeploymentEntry> {
  const current = await hub.findDeployment(manifest.name);
  const basedOn = options.force ? current?.revision : (manifest.revision ?? current?.revision);
  const entry = await hub.putDeployment(manifest.name, manifest.text, basedOn, options.message ?? '').catch((error) => {
    if (error instanceof CliError && error.exitCode === EXIT.conflict)
      throw new CliError(
        EXIT.conflict,
        `Somebody else changed ${manifest.name} since this manifest was read.`,
        `Nothing was changed. Look at it with: npx scorewall get deployments ${manifest.name} -o yaml. To overwrite it: --force.`,
        error,
      );
    throw error;
  });
  const generation = entry.deployment.metadata.generation ?? 1;
  const what = !current ? 'created' : entry.revision === current.revision ? 'unchanged' : 'changed';
  terminal.out(`${terminal.paint('green', '✓')} ${manifest.name} ${what}, revision #${generation}`);
  return entry;
}

function describeReview(name: string, { changed, currentRevision, targets, removedFrom }: Review): string {
  if (!changed) return `${name}: nothing to change, this is what is stored.`;
  const online = targets.filter((one) => one.online).map((one) => one.device);
  const later = targets.filter((one) => !one.online).map((one) => one.device);
  const lines = [`${name}: would be ${currentRevision === null ? 'created' : 'changed'}.`];
  if (online.length > 0) lines.push(`  now on ${listNames(online)}`);
  if (later.length > 0) lines.push(`  when they are back: ${listNames(later)}`);
  if (targets.length === 0) lines.push('  no device matches; nothing would run');
  if (removedFrom.length > 0) lines.push(`  removed from ${listNames(removedFrom)}`);
  return lines.join('\n');
}
