/** What an action changes: at its beginning, so that the next plan knows of it, and at its end. Pure. */
import type { EngineError } from '../engine/engine-error.ts';
import type { Action } from './action.ts';
import { type Actual, heldPorts, type OwnContainer } from './actual.ts';
import { brakeMs, type Memory, noteFailure, withEntry, withMember, withoutEntry, withoutMember } from './memory.ts';

export interface World {
  actual: Actual;
  memory: Memory;
}

/** `created` is the container a `create` made. */
export type Outcome = { ok: true; created?: OwnContainer | undefined } | { ok: false; error: EngineError };

export function beginAction(world: World, action: Action): World {
  const { memory } = world;
  switch (action.kind) {
    case 'pull': {
      const none = { layersDone: 0, layersTotal: 0, bytesDone: 0, bytesTotal: 0, startedAtMs: memory.now };
      return withMemory(world, { pulling: withEntry(memory.pulling, action.image, none) });
    }
    case 'create':
      return withMemory(world, { creating: withMember(memory.creating, action.key) });
    case 'stop': {
      const stopping = changeContainer(world, action.id, { doing: 'stop' });
      if (action.reason !== 'replaced' || memory.gapFromMs.has(action.key)) return stopping;
      return withMemory(stopping, { gapFromMs: withEntry(memory.gapFromMs, action.key, memory.now) });
    }
    case 'start':
    case 'remove':
    case 'rename':
      return changeContainer(world, action.id, { doing: action.kind });
    case 'remove-image':
      return withMemory(world, { doneImages: withMember(memory.doneImages, action.image) });
  }
}

export function settleAction(world: World, action: Action, outcome: Outcome): World {
  const after = endAction(world, action);
  if (outcome.ok) return succeed(after, action, outcome.created);
  // Of a container that is gone there is nothing left to do; of an engine that is gone nothing is known.
  if (outcome.error.code === 'not-found' && 'id' in action) return forgetContainer(after, action.id);
  const { code } = outcome.error;
  return code === 'unreachable' || code === 'aborted' ? after : fail(after, action, outcome.error);
}

function endAction(world: World, action: Action): World {
  const { memory } = world;
  switch (action.kind) {
    case 'pull':
      return withMemory(world, { pulling: withoutEntry(memory.pulling, action.image) });
    case 'create':
      return withMemory(world, { creating: withoutMember(memory.creating, action.key) });
    case 'remove-image':
      return world;
    default:
      return changeContainer(world, action.id, { doing: undefined });
  }
}

/** The listener of a stopped container may outlive it by a moment. */
export const LINGER_MS = 3_000;
/** And that of a failed start by many, because the engine itself keeps it until it tidies up. */
const LINGER_AFTER_FAILURE_MS = 30_000;

function succeed(world: World, action: Action, created: OwnContainer | undefined): World {
  const { memory, actual } = world;
  const { now } = memory;
  switch (action.kind) {
    case 'pull':
      return withMemory(world, {
        missingImages: withoutMember(memory.missingImages, action.image),
        pulledImages: withMember(memory.pulledImages, action.image),
        failures: action.keys.reduce<Memory['failures']>(withoutEntry, memory.failures),
      });
    case 'create':
      return created ? withContainer(world, created) : world;
    case 'start': {
      const started = changeContainer(world, action.id, { state: 'running', seenAtMs: now, pid: 0, details: undefined });
      const text = actual.containers.get(action.id)?.text ?? '';
      const gapFrom = memory.gapFromMs.get(action.key);
      const gap = gapFrom === undefined ? undefined : now - gapFrom;
      return withMemory(started, {
        // After a fallback the failure of the newer version still stands.
        failures: action.reason === 'fallback' ? memory.failures : withoutEntry(memory.failures, action.key),
        stoppedByUs: withoutMember(memory.stoppedByUs, action.id),
        ran: withEntry(memory.ran, action.key, text),
        gapFromMs: withoutEntry(memory.gapFromMs, action.key),
        ...(gap === undefined ? {} : { gapMs: withEntry(memory.gapMs, deploymentOf(action.key), gap) }),
      });
    }
    case 'stop': {
      const stopped = changeContainer(withReleased(world, action.id, LINGER_MS), action.id, {
        state: 'exited',
        pid: 0,
        seenAtMs: now,
      });
      const count = (memory.brakes.get(action.key)?.count ?? 0) + 1;
      return withMemory(stopped, {
        failures: withoutEntry(memory.failures, action.id),
        // A stop that was only joined is the other one's: what they have in mind shows in a moment.
        ...(action.reason === 'half-stopped' ? {} : { stoppedByUs: withMember(memory.stoppedByUs, action.id) }),
        ...(action.reason === 'brake'
          ? { brakes: withEntry(memory.brakes, action.key, { count, untilMs: now + brakeMs(count) }) }
          : {}),
      });
    }
    case 'remove':
      return withMemory(forgetContainer(world, action.id), { failures: withoutEntry(memory.failures, action.id) });
    case 'rename':
      return changeContainer(world, action.id, { name: action.name });
    case 'remove-image':
      return world;
  }
}

