/** What is wrong with a device, in one sentence that starts after its name. Pure. */
import type { Health } from '#contracts/health.ts';
import { healthOfService } from '#contracts/health.ts';
import type { DeviceStatus, ServiceStatus } from '#contracts/status.ts';
import type { DeviceView } from '../live/device-view.ts';
import { since } from '../ui/words.ts';

const TROUBLED: ReadonlySet<Health> = new Set(['failed', 'attention', 'needs-you', 'offline']);

export const isTroubled = (health: Health): boolean => TROUBLED.has(health);

export function troubleOf(view: DeviceView, nowMs: number): string {
  const standing = view.device.value?.standing;
  if (standing === 'kept-out') return 'is kept out';
  if (standing === 'contested') return 'identity check failed';
  if (view.health === 'offline') return `offline since ${since(offlineSince(view) ?? nowMs, nowMs)}`;
  const status = view.status.value;
  const question = status?.work?.asks[0]?.question;
  if (view.health === 'needs-you' && question) return `asks: “${question}”`;
  return (status && reportedTrouble(status)) ?? 'needs a look';
}

/** The whole sentence. An agent's own words stand after a colon; ours go on from the name. */
export function sentenceOf(name: string, view: DeviceView, nowMs: number): string {
  const words = troubleOf(view, nowMs);
  return `${name}${isSentence(words) ? ':' : ''} ${words}`;
}

export const isSentence = (words: string): boolean => /^\p{Lu}/u.test(words);

/** When the connection ended, or when the last report came if no end was seen. */
export const offlineSince = (view: DeviceView): number | undefined =>
  view.connected === false ? (view.connectionChangedAtMs ?? view.receivedAtMs) : view.receivedAtMs;

function reportedTrouble(status: DeviceStatus): string | undefined {
  const { engine, agent, deployments, host } = status;
  if (!engine.reachable) return engine.error?.message ?? 'its container engine does not answer';
  const broken = deployments.flatMap((one) => [one.error, ...one.services.map((service) => service.error)]).find(Boolean);
  if (broken) return broken.message;
  const service = worstService(deployments.flatMap((one) => one.services));
  if (service) return serviceTrouble(service);
  if (agent.error) return agent.error.message;
  if (host.throttled) return 'the CPU is slowed down by heat or low voltage';
  if (host.temperatureCelsius !== null && host.temperatureCelsius >= 80) return `${Math.round(host.temperatureCelsius)} °C hot`;
  return host.diskTotalBytes > 0 && host.diskUsedBytes / host.diskTotalBytes >= 0.95 ? 'its disk is almost full' : undefined;
}

function worstService(services: readonly ServiceStatus[]): ServiceStatus | undefined {
  return (['failed', 'attention'] as const)
    .map((health) => services.find((one) => healthOfService(one) === health))
    .find(Boolean);
}

function serviceTrouble({ name, state, health, restarts }: ServiceStatus): string {
  if (state === 'failed') return `${name} does not run`;
  if (health === 'unhealthy') return `${name} fails its health check`;
  return restarts > 1 ? `${name} keeps stopping (${restarts} times)` : `${name} stopped and was started again`;
}
