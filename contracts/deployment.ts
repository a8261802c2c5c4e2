/** A deployment: what should run, and on which devices. The document of `scorewall apply -f` and of the bucket `deployments`. */
import * as z from 'zod';
import { closedObject } from './issue.ts';
import { Labels, Name } from './name.ts';
import { Score } from './score/score.ts';

export const API_VERSION = 'iot.nationtech.io/v1alpha1';

/** Annotations the hub writes itself. */
export const ANNOTATION = {
  /** The YAML text as its author wrote it, comments and all. */
  manifest: 'scorewall.io/manifest',
  /** Who wrote this revision. */
  author: 'scorewall.io/author',
  /** Why, in the author's words. */
  message: 'scorewall.io/message',
} as const;

/** A manifest larger than this is refused at the door; NATS carries at most 1 MiB in one message. */
export const MAX_MANIFEST_BYTES = 262_144;
/** Of a request: a manifest as JSON text needs more bytes than the manifest has. */
export const MAX_BODY_BYTES = MAX_MANIFEST_BYTES * 2;

export const DeploymentMetadata = z
  .looseObject({
    name: Name.describe('Name of the deployment, unique in the fleet.'),
    namespace: Name.optional().describe('Kept as a label; names are unique without it.'),
    labels: Labels.optional().describe('Labels of the deployment.'),
    annotations: z
      .record(z.string(), z.string())
      .optional()
      .describe('Notes. Those under `scorewall.io/` are written by the hub.'),
    generation: z
      .number()
      .int()
      .positive()
      .optional()
      .describe('Revision for people: 1, 2, 3 ... for each change. Written by the hub.'),
    resourceVersion: z
      .string()
      .optional()
      .describe('Revision for machines: the KV revision, compared on every write. Written by the hub.'),
    creationTimestamp: z.iso.datetime().optional().describe('When this revision was written. Written by the hub.'),
  })
  .describe('Who this deployment is. Unknown keys are kept as they are.');

export const Rollout = closedObject({
  strategy: z
    .literal('Immediate', { error: () => 'Only Immediate is accepted for now: all devices at once.' })
    .describe('`Immediate`: all devices at once.'),
}).describe('How the change travels over the devices.');

export const DeploymentSpec = closedObject({
  targetDevices: z.array(Name).min(1, 'Name at least one device.').optional().describe('Devices by name.'),
  targetSelector: Labels.refine(
    (labels) => Object.keys(labels).length > 0,
    'A selector without labels would match nothing. Give at least one label.',
  )
    .optional()
    .describe('Devices by labels: all of these must match.'),
  score: Score,
  rollout: Rollout.optional(),
})
  .check((context) => {
    const { targetDevices, targetSelector } = context.value;
    if ((targetDevices === undefined) === (targetSelector === undefined)) {
      context.issues.push({
        code: 'custom',
        input: context.value,
        path: [],
        message: targetDevices
          ? 'Use targetDevices or targetSelector, not both.'
          : 'Say where: targetDevices (names) or targetSelector (labels).',
      });
    }
  })
  .describe('What should run, and where.');

export const Condition = z
  .object({
    type: z
      .string()
      .describe(
        '`Ready`: everything runs everywhere. `Progressing`: a change is under way. `Conflict`: somebody else owns a key. `TargetsFound`: at least one device matches.',
      ),
    status: z.enum(['True', 'False', 'Unknown']).describe('Whether it holds.'),
    reason: z.string().describe('One word for machines.'),
    message: z.string().describe('A sentence for people.'),
    lastTransitionTime: z.iso.datetime().describe('When `status` last changed.'),
  })
  .meta({ id: 'Condition' });
export type Condition = z.infer<typeof Condition>;

export const Aggregate = z
  .object({
    targets: z.number().int().describe('Devices this deployment is meant for.'),
    running: z.number().int().describe('Everything runs there.'),
    updating: z.number().int().describe('Pulling, starting, stopping or waiting for the device to take it up.'),
    attention: z.number().int().describe('Runs, but restarts or is unhealthy.'),
    failed: z.number().int().describe('Something does not run, or the device refuses it.'),
    offline: z.number().int().describe('No word from the device: it will catch up.'),
  })
  .meta({ id: 'Aggregate' })
  .describe('Devices counted by how far they are. The five counts behind `targets` add up to it.');
export type Aggregate = z.infer<typeof Aggregate>;

export const DeploymentStatus = z
  .object({
    observedGeneration: z.number().int().describe('The generation this status speaks of.'),
    observedScoreString: z.string().describe('The exact Score JSON the hub last put into `desired-state`.'),
    conditions: z.array(Condition),
    aggregate: Aggregate,
    workedGeneration: z
      .number()
      .int()
      .optional()
      .describe(
        'The newest earlier generation that ran without trouble on every device in sight when the next one took its place: what to go back to. Absent where there is none.',
      ),
  })
  .meta({ id: 'DeploymentStatus' })
  .describe('Written by the deployment controller; kept in the bucket `deployment-status`.');
export type DeploymentStatus = z.infer<typeof DeploymentStatus>;

export const Deployment = closedObject({
  apiVersion: z.literal(API_VERSION, { error: () => `apiVersion must be ${API_VERSION}.` }).describe('Version of this document.'),
  kind: z.literal('Deployment', { error: () => 'kind must be Deployment.' }).describe('Kind of this document.'),
  metadata: DeploymentMetadata,
  spec: DeploymentSpec,
  status: z.unknown().optional().describe('See DeploymentStatus. Ignored on a write.'),
}).meta({ id: 'Deployment' });
export type Deployment = z.infer<typeof Deployment>;

interface Target {
  name: string;
  labels: Readonly<Record<string, string>>;
}

/** Names of the devices a deployment is meant for, sorted. A named device counts even before it is registered. */
export function matchTargets(
  spec: Pick<Deployment['spec'], 'targetDevices' | 'targetSelector'>,
  devices: readonly Target[],
): string[] {
  if (spec.targetDevices) return [...new Set(spec.targetDevices)].sort();
  const wanted = Object.entries(spec.targetSelector ?? {});
  if (wanted.length === 0) return [];
  return devices
    .filter((device) => wanted.every(([key, value]) => device.labels[key] === value))
    .map((device) => device.name)
    .sort();
}
