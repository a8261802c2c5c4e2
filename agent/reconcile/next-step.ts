/** The next step of one service: towards exactly one container made from exactly the wanted text. Pure. */
import { DEFAULT_STOP_TIMEOUT_SECONDS } from '#contracts/score/service.ts';
import { restartOf } from '../engine/service-fields.ts';
import type { Action, ActionOf } from './action.ts';
import { type Actual, isLive, isUp, type OwnContainer, type ServiceKey, type Site } from './actual.ts';
import { type Candidate, replacesStartFirst, rests, unmetDependency } from './candidate.ts';
import { BRAKE_AT, BRAKE_WINDOW_MS, type Memory } from './memory.ts';
import type { Verdict } from './plan.ts';
import type { PortLedger } from './ports.ts';

interface World {
  actual: Actual;
  memory: Memory;
}

interface Context extends World {
  ports: PortLedger;
  candidates: ReadonlyMap<ServiceKey, Candidate>;
}

interface Step {
  actions: Action[];
  verdict: Verdict;
}

const nothing = (verdict: Verdict): Step => ({ actions: [], verdict });
const busy: Verdict = { kind: 'busy' };

export function nextStep(candidate: Candidate, context: Context): Step {
  const { key, right } = candidate;
  if (context.memory.creating.has(key)) {
    context.ports.claim(candidate);
    return nothing(busy);
  }
  if (!right) return stepToCreate(candidate, context);
  if (right.doing) return nothing(busy);
  switch (right.state) {
    case 'running':
    case 'paused':
      return stepWhileRunning(candidate, right, context);
    case 'stopping':
      // Somebody else's stop, or one whose caller died: joining it brings it to an end.
      return { actions: [stop(right, 'half-stopped')], verdict: busy };
    case 'broken':
      return { actions: [...retire(right, 'broken', context)], verdict: busy };
    case 'created':
    case 'exited':
      return stepToStart(candidate, right, context);
  }
}

function stepToCreate(candidate: Candidate, { actual, memory, ports }: Context): Step {
  const { key, service, stale } = candidate;
  const answer = ports.ask(candidate);
  if (answer.kind === 'refused') return nothing(answer);
  const failure = memory.failures.get(key);
  if (failure && failure.untilMs > memory.now) return nothing({ kind: 'backoff', untilMs: failure.untilMs });
  ports.claim(candidate);
  const { image } = service.spec;
  if (memory.pulling.has(image)) return nothing(busy);
  if (memory.missingImages.has(image)) return { actions: [{ kind: 'pull', image, keys: [key] }], verdict: busy };
  const before = stale.find(isLive) ?? stale[0];
  const create: ActionOf<'create'> = {
    kind: 'create',
    key,
    service,
    name: freeName(service.deployment, service.name, actual, memory),
    pulled: memory.pulledImages.has(image) || [...actual.containers.values()].some((one) => one.image === image && one.pulled),
    previousImage: before && before.image === image ? before.previousImage : before?.pulled ? before.imageId : undefined,
  };
  return { actions: [create], verdict: busy };
}

/** The engine's and our own part of a restart are apart by this much, or both would start it at once. */
const RESTART_GRACE_MS = 1_000;

function stepToStart(candidate: Candidate, right: OwnContainer, context: Context): Step {
  const { memory, ports } = context;
  const { key, service, stale } = candidate;
  if (rests(right, memory))
    return { actions: stale.flatMap((one) => retire(one, 'replaced', context)), verdict: { kind: 'settled' } };
  const failure = memory.failures.get(key);
  // One failure may be the engine's own bad moment; two are the new version's.
  const doesNotStart = failure?.step === 'start' && failure.count > 1;
  if (doesNotStart && stale.some((one) => isUp(one) && !one.doing)) return nothing({ kind: 'fallen-back' });
  const answer = ports.ask(candidate);
  if (answer.kind === 'refused') return nothing(answer);
  const before = doesNotStart ? stale.find((one) => canFallBackTo(one, memory)) : undefined;
  const fallBack = before && stepToFallBack(before, context);
  if (fallBack) return fallBack;
  if (failure && failure.untilMs > memory.now) return nothing({ kind: 'backoff', untilMs: failure.untilMs });
  const restart = right.state === 'exited' && !memory.stoppedByUs.has(right.id);
  const brakedUntil = memory.brakes.get(key)?.untilMs ?? 0;
  if (brakedUntil > memory.now) return nothing({ kind: 'backoff', untilMs: brakedUntil });
  if (restart && right.seenAtMs + RESTART_GRACE_MS > memory.now)
    return nothing({ kind: 'waiting', for: 'the engine to start it again', untilMs: right.seenAtMs + RESTART_GRACE_MS });
  ports.claim(candidate);
  const unmet = unmetDependency(candidate, context.candidates, memory);
  if (unmet) return nothing({ kind: 'waiting', for: unmet });
  if (answer.kind === 'soon' && !answer.surely)
    return nothing({ kind: 'waiting', for: `${answer.holder} to let go of its port` });
  const old = stale.filter(isLive);
  if (old.length > 0 && !replacesStartFirst(service))
    return { actions: old.filter((one) => !one.doing).map((one) => stop(one, 'replaced')), verdict: busy };
  if (answer.kind === 'lingering') return nothing(lingering(memory));
  if (answer.kind === 'soon') return nothing({ kind: 'waiting', for: `${answer.holder} to let go of its port` });
  return { actions: [{ kind: 'start', key, id: right.id, reason: 'wanted' }], verdict: busy };
}

