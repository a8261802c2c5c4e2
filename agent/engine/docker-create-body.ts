/** Translates a service of a Score to the body of Docker's `POST /containers/create`. Pure. */
import { DEFAULT_STOP_TIMEOUT_SECONDS } from '#contracts/score/service.ts';
import type { ContainerSpec } from './engine.ts';
import {
  commandOf,
  healthcheckOf,
  mountsOf,
  pairs,
  publishedPorts,
  restartOf,
  sizeBytes,
  socketMount,
} from './service-fields.ts';

const NANOSECONDS = 1_000_000;

export function dockerCreateBody({
  service,
  labels,
  hostIp,
  volumePrefix,
  socketFolder,
}: ContainerSpec): Record<string, unknown> {
  const restart = restartOf(service);
  const command = commandOf(service);
  const ports = publishedPorts(service, hostIp);
  const mounts = [...mountsOf(service), ...socketMount(socketFolder)];
  const health = healthcheckOf(service);
  const { limits, reservations } = service.resources ?? {};
  return {
    Image: service.image,
    Labels: { ...pairs(service.labels), ...labels },
    StopTimeout: service.stopTimeoutSeconds ?? DEFAULT_STOP_TIMEOUT_SECONDS,
    ...(command ? { Cmd: command } : {}),
    ...(service.env ? { Env: Object.entries(pairs(service.env)).map(([name, value]) => `${name}=${value}`) } : {}),
    ...(service.hostname ? { Hostname: service.hostname } : {}),
    ...(service.user ? { User: service.user } : {}),
    ...(service.screen?.kind === 'terminal' ? { Tty: true, OpenStdin: true } : {}),
    ...(health ? { Healthcheck: health === 'off' ? { Test: ['NONE'] } : healthConfig(health) } : {}),
    ExposedPorts: Object.fromEntries(ports.map((port) => [`${port.containerPort}/${port.protocol}`, {}])),
    Volumes: Object.fromEntries(mounts.filter((mount) => mount.type === 'anonymous').map((mount) => [mount.target, {}])),
    HostConfig: {
      LogConfig: { Type: 'json-file', Config: { 'max-size': '16m', 'max-file': '2' } },
      RestartPolicy: { Name: restart.name, MaximumRetryCount: restart.tries ?? 0 },
      PortBindings: portBindings(ports),
      ReadonlyRootfs: service.readOnly ?? false,
      Tmpfs: Object.fromEntries(mounts.filter((mount) => mount.type === 'tmpfs').map((mount) => [mount.target, ''])),
      Binds: mounts.flatMap((mount) => {
        if (mount.type !== 'bind' && mount.type !== 'volume') return [];
        const source = mount.type === 'volume' ? `${volumePrefix}.${mount.source}` : mount.source;
        return [`${source}:${mount.target}:${[mount.readOnly ? 'ro' : 'rw', ...mount.options].join(',')}`];
      }),
      Devices: (service.devices ?? []).map(deviceMapping),
      ...(limits?.cpus === undefined ? {} : { NanoCpus: Math.round(Number(limits.cpus) * 1e9) }),
      ...(limits?.memory === undefined ? {} : { Memory: sizeBytes(limits.memory) }),
      ...(limits?.pids === undefined ? {} : { PidsLimit: limits.pids }),
      ...(reservations?.memory === undefined ? {} : { MemoryReservation: sizeBytes(reservations.memory) }),
    },
  };
}

function portBindings(ports: ReturnType<typeof publishedPorts>) {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const port of ports) {
    const key = `${port.containerPort}/${port.protocol}`;
    bindings[key] = [...(bindings[key] ?? []), { HostIp: port.hostIp ?? '', HostPort: String(port.hostPort ?? '') }];
  }
  return bindings;
}

function deviceMapping(device: string) {
  const [host, second, third] = device.split(':');
  const inside = second?.startsWith('/') ? second : host;
  const permissions = (second?.startsWith('/') ? third : second) ?? 'rwm';
  return { PathOnHost: host, PathInContainer: inside, CgroupPermissions: permissions };
}

function healthConfig(health: Exclude<ReturnType<typeof healthcheckOf>, 'off' | undefined>) {
  return {
    Test: health.test,
    Interval: health.intervalMs * NANOSECONDS,
    Timeout: health.timeoutMs * NANOSECONDS,
    StartPeriod: health.startPeriodMs * NANOSECONDS,
    Retries: health.retries,
  };
}
