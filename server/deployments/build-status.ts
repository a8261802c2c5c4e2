/** Builds a deployment's `.status`: counts, conditions, and the Score the devices were handed. Pure. */
import type { DeploymentOnDevice } from '#contracts/api.ts';
import type { Aggregate, Condition, DeploymentStatus } from '#contracts/deployment.ts';
import type { DesiredKey, WantedDeployment } from './plan-desired.ts';
import { listNames } from './port-conflicts.ts';

export interface StatusFacts {
  deployment: WantedDeployment;
  /** One entry for each target. */
  progress: readonly DeploymentOnDevice[];
  /** Keys of this deployment in `desired-state`. */
  keys: readonly DesiredKey[];
  /** Targets that nobody has added yet. */
  unregistered: readonly string[];
  previous: DeploymentStatus | undefined;
  nowMs: number;
}

export function buildStatus(facts: StatusFacts): DeploymentStatus {
  const { deployment, previous } = facts;
  const handedOver = isHandedOver(facts);
  const worked = workedBefore(deployment.generation, previous);
  return {
    observedGeneration: deployment.generation,
    observedScoreString: handedOver ? deployment.scoreText : (previous?.observedScoreString ?? ''),
    conditions: buildConditions(facts),
    aggregate: aggregate(facts.progress),
    ...(worked === undefined ? {} : { workedGeneration: worked }),
  };
}

/** A generation is judged when the next one comes: what keeps stopping looks well for a moment, again and again. */
function workedBefore(generation: number, previous: DeploymentStatus | undefined): number | undefined {
  if (!previous || previous.observedGeneration === generation) return previous?.workedGeneration;
  const { running, updating, attention, failed } = previous.aggregate;
  return running > 0 && updating + attention + failed === 0 ? previous.observedGeneration : previous.workedGeneration;
}

export function aggregate(progress: readonly DeploymentOnDevice[]): Aggregate {
  const count = (state: DeploymentOnDevice['state']) => progress.filter((one) => one.state === state).length;
  return {
    targets: progress.length,
    running: count('running'),
    updating: count('updating'),
    attention: count('attention'),
    failed: count('failed'),
    offline: count('offline'),
  };
}

/** Every key we may write holds the newest text, and no other key of ours is left. */
function isHandedOver({ deployment, progress, keys, unregistered }: StatusFacts): boolean {
  const byDevice = new Map(keys.map((key) => [key.device, key]));
  const targets = new Set(progress.map(({ device }) => device));
  const written = progress.every(({ device }) => {
    const key = byDevice.get(device);
    return unregistered.includes(device) || (key !== undefined && (!key.ours || key.text === deployment.scoreText));
  });
  return written && keys.every((key) => !key.ours || targets.has(key.device));
}

type Verdict = Pick<Condition, 'status' | 'reason' | 'message'>;

function buildConditions(facts: StatusFacts): Condition[] {
  const before = new Map(facts.previous?.conditions.map((condition) => [condition.type, condition]));
  const now = new Date(facts.nowMs).toISOString();
  const verdicts: Record<string, Verdict> = {
    TargetsFound: targetsFound(facts),
    Ready: ready(facts),
    Progressing: progressing(facts),
    Conflict: conflict(facts),
  };
  return Object.entries(verdicts).map(([type, verdict]) => {
    const last = before.get(type);
    return { type, ...verdict, lastTransitionTime: last?.status === verdict.status ? last.lastTransitionTime : now };
  });
}

function targetsFound({ deployment: { spec }, progress, unregistered }: StatusFacts): Verdict {
  if (progress.length === 0)
    return {
      status: 'False',
      reason: 'NoTargets',
      message: `No device has ${selectorWords(spec.targetSelector ?? {})}. A device gets it as soon as it has.`,
    };
  if (unregistered.length > 0)
    return {
      status: unregistered.length < progress.length ? 'True' : 'False',
      reason: 'NotAdded',
      message: `${listNames(unregistered)} ${unregistered.length > 1 ? 'are' : 'is'} not added yet and will get it then.`,
    };
  return { status: 'True', reason: 'Found', message: `Meant for ${countDevices(progress.length)}.` };
}

function ready({ progress }: StatusFacts): Verdict {
  const { targets, running } = aggregate(progress);
  const inState = (state: DeploymentOnDevice['state']) =>
    progress.filter((one) => one.state === state).map(({ device }) => device);
  const done = `${running} of ${targets} done.`;
  if (targets === 0) return { status: 'False', reason: 'NoTargets', message: 'It runs nowhere: no device matches.' };
  if (running === targets) return { status: 'True', reason: 'Running', message: `Runs on ${countDevices(targets)}.` };
  const failed = inState('failed');
  if (failed.length > 0)
    return { status: 'False', reason: 'Failed', message: `${done} It does not run as asked on ${listNames(failed)}.` };
  const attention = inState('attention');
  if (attention.length > 0)
    return { status: 'False', reason: 'Attention', message: `${done} It needs a look on ${listNames(attention)}.` };
  const updating = inState('updating');
  if (updating.length > 0)
    return { status: 'False', reason: 'Updating', message: `${done} Catching up: ${listNames(updating)}.` };
  const offline = inState('offline');
  return {
    status: 'False',
    reason: 'WaitingForDevices',
    message: `${done} ${listNames(offline)} will get it when ${offline.length > 1 ? 'they are' : 'it is'} back.`,
  };
}

function progressing({ progress }: StatusFacts): Verdict {
  const updating = progress.filter(({ state }) => state === 'updating').map(({ device }) => device);
  return updating.length > 0
    ? { status: 'True', reason: 'Updating', message: `Catching up: ${listNames(updating)}.` }
    : { status: 'False', reason: 'Settled', message: 'No change is under way.' };
}

function conflict({ deployment, progress, keys }: StatusFacts): Verdict {
  const targets = new Set(progress.map(({ device }) => device));
  const foreign = keys.filter((key) => !key.ours && targets.has(key.device)).map(({ device }) => device);
  return foreign.length > 0
    ? {
        status: 'True',
        reason: 'ForeignKey',
        message: `Somebody else asks ${listNames(foreign)} for ${deployment.name} directly. Their version runs there; delete it, or rename this deployment.`,
      }
    : { status: 'False', reason: 'NoConflict', message: 'Nobody else asks for it under this name.' };
}

/** `role: infer and site: berlin`. */
export const selectorWords = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}: ${value}`)
    .join(' and ');

const countDevices = (count: number) => (count === 1 ? '1 device' : `${count} devices`);