/** The agent stopped it for the sake of a new version, and it started well before. */
const canFallBackTo = (one: OwnContainer, memory: Memory): boolean =>
  one.state === 'exited' && !one.doing && memory.stoppedByUs.has(one.id) && !memory.failures.has(one.id);

/** undefined: somebody else has its port by now. */
function stepToFallBack(
  { key, id, deployment, service: name, text, spec }: OwnContainer,
  { memory, ports }: Context,
): Step | undefined {
  if (!spec) return undefined;
  const answer = ports.ask({ key, service: { deployment, name, text, spec } });
  if (answer.kind === 'refused') return undefined;
  if (answer.kind === 'lingering') return nothing(lingering(memory));
  if (answer.kind === 'soon') return nothing({ kind: 'waiting', for: `${answer.holder} to let go of its port` });
  return { actions: [{ kind: 'start', key, id, reason: 'fallback' }], verdict: busy };
}

const LINGER_CHECK_MS = 50;
const lingering = (memory: Memory): Verdict => ({ kind: 'lingering', untilMs: memory.now + LINGER_CHECK_MS });

/** A new version that stays up this long without a health check counts as good, and the one before may go. */
const PROOF_MS = 1_000;

function stepWhileRunning(candidate: Candidate, right: OwnContainer, context: Context): Step {
  const { actual, memory } = context;
  if (shallBrake(right, memory)) return { actions: [stop(right, 'brake')], verdict: busy };
  const old = candidate.stale.filter(isLive);
  const provenAtMs = right.seenAtMs + PROOF_MS;
  const proven = right.health === 'none' ? provenAtMs <= memory.now : right.health === 'healthy';
  if (old.length > 0 && !proven && replacesStartFirst(candidate.service))
    return nothing({
      kind: 'waiting',
      for: 'the new version to prove itself',
      untilMs: right.health === 'none' ? provenAtMs : undefined,
    });
  const cleanup = candidate.stale.flatMap((one) => retire(one, 'replaced', context));
  const name = containerName(memory.site, right.deployment, right.service);
  if (cleanup.length === 0 && right.name !== name && isNameFree(name, actual, memory))
    return { actions: [{ kind: 'rename', key: right.key, id: right.id, name }], verdict: { kind: 'settled' } };
  return { actions: cleanup, verdict: { kind: 'settled' } };
}

/** Ends a container: stop it, forget the image that only it remembers, remove it. */
export function retire(container: OwnContainer, reason: 'unwanted' | 'replaced' | 'broken', { actual, memory }: World): Action[] {
  const { key, id, doing, state, previousImage } = container;
  const failure = memory.failures.get(id);
  if (doing || (failure && failure.untilMs > memory.now)) return [];
  if (isLive(container)) return [stop(container, reason === 'broken' ? 'half-stopped' : reason)];
  const others = [...actual.containers.values()].filter((one) => one !== container);
  const isUsed = (image: string) => others.some((one) => one.imageId === image || one.previousImage === image);
  const forget =
    previousImage && previousImage !== container.imageId && !memory.doneImages.has(previousImage) && !isUsed(previousImage);
  if (forget && state !== 'broken') return [{ kind: 'remove-image', key, image: previousImage }];
  return [{ kind: 'remove', key, id, reason }];
}

const SHORT_STOP_SECONDS = 10;

function stop(container: OwnContainer, reason: ActionOf<'stop'>['reason']): Action {
  const asked = container.spec?.stopTimeoutSeconds ?? DEFAULT_STOP_TIMEOUT_SECONDS;
  const timeoutSeconds = reason === 'brake' ? Math.min(asked, SHORT_STOP_SECONDS) : asked;
  return { kind: 'stop', key: container.key, id: container.id, reason, timeoutSeconds };
}

function shallBrake({ key, spec }: OwnContainer, memory: Memory): boolean {
  if (!spec || restartOf(spec).name === 'no') return false;
  const recent = (memory.deaths.get(key) ?? []).filter((at) => at > memory.now - BRAKE_WINDOW_MS);
  const since = memory.brakes.get(key)?.untilMs ?? 0;
  // Deaths from before the last pause were paid for by that pause.
  return recent.filter((at) => at > since).length >= (since > 0 ? 1 : BRAKE_AT);
}

export const containerName = ({ device, fleet }: Site, deployment: string, service: string): string =>
  [device, deployment, service, ...(fleet ? [fleet] : [])].join('.');

const isNameFree = (name: string, actual: Actual, memory: Memory): boolean =>
  !memory.takenNames.has(name) && ![...actual.containers.values()].some((one) => one.name === name);

/** While the old container still has the name, the new one takes the next; it is renamed at the end. */
function freeName(deployment: string, service: string, actual: Actual, memory: Memory): string {
  const name = containerName(memory.site, deployment, service);
  if (isNameFree(name, actual, memory)) return name;
  for (let number = 2; ; number++) if (isNameFree(`${name}.${number}`, actual, memory)) return `${name}.${number}`;
}
