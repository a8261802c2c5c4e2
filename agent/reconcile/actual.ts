/** What there is on the device: our containers as the engine tells them, with what the agent is doing to them. Pure. */
import { CONTAINER_LABEL } from '#contracts/container.ts';
import { type PublishedPort, parsePort } from '#contracts/score/port.ts';
import { PodmanService } from '#contracts/score/service.ts';
import type { Container, ContainerDetails } from '../engine/engine.ts';
import { publishedPorts } from '../engine/service-fields.ts';
import type { Listener } from './listeners.ts';

/** `<deployment>/<service>` */
export type ServiceKey = string;
export const serviceKey = (of: { deployment: string; name: string }): ServiceKey => `${of.deployment}/${of.name}`;

/** Which containers of the engine are this device's. */
export interface Site {
  device: string;
  fleet?: string | undefined;
  hostIp: string;
  /** Makes the folder that a service with `agentSocket` finds the local socket in. */
  socketFolder?(deployment: string, service: string): string;
}

export interface OwnContainer extends Container {
  key: ServiceKey;
  deployment: string;
  service: string;
  /** The Score text it was made from. */
  text: string;
  /** undefined: written by another version in a form that this one does not know. */
  spec: PodmanService | undefined;
  /** Whether the agent pulled its image, and may remove it one day. */
  pulled: boolean;
  /** Image of the container it replaced, if the agent pulled that. */
  previousImage?: string | undefined;
  /** An action of ours on it is under way. */
  doing?: 'start' | 'stop' | 'remove' | 'rename' | undefined;
  health: 'none' | 'starting' | 'healthy' | 'unhealthy';
  details?: ContainerDetails | undefined;
  /** By the agent's clock: when it was first seen in this state. */
  seenAtMs: number;
}

export interface Actual {
  containers: ReadonlyMap<string, OwnContainer>;
  /** Ports of the device somebody listens on; only as fresh as the plan needs them. */
  listeners: readonly Listener[];
}

/** undefined: not ours, so it does not exist. */
export function ownContainer(container: Container, site: Site, nowMs: number): OwnContainer | undefined {
  const { labels } = container;
  const deployment = labels[CONTAINER_LABEL.deployment];
  const service = labels[CONTAINER_LABEL.service];
  const text = labels[CONTAINER_LABEL.score];
  if (labels[CONTAINER_LABEL.device] !== site.device || (labels[CONTAINER_LABEL.fleet] || undefined) !== site.fleet)
    return undefined;
  if (deployment === undefined || service === undefined || text === undefined) return undefined;
  const spec = readSpec(text);
  return {
    ...container,
    key: serviceKey({ deployment, name: service }),
    deployment,
    service,
    text,
    spec,
    pulled: labels[CONTAINER_LABEL.pulled] === 'true',
    previousImage: labels[CONTAINER_LABEL.previousImage] || undefined,
    health: spec?.healthcheck ? 'starting' : 'none',
    seenAtMs: nowMs,
  };
}

function readSpec(text: string): PodmanService | undefined {
  try {
    const raw: unknown = JSON.parse(text);
    return PodmanService.safeParse(raw).success ? (raw as PodmanService) : undefined;
  } catch {
    return undefined;
  }
}

/** Its process runs, or may run in a moment. */
export const isLive = (container: OwnContainer): boolean =>
  container.state === 'running' || container.state === 'paused' || container.state === 'stopping' || container.doing === 'start';

/** Runs, and nobody is about to change that. */
export const isUp = (container: OwnContainer): boolean =>
  (container.state === 'running' || container.state === 'paused') && container.doing !== 'stop' && container.doing !== 'remove';

/** Ports of the device it occupies while it lives. */
export function heldPorts(container: OwnContainer, hostIp: string): PublishedPort[] {
  const asked = container.spec ? publishedPorts(container.spec, hostIp).filter((port) => port.hostPort !== undefined) : [];
  const published = container.ports.flatMap((text) => {
    const [outside, inside] = text.split('->');
    const port = parsePort(`${outside}:${inside}`);
    return 'error' in port || port.hostPort === undefined ? [] : [port];
  });
  return [...asked, ...published];
}
