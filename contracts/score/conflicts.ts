/** Finds services that cannot run side by side: the same name, or the same port of the device. Pure. */
import { type PublishedPort, parsePort } from './port.ts';

interface WithPorts {
  name: string;
  ports?: readonly string[] | undefined;
  dependsOn?: readonly string[] | Readonly<Record<string, unknown>> | undefined;
}

export interface Conflict {
  path: (string | number)[];
  value: unknown;
  message: string;
}

/** A port of the device somebody holds, and who. */
export interface PortHolder {
  deployment: string;
  service: string;
  port: PublishedPort;
}

const wildcard = (ip: string | undefined) => ip === undefined || ip === '0.0.0.0' || ip === '::';

export function portsCollide(a: PublishedPort, b: PublishedPort): boolean {
  return (
    a.hostPort !== undefined &&
    a.hostPort === b.hostPort &&
    a.protocol === b.protocol &&
    (wildcard(a.hostIp) || wildcard(b.hostIp) || a.hostIp === b.hostIp)
  );
}

export function serviceConflicts(services: readonly WithPorts[]): Conflict[] {
  const conflicts: Conflict[] = [];
  const names = new Map<string, number>();
  const taken: PortHolder[] = [];
  services.forEach((service, index) => {
    if (names.has(service.name)) {
      conflicts.push({
        path: [index, 'name'],
        value: service.name,
        message: `Two services are called ${service.name}. Give this one another name.`,
      });
    }
    names.set(service.name, index);
    (service.ports ?? []).forEach((text, portIndex) => {
      const port = parsePort(text);
      if ('error' in port) return;
      const holder = taken.find((other) => portsCollide(other.port, port));
      if (holder) {
        conflicts.push({
          path: [index, 'ports', portIndex],
          value: text,
          message: `${port.hostPort} is taken by ${holder.service === service.name ? 'this service already' : `the service ${holder.service}`}. Next free: ${nextFreePort(port, taken)}.`,
        });
      } else taken.push({ deployment: '', service: service.name, port });
    });
  });
  services.forEach((service, index) => {
    const wanted = Array.isArray(service.dependsOn) ? service.dependsOn : Object.keys(service.dependsOn ?? {});
    for (const name of wanted as string[]) {
      if (!names.has(name))
        conflicts.push({
          path: [index, 'dependsOn'],
          value: name,
          message: `${service.name} waits for ${name}, which is not a service of this deployment.`,
        });
    }
  });
  const cycle = dependencyCycle(services);
  if (cycle)
    conflicts.push({
      path: [names.get(cycle[0]!)!, 'dependsOn'],
      value: cycle,
      message: `These services wait for each other: ${cycle.join(' → ')}.`,
    });
  return conflicts;
}

/** The lowest free port above the wanted one. */
export function nextFreePort(wanted: PublishedPort, taken: readonly PortHolder[]): number {
  for (let hostPort = (wanted.hostPort ?? 1024) + 1; hostPort <= 65_535; hostPort++) {
    if (!taken.some((holder) => portsCollide(holder.port, { ...wanted, hostPort }))) return hostPort;
  }
  return wanted.hostPort ?? 1024;
}

export function dependencyNames(service: WithPorts): string[] {
  return Array.isArray(service.dependsOn) ? [...service.dependsOn] : Object.keys(service.dependsOn ?? {});
}

function dependencyCycle(services: readonly WithPorts[]): string[] | undefined {
  const byName = new Map(services.map((service) => [service.name, service]));
  const done = new Set<string>();
  const visit = (name: string, trail: string[]): string[] | undefined => {
    const at = trail.indexOf(name);
    if (at >= 0) return [...trail.slice(at), name];
    const service = byName.get(name);
    if (!service || done.has(name)) return undefined;
    for (const next of dependencyNames(service)) {
      const cycle = visit(next, [...trail, name]);
      if (cycle) return cycle;
    }
    done.add(name);
    return undefined;
  };
  for (const service of services) {
    const cycle = visit(service.name, []);
    if (cycle) return cycle;
  }
  return undefined;
}
