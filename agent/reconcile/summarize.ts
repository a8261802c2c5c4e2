/** What the device says of its deployments: from what is asked for, what there is, and the plan between them. Pure. */
import type { DeviceDeploymentStatus, ServiceStatus, Trouble } from '#contracts/status.ts';
import { isLive, isUp, type OwnContainer, type ServiceKey } from './actual.ts';
import { type Candidate, matchContainers, rests } from './candidate.ts';
import type { DesiredEntry } from './desired.ts';
import { KEEPS_STOPPING, type Memory } from './memory.ts';
import type { Verdict } from './plan.ts';
import { exited, keepsStopping, troubleOf, unhealthy } from './trouble.ts';
import type { World } from './world.ts';

type Verdicts = ReadonlyMap<ServiceKey, Verdict>;
type State = ServiceStatus['state'];
type Words = Pick<Trouble, 'code' | 'message'>;

export function summarize(
  desired: readonly DesiredEntry[],
  world: World,
  verdicts: Verdicts,
  before: readonly DeviceDeploymentStatus[],
): DeviceDeploymentStatus[] {
  const { candidates, leftover } = matchContainers(desired, world.actual);
  const wanted = desired.map((entry) => {
    const last = before.find((one) => one.name === entry.name);
    const services = candidates
      .filter((candidate) => candidate.service.deployment === entry.name)
      .map((candidate) => {
        const status = summarizeService(candidate, world.memory, verdicts.get(candidate.key));
        return keepTimes(
          status,
          last?.services.find((one) => one.name === status.name),
          world.memory.now,
        );
      });
    const isLeaving = leftover.some((one) => one.deployment === entry.name);
    const gapMs = world.memory.gapMs.get(entry.name);
    return {
      name: entry.name,
      phase: phaseOf(entry, services, isLeaving),
      revision: entry.revision,
      services,
      ...(entry.trouble ? { error: sinceOf(entry.trouble, last?.error, world.memory.now) } : {}),
      ...(gapMs === undefined ? {} : { gapMs }),
    };
  });
  return [...wanted, ...removing(desired, leftover, before)];
}

function phaseOf(entry: DesiredEntry, services: readonly ServiceStatus[], isLeaving: boolean): DeviceDeploymentStatus['phase'] {
  if (entry.trouble) return entry.trouble.code === 'unsupported' ? 'unsupported' : 'failed';
  const hurts = (one: ServiceStatus) => one.error && one.error.code !== 'unhealthy' && one.error.code !== 'keeps-stopping';
  if (services.some((one) => one.state === 'failed' || hurts(one))) return 'failed';
  if (services.some((one) => one.state === 'restarting' || one.error)) return 'attention';
  const isSettled = (one: ServiceStatus) => one.state === 'completed' || (one.state === 'running' && one.health !== 'starting');
  return isLeaving || !services.every(isSettled) ? 'updating' : 'running';
}

/** A status before its times are known: those that began earlier keep the time of the report before. */
interface Draft extends Omit<ServiceStatus, 'since' | 'error'> {
  startedAtMs?: number | undefined;
  error?: Words | undefined;
}

function summarizeService(candidate: Candidate, memory: Memory, verdict: Verdict | undefined): Draft {
  const { service, right, stale } = candidate;
  const old = stale.find(isUp) ?? stale.find(isLive);
  const shown = right && (isLive(right) || !old) ? right : old;
  const pull = right ? undefined : memory.pulling.get(service.spec.image);
  const { state, error } = judge(candidate, old, memory, verdict);
  return {
    name: service.name,
    state,
    health: right ? right.health : 'none',
    image: service.spec.image,
    ...(shown && (shown.details?.imageDigest || shown.imageId) ? { digest: shown.details?.imageDigest ?? shown.imageId } : {}),
    ports: shown ? [...shown.ports] : [],
    restarts: Math.max(right?.details?.restarts ?? 0, memory.deaths.get(candidate.key)?.length ?? 0),
    ...(shown ? { containerId: shown.id } : {}),
    ...(pull
      ? {
          pull: {
            layersDone: pull.layersDone,
            layersTotal: pull.layersTotal,
            bytesDone: pull.bytesDone,
            bytesTotal: pull.bytesTotal,
            startedAt: new Date(pull.startedAtMs).toISOString(),
          },
        }
      : {}),
    error,
    startedAtMs: state === 'running' && shown ? (shown.startedAtMs ?? shown.seenAtMs) : undefined,
  };
}

