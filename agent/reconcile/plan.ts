/**
 * Decides what to do next. Pure and total: time and everything that happened before come in as `memory`. A plan holds at most
 * one step for each container and for each service; after every step the world is looked at again and planned anew.
 */
import type { Action } from './action.ts';
import { type Actual, isLive, type OwnContainer, type ServiceKey } from './actual.ts';
import { type Candidate, matchContainers } from './candidate.ts';
import type { DesiredEntry } from './desired.ts';
import type { Memory } from './memory.ts';
import { nextStep, retire } from './next-step.ts';
import { PortLedger } from './ports.ts';

/** Why a service is where it is. */
export type Verdict =
  /** Nothing to do. */
  | { kind: 'settled' }
  /** A step is planned or under way. */
  | { kind: 'busy' }
  | { kind: 'waiting'; for: string; untilMs?: number | undefined }
  /** Only a change of something else helps. */
  | { kind: 'refused'; message: string }
  | { kind: 'backoff'; untilMs: number }
  /** The engine still holds a port for a container that is gone. */
  | { kind: 'lingering'; untilMs: number }
  /** The new version does not start; the one before runs until a newer Score comes. */
  | { kind: 'fallen-back' };

export interface Plan {
  actions: readonly Action[];
  verdicts: ReadonlyMap<ServiceKey, Verdict>;
  /** When to plan again though nothing happens. */
  wakeAtMs: number | undefined;
}

export function plan(desired: readonly DesiredEntry[], actual: Actual, memory: Memory): Plan {
  const matched = matchContainers(desired, actual);
  const byKey = new Map(matched.candidates.map((candidate) => [candidate.key, candidate]));
  const ports = new PortLedger(matched, actual, memory);
  const actions: Action[] = [];
  const verdicts = new Map<ServiceKey, Verdict>();
  for (const candidate of inOrder(matched.candidates)) {
    const step = nextStep(candidate, { actual, memory, ports, candidates: byKey });
    actions.push(...step.actions);
    verdicts.set(candidate.key, step.verdict);
  }
  for (const container of matched.leftover) actions.push(...retire(container, 'unwanted', { actual, memory }));
  const wakeAts = [...[...verdicts.values()].map(untilOf), ...retryTimes(memory)].filter(
    (at) => at !== undefined && at > memory.now,
  );
  return {
    actions: mergePulls(actions),
    verdicts,
    wakeAtMs: wakeAts.length > 0 ? Math.min(...(wakeAts as number[])) : undefined,
  };
}

/** Services that hold a port come first: they keep it. Then those without a failure, in the order they were asked for. */
function inOrder(candidates: readonly Candidate[]): Candidate[] {
  const held = (one: OwnContainer | undefined) => one !== undefined && isLive(one);
  const first = candidates.filter(({ right, stale }) => held(right) || stale.some(held));
  return [...first, ...candidates.filter((candidate) => !first.includes(candidate))];
}

/** One image is pulled once, for all who wait for it. */
function mergePulls(actions: readonly Action[]): Action[] {
  const merged = new Map<string, Action>();
  actions.forEach((action, index) => {
    const name = action.kind === 'pull' || action.kind === 'remove-image' ? `${action.kind} ${action.image}` : String(index);
    const before = merged.get(name);
    if (action.kind === 'pull' && before?.kind === 'pull')
      merged.set(name, { ...before, keys: [...before.keys, ...action.keys] });
    else if (!before) merged.set(name, action);
  });
  return [...merged.values()];
}

const untilOf = (verdict: Verdict): number | undefined =>
  verdict.kind === 'waiting' || verdict.kind === 'backoff' || verdict.kind === 'lingering' ? verdict.untilMs : undefined;

const retryTimes = (memory: Memory): number[] => [...memory.failures.values()].map((failure) => failure.untilMs);
