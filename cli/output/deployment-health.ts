/** One of the wall's words for a whole deployment, from how far its devices are. */
import type { Deployment, DeploymentStatus } from '#contracts/deployment.ts';
import type { Health } from '#contracts/health.ts';

export function deploymentHealth({ metadata }: Deployment, status: DeploymentStatus | undefined): Health {
  if (!status || status.observedGeneration < (metadata.generation ?? 1)) return 'updating';
  const { targets, failed, attention, updating, offline } = status.aggregate;
  if (failed > 0) return 'failed';
  if (attention > 0) return 'attention';
  if (updating > 0) return 'updating';
  if (targets === 0) return 'paused';
  return offline === targets ? 'offline' : 'running';
}