function fail(world: World, action: Action, error: EngineError): World {
  const { memory } = world;
  const note = (key: string, step: 'pull' | 'create' | 'start' | 'stop' | 'remove', from = memory) =>
    noteFailure(from, key, { code: error.code, message: error.message, step });
  switch (action.kind) {
    case 'pull':
      return { ...world, memory: action.keys.reduce((all, key) => note(key, 'pull', all), memory) };
    case 'create': {
      const { image } = action.service.spec;
      if (error.code === 'name-taken') return withMemory(world, { takenNames: withMember(memory.takenNames, action.name) });
      if (error.code !== 'image-missing') return { ...world, memory: note(action.key, 'create') };
      const missing = withMemory(world, { missingImages: withMember(memory.missingImages, image) });
      if (!memory.pulledImages.has(image)) return missing;
      // Pulled and yet not there: somebody removes it, so no hurry.
      return {
        ...missing,
        memory: { ...note(action.key, 'create', missing.memory), pulledImages: withoutMember(memory.pulledImages, image) },
      };
    }
    case 'start':
      return withReleased(
        { ...world, memory: note(action.reason === 'fallback' ? action.id : action.key, 'start') },
        action.id,
        LINGER_AFTER_FAILURE_MS,
      );
    case 'stop':
    case 'remove':
      return { ...world, memory: note(action.id, action.kind) };
    case 'rename':
      return withMemory(world, { takenNames: withMember(memory.takenNames, action.name) });
    case 'remove-image':
      return world;
  }
}

/** Its ports are free as far as we are concerned, though somebody may listen a little longer. */
export function withReleased(world: World, id: string, lingerMs: number): World {
  const { memory, actual } = world;
  const container = actual.containers.get(id);
  if (!container) return world;
  const untilMs = memory.now + lingerMs;
  const released = heldPorts(container, memory.site.hostIp).map((port) => ({ port, untilMs }));
  return withMemory(world, { released: [...memory.released.filter((one) => one.untilMs > memory.now), ...released] });
}

const deploymentOf = (key: string): string => key.slice(0, key.indexOf('/'));

const withMemory = (world: World, changes: Partial<Memory>): World => ({ ...world, memory: { ...world.memory, ...changes } });

export const withContainer = (world: World, container: OwnContainer): World => ({
  ...world,
  actual: { ...world.actual, containers: withEntry(world.actual.containers, container.id, container) },
});

export function changeContainer(world: World, id: string, changes: Partial<OwnContainer>): World {
  const container = world.actual.containers.get(id);
  return container ? withContainer(world, { ...container, ...changes }) : world;
}

const forgetContainer = (world: World, id: string): World => ({
  ...world,
  actual: { ...world.actual, containers: withoutEntry(world.actual.containers, id) },
});
