/** The eight words of health and the words of freshness: how a report, a connection and the clock become what a tile says. Pure. */
import type { Device } from './device.ts';
import type { DeviceDeploymentStatus, DeviceStatus, ServiceStatus } from './status.ts';

export const HEALTH_WORDS = {
  running: 'Running',
  updating: 'Updating',
  attention: 'Attention',
  failed: 'Failed',
  'needs-you': 'Needs you',
  paused: 'Paused',
  offline: 'Offline',
  'not-seen': 'Not seen yet',
} as const;
export type Health = keyof typeof HEALTH_WORDS;

export const FRESHNESS_WORDS = {
  live: 'Live',
  late: 'Late',
  frozen: 'Frozen',
  offline: 'Offline',
  'hub-lost': 'Hub lost',
} as const;

export const LATE_AFTER_MS = 35_000;
export const OFFLINE_AFTER_MS = 90_000;
export const DISCONNECT_GRACE_MS = 5_000;
/** While a new agent starts: it has so long to report, else the one before is back by then. */
export const AGENT_START_MS = 150_000;

/** What is known of a device at one moment. Times are of the viewer's clock, in milliseconds since 1970. */
export interface Sighting {
  /** The last report; absent for a device that never connected. */
  status?: DeviceStatus | undefined;
  /** When that report arrived at the hub. */
  receivedAtMs?: number | undefined;
  /** `unknown`: the hub cannot see connections (no system account). */
  connected: boolean | 'unknown';
  connectionChangedAtMs?: number | undefined;
  /** How the fleet stands to its identity, where something is wrong with it. */
  standing?: Device['standing'];
}

export function freshnessOf(sighting: Sighting, nowMs: number): 'live' | 'late' | 'offline' | 'not-seen' {
  if (!sighting.status || sighting.receivedAtMs === undefined) return 'not-seen';
  const ageMs = nowMs - sighting.receivedAtMs;
  const restarts = sighting.status.agent.update?.state === 'starting' && ageMs < AGENT_START_MS;
  if (restarts) return ageMs >= LATE_AFTER_MS || sighting.connected === false ? 'late' : 'live';
  if (ageMs >= OFFLINE_AFTER_MS) return 'offline';
  if (sighting.connected === false && nowMs - (sighting.connectionChangedAtMs ?? 0) >= DISCONNECT_GRACE_MS) return 'offline';
  return ageMs >= LATE_AFTER_MS || sighting.connected === false ? 'late' : 'live';
}

export function healthOf(sighting: Sighting, nowMs: number): Health {
  // Nothing that is kept out is believed, whatever its last report said.
  if (sighting.standing === 'kept-out') return 'offline';
  const freshness = freshnessOf(sighting, nowMs);
  if (freshness === 'not-seen') return 'not-seen';
  if (freshness === 'offline') return 'offline';
  if (sighting.standing === 'contested') return 'failed';
  return healthOfReport(sighting.status!);
}

const HOT_CELSIUS = 80;
const DISK_LOW_FRACTION = 0.95;

export function healthOfReport(status: DeviceStatus): Health {
  // Neither reachable nor in trouble: the agent has just started and has not asked it yet.
  if (!status.engine.reachable) return status.engine.error ? 'failed' : 'updating';
  const asks = (status.work?.asks.length ?? 0) > 0;
  const worst = worstOf([...status.deployments.map(healthOfDeployment), asks ? 'needs-you' : 'running']);
  if (worst !== 'running') return worst;
  const { host, agent } = status;
  const hot = (host.temperatureCelsius ?? 0) >= HOT_CELSIUS || host.throttled === true;
  const diskLow = host.diskTotalBytes > 0 && host.diskUsedBytes / host.diskTotalBytes >= DISK_LOW_FRACTION;
  return hot || diskLow || agent.error ? 'attention' : 'running';
}

export function healthOfDeployment(deployment: DeviceDeploymentStatus): Health {
  switch (deployment.phase) {
    case 'running':
      return 'running';
    case 'updating':
    case 'removing':
      return 'updating';
    case 'attention':
      return 'attention';
    case 'failed':
    case 'unsupported':
      return 'failed';
  }
}

export function healthOfService(service: ServiceStatus): Health {
  switch (service.state) {
    case 'running':
      return service.health === 'unhealthy' ? 'attention' : service.health === 'starting' ? 'updating' : 'running';
    case 'completed':
      return 'running';
    case 'restarting':
      return 'attention';
    case 'failed':
      return 'failed';
    default:
      return 'updating';
  }
}

const ORDER: readonly Health[] = ['failed', 'needs-you', 'attention', 'updating', 'offline', 'not-seen', 'paused', 'running'];

export function worstOf(all: readonly Health[]): Health {
  return ORDER.find((health) => all.includes(health)) ?? 'running';
}

/** A new agent is being fetched or starts there. */
export const isAgentChanging = (status: DeviceStatus | undefined): boolean =>
  status?.agent.update?.state === 'fetching' || status?.agent.update?.state === 'starting';

/** `4 of 4`: services that do what they should, of all that were asked for. */
export function countServices(status: DeviceStatus | undefined): { running: number; total: number } {
  const services = (status?.deployments ?? []).filter((one) => one.phase !== 'removing').flatMap((one) => one.services);
  return { running: services.filter((one) => healthOfService(one) === 'running').length, total: services.length };
}
