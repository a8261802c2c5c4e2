/** Matches what is asked for with what there is: one candidate a service, and the containers nobody asks for. Pure. */
import { dependencyNames } from '#contracts/score/conflicts.ts';
import type { PodmanService } from '#contracts/score/service.ts';
import { mountsOf, publishedPorts, restartOf } from '../engine/service-fields.ts';
import { type Actual, isLive, type OwnContainer, type ServiceKey, serviceKey } from './actual.ts';
import type { DesiredEntry, DesiredService } from './desired.ts';
import type { Memory } from './memory.ts';

export interface Candidate {
  key: ServiceKey;
  service: DesiredService;
  /** The container made from exactly this text; of several, the one that is furthest. */
  right: OwnContainer | undefined;
  /** Containers of this service made from another text, and doubles of `right`. */
  stale: readonly OwnContainer[];
}

export interface Matched {
  candidates: readonly Candidate[];
  leftover: readonly OwnContainer[];
}

export function matchContainers(desired: readonly DesiredEntry[], actual: Actual): Matched {
  const byKey = new Map<ServiceKey, OwnContainer[]>();
  for (const one of actual.containers.values()) byKey.set(one.key, [...(byKey.get(one.key) ?? []), one]);
  const candidates = desired.flatMap((entry) => servicesOf(entry, actual).map((service) => candidateOf(service, byKey)));
  const wanted = new Set(candidates.map((candidate) => candidate.key));
  const asIs = new Set(desired.filter((entry) => entry.services === 'as-is').map((entry) => entry.name));
  const leftover = [...actual.containers.values()].filter((one) => !wanted.has(one.key) && !asIs.has(one.deployment));
  return { candidates, leftover };
}

export function servicesOf(entry: DesiredEntry, actual: Actual): readonly DesiredService[] {
  if (entry.services !== 'as-is') return entry.services;
  const ours = [...actual.containers.values()].filter((one) => one.deployment === entry.name);
  const furthest = new Map<string, OwnContainer>();
  for (const one of ours.sort((a, b) => rank(b) - rank(a))) if (!furthest.has(one.service)) furthest.set(one.service, one);
  return [...furthest.values()].flatMap(({ deployment, service, text, spec }) =>
    spec ? [{ deployment, name: service, text, spec }] : [],
  );
}

function candidateOf(service: DesiredService, byKey: ReadonlyMap<ServiceKey, OwnContainer[]>): Candidate {
  const key = serviceKey(service);
  const all = byKey.get(key) ?? [];
  const [right] = all.filter((one) => one.text === service.text).sort((a, b) => rank(b) - rank(a) || (a.id < b.id ? -1 : 1));
  return { key, service, right, stale: all.filter((one) => one !== right) };
}

/** How far a container is: of doubles the furthest stays. */
function rank({ state, doing }: OwnContainer): number {
  if (doing === 'remove') return 0;
  if (state === 'running' || state === 'paused') return doing === 'stop' ? 3 : 6;
  if (doing === 'start') return 5;
  return state === 'created' ? 4 : state === 'exited' ? 2 : 1;
}

/** True: two versions may run side by side for a moment. A device file or a folder for writing may have but one user. */
export function replacesStartFirst({ spec }: DesiredService): boolean {
  const hasFixedPort = publishedPorts(spec, '').some((port) => port.hostPort !== undefined);
  const writes = mountsOf(spec).some((mount) => (mount.type === 'bind' || mount.type === 'volume') && !mount.readOnly);
  return !hasFixedPort && !writes && !spec.devices?.length;
}

/** It ended, and its restart policy lets it rest. */
export function rests(container: OwnContainer, memory: Memory): boolean {
  if (container.state !== 'exited' || !container.spec || memory.stoppedByUs.has(container.id)) return false;
  const policy = restartOf(container.spec);
  if (policy.name === 'no') return true;
  if (policy.name !== 'on-failure') return false;
  return container.exitCode === 0 || (policy.tries !== undefined && !memory.brakes.has(container.key));
}

/** Why a service does not start yet: the name of the service it waits for, and what that one has to become. */
export function unmetDependency(
  { service }: Candidate,
  all: ReadonlyMap<ServiceKey, Candidate>,
  memory: Memory,
): string | undefined {
  const { dependsOn } = service.spec;
  for (const name of dependencyNames(service.spec)) {
    const other = all.get(serviceKey({ deployment: service.deployment, name }));
    if (!other) continue;
    const condition = (dependsOn && !Array.isArray(dependsOn) && conditionOf(dependsOn, name)) || 'service_started';
    const { right } = other;
    const ended = right !== undefined && rests(right, memory);
    if (condition === 'service_completed_successfully') {
      if (!(ended && right.exitCode === 0)) return `${name} to complete`;
    } else if (condition === 'service_healthy') {
      if (!(right?.state === 'running' && (right.health === 'healthy' || right.health === 'none')))
        return `${name} to be healthy`;
    } else if (!(right && ((isLive(right) && right.doing === undefined) || ended))) return `${name} to start`;
  }
  return undefined;
}

function conditionOf(dependsOn: PodmanService['dependsOn'], name: string): string | undefined {
  return (dependsOn as Record<string, { condition?: string }>)[name]?.condition;
}
