/** Which deployment of a troubled device fails since its newest revision, and which revision worked before. Pure. */
import type { DeploymentEntry } from '#contracts/api.ts';
import { healthOfDeployment } from '#contracts/health.ts';
import type { DeviceStatus } from '#contracts/status.ts';

export interface WayBack {
  deployment: string;
  /** For people: `#41`. */
  generation: number;
}

/** undefined: nothing fails, or nothing worked before it. Two deployments: the one that fails worse. */
export function wayBack(
  status: DeviceStatus | undefined,
  entryOf: (name: string) => DeploymentEntry | undefined,
): WayBack | undefined {
  if (!status?.engine.reachable) return undefined;
  for (const health of ['failed', 'attention'] as const)
    for (const one of status.deployments) {
      const generation = healthOfDeployment(one) === health ? workedGeneration(entryOf(one.name)) : undefined;
      if (generation !== undefined) return { deployment: one.name, generation };
    }
  return undefined;
}

/** Of one whose newest revision the devices have taken up, and which fails there. */
function workedGeneration(entry: DeploymentEntry | undefined): number | undefined {
  const status = entry?.status;
  if (!status || status.observedGeneration !== entry.deployment.metadata.generation) return undefined;
  return status.aggregate.failed + status.aggregate.attention > 0 ? status.workedGeneration : undefined;
}
