/** What the agent remembers between two looks at the engine: what is under way, what failed and when to try again. Pure. */
import type { PublishedPort } from '#contracts/score/port.ts';
import type { PullProgress } from '../engine/engine.ts';
import type { EngineErrorCode } from '../engine/engine-error.ts';
import type { ServiceKey, Site } from './actual.ts';

export interface Failure {
  code: EngineErrorCode;
  /** The engine's own words. */
  message: string;
  step: 'pull' | 'create' | 'start' | 'stop' | 'remove';
  count: number;
  sinceMs: number;
  untilMs: number;
}

export interface Brake {
  count: number;
  untilMs: number;
}

export interface Memory {
  now: number;
  site: Site;
  /** References the engine said it does not have. */
  missingImages: ReadonlySet<string>;
  pulling: ReadonlyMap<string, PullProgress & { startedAtMs: number }>;
  creating: ReadonlySet<ServiceKey>;
  /** By service; of a container that cannot be stopped or removed, by its id. */
  failures: ReadonlyMap<string, Failure>;
  /** When a service stopped by itself, newest last, of the last ten minutes. */
  deaths: ReadonlyMap<ServiceKey, readonly number[]>;
  lastExitCodes: ReadonlyMap<ServiceKey, number>;
  brakes: ReadonlyMap<ServiceKey, Brake>;
  /** Ports of containers that just stopped: their listener may linger for a moment. */
  released: readonly { port: PublishedPort; untilMs: number }[];
  /** Names that containers of others hold. */
  takenNames: ReadonlySet<string>;
  /** References pulled since the agent started. */
  pulledImages: ReadonlySet<string>;
  /** Images that were removed, or that somebody still uses. */
  doneImages: ReadonlySet<string>;
  /** Containers the agent stopped itself: their restart policy does not get to say that they may rest. */
  stoppedByUs: ReadonlySet<string>;
  /** When the container that is being replaced was told to stop. */
  gapFromMs: ReadonlyMap<ServiceKey, number>;
  /** By deployment: how long its last replacement left a service without an answer. */
  gapMs: ReadonlyMap<string, number>;
  /** Score text that was once seen running: starting it again is a repair. */
  ran: ReadonlyMap<ServiceKey, string>;
}

export function freshMemory(site: Site, now: number): Memory {
  return {
    now,
    site,
    missingImages: new Set(),
    pulling: new Map(),
    creating: new Set(),
    failures: new Map(),
    deaths: new Map(),
    lastExitCodes: new Map(),
    brakes: new Map(),
    released: [],
    takenNames: new Set(),
    pulledImages: new Set(),
    doneImages: new Set(),
    stoppedByUs: new Set(),
    gapFromMs: new Map(),
    gapMs: new Map(),
    ran: new Map(),
  };
}

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 60_000;

/** 1, 2, 4 ... 60 seconds. */
export const backoffMs = (count: number): number => Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (count - 1));

export function noteFailure(memory: Memory, key: string, failure: Pick<Failure, 'code' | 'message' | 'step'>): Memory {
  const before = memory.failures.get(key);
  const count = (before?.count ?? 0) + 1;
  const sinceMs = before?.code === failure.code ? before.sinceMs : memory.now;
  const entry = { ...failure, count, sinceMs, untilMs: memory.now + backoffMs(count) };
  return { ...memory, failures: withEntry(memory.failures, key, entry) };
}

/** Deaths count as a row for this long. */
export const DEATHS_WINDOW_MS = 600_000;
/** From this many deaths in the window on, a service keeps stopping. */
export const KEEPS_STOPPING = 3;
/** From this many deaths in a minute on, the engine's own restarts (which know no pause) are stopped. */
export const BRAKE_AT = 5;
export const BRAKE_WINDOW_MS = 60_000;
const FIRST_BRAKE_MS = 10_000;
const LONGEST_BRAKE_MS = 300_000;

export const brakeMs = (count: number): number => Math.min(LONGEST_BRAKE_MS, FIRST_BRAKE_MS * 2 ** (count - 1));

export function noteDeath(memory: Memory, key: ServiceKey, atMs: number, exitCode: number): Memory {
  const recent = (memory.deaths.get(key) ?? []).filter((at) => at > memory.now - DEATHS_WINDOW_MS);
  return {
    ...memory,
    deaths: withEntry(memory.deaths, key, [...recent, atMs]),
    lastExitCodes: withEntry(memory.lastExitCodes, key, exitCode),
  };
}

/** A newer Score of a deployment, or its end, is a new beginning: every pause ends, every count starts at nothing. */
export function forgetTroubles(memory: Memory, deployment: string): Memory {
  const ofOthers = <Value>(map: ReadonlyMap<string, Value>) =>
    new Map([...map].filter(([key]) => !key.startsWith(`${deployment}/`)));
  return {
    ...memory,
    failures: ofOthers(memory.failures),
    deaths: ofOthers(memory.deaths),
    brakes: ofOthers(memory.brakes),
    gapFromMs: ofOthers(memory.gapFromMs),
    ran: ofOthers(memory.ran),
  };
}

export const withEntry = <Key, Value>(map: ReadonlyMap<Key, Value>, key: Key, value: Value): Map<Key, Value> =>
  new Map(map).set(key, value);

export function withoutEntry<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): ReadonlyMap<Key, Value> {
  if (!map.has(key)) return map;
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}

export const withMember = <Value>(set: ReadonlySet<Value>, value: Value): Set<Value> => new Set(set).add(value);

export function withoutMember<Value>(set: ReadonlySet<Value>, value: Value): ReadonlySet<Value> {
  if (!set.has(value)) return set;
  const copy = new Set(set);
  copy.delete(value);
  return copy;
}
