/** Saves a deployment: checked, against the revision its author saw, and only if anything changed. */
import type { DeploymentEntry } from '#contracts/api.ts';
import { type Deployment, MAX_MANIFEST_BYTES } from '#contracts/deployment.ts';
import type { Issue } from '#contracts/issue.ts';
import { isName } from '#contracts/name.ts';
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../audit/audited.ts';
import { checkMayDeploy } from '../auth/reach.ts';
import type { Hub } from '../hub.ts';
import type { Entry } from '../kv/bucket.ts';
import { RevisionConflict } from '../kv/store.ts';
import { readHistory } from './deployment-history.ts';
import { deploymentChanged, toEntryWithStatus } from './find-deployment.ts';
import { fleetIssues } from './fleet-issues.ts';
import { type DeploymentBody, isError, readBody } from './read-body.ts';
import { readFleet } from './read-fleet.ts';
import { sizeWords } from './read-manifest.ts';
import { manifestOf, toStored, toYaml } from './stored-deployment.ts';
import { registered } from './visible.ts';

export interface PutDeploymentInput {
  name: string;
  body: DeploymentBody;
  /** The revision its author saw; 0: it must be new. */
  expectedRevision: number;
  /** Why, in the author's words. */
  message: string;
}

export interface PutDeploymentResult {
  entry: DeploymentEntry;
  outcome: 'created' | 'changed' | 'unchanged';
  /** Worth knowing, but no reason to refuse. */
  warnings: Issue[];
}

export const putDeployment = audited<PutDeploymentInput, PutDeploymentResult>(
  'deployment.put',
  ({ name }) => name,
  async ({ ctx: { hub, actor }, input }) => {
    const { name, body, expectedRevision, message } = input;
    const document = readDocument(name, body);
    const current = await hub.buckets.deployments.get(name);
    const devices = await registered(hub);
    for (const { spec } of current ? [current.value, document] : [document]) checkMayDeploy(actor, spec, devices);
    if ((current?.revision ?? 0) !== expectedRevision) throw await deploymentChanged(hub, name, expectedRevision);
    const manifest = 'manifest' in body ? body.manifest : toYaml(document);
    if (current && manifestOf(current.value) === manifest)
      return { entry: await toEntryWithStatus(hub, current), outcome: 'unchanged', warnings: [] };
    const issues = fleetIssues(document, await readFleet(hub));
    if (issues.some(isError)) throw notAccepted(name, issues);
    const write = { manifest, author: actor.user, message, now: new Date() };
    const saved = current
      ? await change(hub, current, toStored(document, { ...write, generation: (current.value.metadata.generation ?? 1) + 1 }))
      : await create(hub, name, (generation) => toStored(document, { ...write, generation }));
    await hub.fleet.deployments.seen(saved.revision);
    return { entry: await toEntryWithStatus(hub, saved), outcome: current ? 'changed' : 'created', warnings: issues };
  },
);

function readDocument(name: string, body: DeploymentBody): Deployment {
  if (!isName(name))
    throw notAccepted(name, [
      { path: ['metadata', 'name'], severity: 'error', message: `${JSON.stringify(name)} cannot be a name.` },
    ]);
  const sizeBytes = 'manifest' in body ? Buffer.byteLength(body.manifest) : 0;
  if (sizeBytes > MAX_MANIFEST_BYTES)
    throw new ProblemError('too-large', `${name} is too large to be saved.`, `Nothing has changed. ${sizeWords(sizeBytes)}`);
  const { deployment, issues } = readBody(body, name);
  if (!deployment) throw notAccepted(name, issues);
  return deployment;
}

async function change(hub: Hub, { key, revision }: Entry<Deployment>, value: Deployment): Promise<Entry<Deployment>> {
  try {
    const written = await hub.buckets.deployments.put(key, value, { expectedRevision: revision });
    return { key, revision: written, storedAt: new Date(), value };
  } catch (error) {
    throw error instanceof RevisionConflict ? await deploymentChanged(hub, key, revision) : error;
  }
}

/** Where one of this name was deleted, it counts on from there, so that #3 never means two things. */
async function create(hub: Hub, name: string, build: (generation: number) => Deployment): Promise<Entry<Deployment>> {
  const { deployments } = hub.buckets;
  const write = async (value: Deployment, expectedRevision: number): Promise<Entry<Deployment>> => {
    const revision = await deployments.put(name, value, { expectedRevision });
    return { key: name, revision, storedAt: new Date(), value };
  };
  try {
    return await write(build(1), 0).catch(async (error: unknown) => {
      const last = (await readHistory(deployments, name)).at(-1);
      if (!(error instanceof RevisionConflict) || !last?.deleted) throw error;
      return write(build(last.generation + 1), last.revision);
    });
  } catch (error) {
    throw error instanceof RevisionConflict ? await deploymentChanged(hub, name, 0) : error;
  }
}

const notAccepted = (name: string, issues: Issue[]) =>
  new ProblemError(
    'invalid',
    `${JSON.stringify(name)} was not saved: ${issues.find(isError)?.message ?? 'it has errors.'}`,
    'Devices keep running what they have. Correct the manifest, then save it again.',
    { issues },
  );
