/** A deployment's state and targets in words, for lists and headings. Pure. */
import type { DeploymentEntry } from '#contracts/api.ts';
import type { Aggregate, Deployment } from '#contracts/deployment.ts';
import type { Health } from '#contracts/health.ts';
import { names } from '../manifest/device-words.ts';

const STATES: readonly (keyof Aggregate & Health)[] = ['failed', 'attention', 'updating', 'offline', 'running'];

/** The worst state any of its devices is in; `not-seen` before the hub has counted. */
export function healthOfEntry({ status, deployment }: DeploymentEntry): Health {
  const behind = status && status.observedGeneration < (deployment.metadata.generation ?? 0);
  if (!status || behind) return 'updating';
  return STATES.find((state) => status.aggregate[state] > 0) ?? 'not-seen';
}

/** Each state with its count, worst first; only those that occur. */
export const countsOf = (aggregate: Aggregate | undefined): { health: Health; count: number }[] =>
  STATES.flatMap((health) => (aggregate && aggregate[health] > 0 ? [{ health, count: aggregate[health] }] : []));

export function targetWords(spec: Pick<Deployment['spec'], 'targetDevices' | 'targetSelector'>): string {
  if (spec.targetDevices) return names(spec.targetDevices);
  const labels = Object.entries(spec.targetSelector ?? {}).map(([key, value]) => `${key}: ${value}`);
  return `Devices with ${labels.join(' and ')}`;
}

/** Words for a condition that needs a person; undefined while all is well. */
export function troubleOf({ status }: DeploymentEntry): { fact: string; severity: 'error' | 'warning' } | undefined {
  const conflict = status?.conditions.find((condition) => condition.type === 'Conflict' && condition.status === 'True');
  if (conflict) return { fact: conflict.message, severity: 'error' };
  const nobody = status?.conditions.find((condition) => condition.type === 'TargetsFound' && condition.status === 'False');
  return nobody && { fact: nobody.message, severity: 'warning' };
}