/** How long after its last death a service that runs again counts as one that keeps stopping. */
const CALM_MS = 120_000;

function judge(
  { key, service, right }: Candidate,
  old: OwnContainer | undefined,
  memory: Memory,
  verdict: Verdict | undefined,
): { state: State; error?: Words | undefined } {
  const { name, spec } = service;
  const failure = memory.failures.get(key);
  const about = { service: name, image: spec.image, keeps: old !== undefined };
  const deaths = memory.deaths.get(key) ?? [];
  const isRestless = deaths.length >= KEEPS_STOPPING && (deaths.at(-1) ?? 0) > memory.now - CALM_MS;
  const restless = keepsStopping(name, deaths.length, memory.lastExitCodes.get(key) ?? 0);
  if (verdict?.kind === 'refused')
    return { state: old ? 'running' : 'failed', error: { code: 'port-taken', message: verdict.message } };
  if (right && isUp(right) && right.doing !== 'start') {
    if (isRestless) return { state: 'restarting', error: restless };
    return { state: 'running', error: right.health === 'unhealthy' ? unhealthy(name) : undefined };
  }
  if (failure && !memory.pulling.has(spec.image) && right?.doing !== 'start')
    return { state: old ? 'running' : 'failed', error: troubleOf(failure, about) };
  if (!right) {
    if (memory.pulling.has(spec.image)) return { state: 'pulling', error: failure ? troubleOf(failure, about) : undefined };
    return { state: 'starting' };
  }
  if (isRestless || memory.brakes.has(key)) return { state: 'restarting', error: restless };
  if (rests(right, memory))
    return right.exitCode === 0 ? { state: 'completed' } : { state: 'failed', error: exited(name, right.exitCode) };
  if (old?.doing === 'stop') return { state: 'stopping' };
  if (verdict?.kind === 'waiting') return { state: right.state === 'exited' ? 'restarting' : 'waiting' };
  return { state: right.doing === 'stop' ? 'stopping' : 'starting' };
}

function keepTimes({ startedAtMs, error, ...status }: Draft, before: ServiceStatus | undefined, now: number): ServiceStatus {
  const since = startedAtMs ?? (before?.state === status.state && before.since ? Date.parse(before.since) : now);
  return {
    ...status,
    since: new Date(since).toISOString(),
    ...(error ? { error: sinceOf(error, before?.error, now) } : {}),
  };
}

const sinceOf = (error: Words, before: Trouble | undefined, now: number): Trouble => ({
  code: error.code,
  message: error.message,
  since: before?.code === error.code ? before.since : new Date(now).toISOString(),
});

function removing(
  desired: readonly DesiredEntry[],
  leftover: readonly OwnContainer[],
  before: readonly DeviceDeploymentStatus[],
): DeviceDeploymentStatus[] {
  const gone = leftover.filter((one) => !desired.some((entry) => entry.name === one.deployment));
  return [...new Set(gone.map((one) => one.deployment))].sort().map((name) => ({
    name,
    phase: 'removing',
    revision: before.find((one) => one.name === name)?.revision ?? 0,
    services: gone
      .filter((one) => one.deployment === name)
      .map((one) => ({
        name: one.service,
        state: 'stopping',
        health: 'none',
        image: one.image,
        ports: [...one.ports],
        restarts: one.details?.restarts ?? 0,
        containerId: one.id,
      })),
  }));
}
