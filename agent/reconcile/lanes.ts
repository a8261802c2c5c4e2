/**
 * Runs actions side by side without letting two of them meet.
 *
 * Invariants:
 * 1. At most one action runs in a lane. `start` refuses a second one instead of queueing it: the plan is made anew when the first
 *    ends, and a queue would hold decisions that are out of date.
 * 2. At most `LIMITS[kind]` actions of a kind run at once. Stops have no limit, because one may take minutes and must not hold up
 *    another deployment.
 * 3. `onEnd` is called exactly once for each accepted action, after its lane is free, and never after `close`.
 * 4. After `close` nothing starts, and every running action's signal has fired.
 */
import { type Action, type ActionKind, laneOf } from './action.ts';
import type { Outcome } from './world.ts';

const LIMITS: Record<ActionKind, number> = {
  pull: 3,
  create: 4,
  start: 4,
  stop: Number.POSITIVE_INFINITY,
  remove: 4,
  rename: 4,
  'remove-image': 1,
};

interface Running {
  action: Action;
  abort: AbortController;
}

export class Lanes {
  readonly #execute: (action: Action, signal: AbortSignal) => Promise<Outcome>;
  readonly #onEnd: (action: Action, outcome: Outcome) => void;
  readonly #running = new Map<string, Running>();
  #closed = false;

  constructor(
    execute: (action: Action, signal: AbortSignal) => Promise<Outcome>,
    onEnd: (action: Action, outcome: Outcome) => void,
  ) {
    this.#execute = execute;
    this.#onEnd = onEnd;
  }

  /** False: the lane is busy or the kind is at its limit; plan again when something ends. */
  start(action: Action): boolean {
    const lane = laneOf(action);
    if (this.#closed || this.#running.has(lane) || this.#count(action.kind) >= LIMITS[action.kind]) return false;
    const abort = new AbortController();
    this.#running.set(lane, { action, abort });
    void this.#execute(action, abort.signal).then((outcome) => {
      this.#running.delete(lane);
      if (!this.#closed) this.#onEnd(action, outcome);
    });
    return true;
  }

  running(): Action[] {
    return [...this.#running.values()].map(({ action }) => action);
  }

  /** Ends an action that is no longer wanted; `onEnd` still follows. */
  abort(action: Action, reason: Error): void {
    this.#running.get(laneOf(action))?.abort.abort(reason);
  }

  close(): void {
    this.#closed = true;
    for (const { abort } of this.#running.values()) abort.abort(new Error('the agent stops'));
  }

  #count(kind: ActionKind): number {
    return this.running().filter((action) => action.kind === kind).length;
  }
}
