/** What a manifest runs into on the devices it names: ports somebody else holds, devices nobody knows, selectors that match nobody. Pure. */
import { type Deployment, matchTargets } from '#contracts/deployment.ts';
import { didYouMean } from '#contracts/did-you-mean.ts';
import { nextFreePort, type PortHolder, portsCollide } from '#contracts/score/conflicts.ts';
import { type PublishedPort, parsePort } from '#contracts/score/port.ts';
import { names } from './device-words.ts';
import { SERVICES_PATH } from './form-model.ts';
import type { Fix } from './read-manifest.ts';

export interface FleetDevice {
  name: string;
  labels: Readonly<Record<string, string>>;
}

export interface FleetIssue {
  path: (string | number)[];
  message: string;
  severity: 'error' | 'warning';
  fixes?: Fix[];
}

export interface Fleet {
  devices: readonly FleetDevice[];
  deployments: readonly Deployment[];
}

export function fleetIssues(deployment: Deployment, fleet: Fleet): FleetIssue[] {
  return [...targetIssues(deployment.spec, fleet.devices), ...portIssues(deployment, fleet)];
}

export function targetIssues(
  spec: Pick<Deployment['spec'], 'targetDevices' | 'targetSelector'>,
  devices: readonly FleetDevice[],
): FleetIssue[] {
  if (spec.targetSelector) {
    if (matchTargets(spec, devices).length > 0) return [];
    const labels = Object.entries(spec.targetSelector).map(([key, value]) => `${key}: ${value}`);
    return [
      {
        path: ['spec', 'targetSelector'],
        severity: 'warning',
        message: `No device has ${labels.join(' and ')}. Nothing would happen.`,
      },
    ];
  }
  const known = devices.map((device) => device.name);
  return (spec.targetDevices ?? []).flatMap((name, index): FleetIssue[] => {
    if (known.includes(name)) return [];
    const meant = didYouMean(name, known);
    const path = ['spec', 'targetDevices', index];
    return [
      {
        path,
        severity: 'warning',
        message: meant
          ? `No device is called ${name}. Did you mean ${meant}?`
          : `No device is called ${name} yet. It gets this when it is added.`,
        ...(meant ? { fixes: [{ label: `Use ${meant}`, path, value: meant }] } : {}),
      },
    ];
  });
}

function portIssues(deployment: Deployment, { devices, deployments }: Fleet): FleetIssue[] {
  const targets = matchTargets(deployment.spec, devices);
  const others = deployments.filter((other) => other.metadata.name !== deployment.metadata.name);
  const heldOn = new Map(targets.map((device) => [device, holdersOn(device, others, devices)]));
  const held = [...heldOn.values()].flat();
  const own = holders(deployment);
  return deployment.spec.score.data.services.flatMap((service, serviceIndex) =>
    (service.ports ?? []).flatMap((text, portIndex): FleetIssue[] => {
      const port = parsePort(text);
      if ('error' in port || port.hostPort === undefined) return [];
      const clashes = [...heldOn].flatMap(([device, all]) => {
        const holder = all.find((other) => portsCollide(other.port, port));
        return holder ? [{ device, holder }] : [];
      });
      const first = clashes[0];
      if (!first) return [];
      const free = nextFreePort(port, [...held, ...own]);
      const where = names(clashes.map((clash) => clash.device));
      const path = [...SERVICES_PATH, serviceIndex, 'ports', portIndex];
      return [
        {
          path,
          severity: 'error',
          message: `${port.hostPort} is taken on ${where} by ${holderName(first.holder)}. Next free: ${free}.`,
          fixes: [{ label: `Use ${free}`, path, value: withHostPort(text, port, free) }],
        },
      ];
    }),
  );
}

function holdersOn(device: string, deployments: readonly Deployment[], devices: readonly FleetDevice[]): PortHolder[] {
  return deployments.filter((other) => matchTargets(other.spec, devices).includes(device)).flatMap(holders);
}

function holders(deployment: Deployment): PortHolder[] {
  return deployment.spec.score.data.services.flatMap((service) =>
    (service.ports ?? []).flatMap((text): PortHolder[] => {
      const port = parsePort(text);
      return 'error' in port ? [] : [{ deployment: deployment.metadata.name, service: service.name, port }];
    }),
  );
}

/** `grafana`, or `web of monitoring` where the service is called otherwise than its deployment. */
const holderName = ({ deployment, service }: PortHolder) => (deployment === service ? deployment : `${service} of ${deployment}`);

function withHostPort(text: string, port: PublishedPort, hostPort: number): string {
  return text.replace(new RegExp(`(^|:)${port.hostPort}:(?=\\d+(?:/\\w+)?$)`), `$1${hostPort}:`);
}
