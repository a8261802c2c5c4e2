/** How far one deployment is on one device, in the five words of the aggregate. Pure. */
import type { DeploymentOnDevice } from '#contracts/api.ts';
import { freshnessOf, healthOfDeployment, type Sighting } from '#contracts/health.ts';
import type { DesiredKey } from './plan-desired.ts';

export interface ProgressFacts {
  device: string;
  deployment: string;
  /** What the deployment asks for now. */
  scoreText: string;
  key: DesiredKey | undefined;
  sighting: Sighting | undefined;
  nowMs: number;
}

export const isOnline = (sighting: Sighting | undefined, nowMs: number): boolean =>
  sighting !== undefined && ['live', 'late'].includes(freshnessOf(sighting, nowMs));

export function deviceProgress({ device, deployment, scoreText, key, sighting, nowMs }: ProgressFacts): DeploymentOnDevice {
  const status = sighting?.status?.deployments.find(({ name }) => name === deployment);
  const handedOver = key?.ours === true && key.text === scoreText;
  const takenUp = handedOver && status !== undefined && status.revision >= key.revision;
  const online = isOnline(sighting, nowMs);
  const about = { device, online, takenUp, ...(status ? { status } : {}) };
  if (key && !key.ours) return { ...about, state: 'failed' };
  if (!online) return { ...about, state: 'offline' };
  if (!takenUp) return { ...about, state: 'updating' };
  if (sighting?.status?.engine.reachable === false) return { ...about, state: 'failed' };
  const health = healthOfDeployment(status);
  return { ...about, state: health === 'failed' || health === 'attention' || health === 'running' ? health : 'updating' };
}
