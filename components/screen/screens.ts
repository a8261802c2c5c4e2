/** The desktops of a device: services that declare one, as far as the deployments say. Pure. */
import type { Deployment } from '#contracts/deployment.ts';
import type { DeviceStatus } from '#contracts/status.ts';

export interface ScreenName {
  deployment: string;
  service: string;
}

/** Those that run first; a service whose deployment is unknown to the hub shows no screen. */
export function screensOf(
  status: DeviceStatus | undefined,
  specOf: (deployment: string) => Deployment | undefined,
): ScreenName[] {
  const found = (status?.deployments ?? []).flatMap(({ name, services }) => {
    const wanted = specOf(name)?.spec.score.data.services ?? [];
    return services
      .filter((service) => wanted.some((one) => one.name === service.name && one.screen?.kind === 'vnc'))
      .map((service) => ({ deployment: name, service: service.name, runs: service.state === 'running' }));
  });
  return found.sort((a, b) => Number(b.runs) - Number(a.runs)).map(({ deployment, service }) => ({ deployment, service }));
}
