/** Finds ports of a new deployment that others already hold on the same devices. Pure. */
import { displayName } from '#contracts/device.ts';
import type { Issue } from '#contracts/issue.ts';
import { nextFreePort, type PortHolder, portsCollide } from '#contracts/score/conflicts.ts';
import { type PublishedPort, parsePort } from '#contracts/score/port.ts';
import type { Score } from '#contracts/score/score.ts';

/** A port held on one device. */
export interface DevicePortHolder extends PortHolder {
  device: string;
}

interface PlacedPort {
  service: string;
  text: string;
  port: PublishedPort;
  path: (string | number)[];
}

/** Every published port of a Score, with its place in the deployment document. */
export function publishedPorts(score: Score): PlacedPort[] {
  return score.data.services.flatMap((service, index) =>
    (service.ports ?? []).flatMap((text, portIndex) => {
      const port = parsePort(text);
      if ('error' in port || port.hostPort === undefined) return [];
      return [{ service: service.name, text, port, path: ['spec', 'score', 'data', 'services', index, 'ports', portIndex] }];
    }),
  );
}

/** `holders` are those of other deployments, on any device. One issue for each port and holder, naming all its devices. */
export function portConflicts(score: Score, targets: readonly string[], holders: readonly DevicePortHolder[]): Issue[] {
  const wanted = publishedPorts(score);
  const onTargets = holders.filter(({ device }) => targets.includes(device));
  const own = wanted.map(({ service, port }) => ({ deployment: '', service, port }));
  return wanted.flatMap(({ text, port, path }) => {
    const devicesOf = new Map<string, string[]>();
    for (const holder of onTargets) {
      if (!portsCollide(holder.port, port)) continue;
      const name = holder.service === holder.deployment ? holder.service : `${holder.service} of ${holder.deployment}`;
      devicesOf.set(name, [...(devicesOf.get(name) ?? []), holder.device]);
    }
    const free = String(nextFreePort(port, [...onTargets, ...own]));
    return [...devicesOf].map(
      ([name, devices]): Issue => ({
        path,
        severity: 'error',
        message: `${port.hostPort} is taken on ${listNames([...new Set(devices)])} by ${name}. Next free: ${free}.`,
        suggestion: text.replace(`${port.hostPort}:`, `${free}:`),
      }),
    );
  });
}

/** `Alice`, `Alice and Aria`, `Alice, Aria and 3 more`. */
export function listNames(devices: readonly string[]): string {
  const names = [...devices].sort().map(displayName);
  if (names.length > 3) return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
