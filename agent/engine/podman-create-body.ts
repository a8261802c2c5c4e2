/** Translates a service of a Score to the body of podman's `POST /libpod/containers/create`. Pure. */
import { DEFAULT_STOP_TIMEOUT_SECONDS } from '#contracts/score/service.ts';
import type { ContainerSpec } from './engine.ts';
import {
  commandOf,
  healthcheckOf,
  mountsOf,
  pairs,
  publishedPorts,
  restartOf,
  secretsOf,
  sizeBytes,
  socketMount,
} from './service-fields.ts';

const NANOSECONDS = 1_000_000;
const CPU_PERIOD = 100_000;
/** The agent keeps what matters: this only has to outlast an agent that is away for a while. Podman 4.3 ignores the option `max-size`. */
const LOG_FILE_BYTES = 16 * 1024 * 1024;

export function podmanCreateBody({
  name,
  service,
  labels,
  hostIp,
  volumePrefix,
  socketFolder,
}: ContainerSpec): Record<string, unknown> {
  const restart = restartOf(service);
  const mounts = [...mountsOf(service), ...socketMount(socketFolder)];
  const command = commandOf(service);
  const ports = publishedPorts(service, hostIp);
  const secrets = secretsOf(service);
  const limits = resourceLimits(service.resources);
  const health = healthcheckOf(service);
  return {
    name,
    image: service.image,
    labels: { ...pairs(service.labels), ...labels },
    restart_policy: restart.name,
    ...(restart.tries === undefined ? {} : { restart_tries: restart.tries }),
    stop_timeout: service.stopTimeoutSeconds ?? DEFAULT_STOP_TIMEOUT_SECONDS,
    log_configuration: { driver: 'k8s-file', size: LOG_FILE_BYTES },
    ...(command ? { command } : {}),
    ...(service.env ? { env: pairs(service.env) } : {}),
    ...(service.hostname ? { hostname: service.hostname } : {}),
    ...(service.user ? { user: service.user } : {}),
    ...(service.screen?.kind === 'terminal' ? { terminal: true, stdin: true } : {}),
    ...(service.readOnly ? { read_only_filesystem: true } : {}),
    ...(service.devices ? { devices: service.devices.map((path) => ({ path })) } : {}),
    ...(secrets.length > 0 ? { secrets } : {}),
    ...(limits ? { resource_limits: limits } : {}),
    ...(health ? { healthconfig: health === 'off' ? { Test: ['NONE'] } : healthConfig(health) } : {}),
    ...(ports.length > 0 ? { portmappings: ports.map(portMapping) } : {}),
    mounts: mounts.flatMap((mount) => {
      if (mount.type === 'tmpfs') return [{ type: 'tmpfs', destination: mount.target }];
      if (mount.type !== 'bind') return [];
      const options = ['rbind', mount.readOnly ? 'ro' : 'rw', ...mount.options];
      return [{ type: 'bind', source: mount.source, destination: mount.target, options }];
    }),
    volumes: mounts.flatMap((mount) => {
      if (mount.type === 'anonymous') return [{ Dest: mount.target, Options: mount.readOnly ? ['ro'] : [] }];
      if (mount.type !== 'volume') return [];
      const options = [...(mount.readOnly ? ['ro'] : []), ...mount.options];
      return [{ Name: `${volumePrefix}.${mount.source}`, Dest: mount.target, Options: options }];
    }),
  };
}

function portMapping(port: ReturnType<typeof publishedPorts>[number]) {
  return {
    container_port: port.containerPort,
    // 0: podman chooses one.
    host_port: port.hostPort ?? 0,
    host_ip: port.hostIp === '0.0.0.0' ? '' : port.hostIp,
    protocol: port.protocol,
  };
}

/** Interval 0: podman sets no systemd timer, which not every device has. The agent runs the checks itself. */
function healthConfig(health: Exclude<ReturnType<typeof healthcheckOf>, 'off' | undefined>) {
  return {
    Test: health.test,
    Interval: 0,
    Timeout: health.timeoutMs * NANOSECONDS,
    StartPeriod: health.startPeriodMs * NANOSECONDS,
    Retries: health.retries,
  };
}

function resourceLimits(resources: ContainerSpec['service']['resources']) {
  if (!resources) return undefined;
  const { cpus, memory, pids } = resources.limits ?? {};
  const reserved = resources.reservations?.memory;
  const cpu = cpus === undefined ? undefined : { quota: Math.round(Number(cpus) * CPU_PERIOD), period: CPU_PERIOD };
  const limit = memory === undefined ? {} : { limit: sizeBytes(memory) };
  const reservation = reserved === undefined ? {} : { reservation: sizeBytes(reserved) };
  return {
    ...(cpu ? { cpu } : {}),
    ...(memory === undefined && reserved === undefined ? {} : { memory: { ...limit, ...reservation } }),
    ...(pids === undefined ? {} : { pids: { limit: pids } }),
  };
}
