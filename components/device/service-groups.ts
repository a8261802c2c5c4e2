/** The services of a device by deployment, those in trouble first, as far as a filter lets them through. Pure. */
import { type Health, healthOfService } from '#contracts/health.ts';
import type { DeviceDeploymentStatus, DeviceStatus } from '#contracts/status.ts';

const WORST_FIRST: readonly Health[] = ['failed', 'needs-you', 'attention', 'updating', 'offline', 'not-seen', 'running'];
const rankOf = (health: Health) => {
  const rank = WORST_FIRST.indexOf(health);
  return rank < 0 ? WORST_FIRST.length : rank;
};

export function serviceGroups(status: DeviceStatus | undefined, filter: string): DeviceDeploymentStatus[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return (status?.deployments ?? [])
    .map((deployment) => {
      const ranked = deployment.services
        .map((service) => ({ service, rank: rankOf(healthOfService(service)) }))
        .filter(({ service }) => {
          const text =
            `${deployment.name} ${service.name} ${service.image} ${service.state} ${service.ports.join(' ')}`.toLowerCase();
          return words.every((word) => text.includes(word));
        })
        .sort((a, b) => a.rank - b.rank || a.service.name.localeCompare(b.service.name));
      const rank = Math.min(deployment.error ? 0 : WORST_FIRST.length, ...ranked.map((one) => one.rank));
      return { rank, deployment: { ...deployment, services: ranked.map(({ service }) => service) } };
    })
    .filter(({ deployment }) => deployment.services.length > 0 || (words.length === 0 && deployment.error))
    .sort((a, b) => a.rank - b.rank || a.deployment.name.localeCompare(b.deployment.name))
    .map(({ deployment }) => deployment);
}
