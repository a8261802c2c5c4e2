/**
 * What is known of the containers of this device, as it is now. News of the engine and the agent's own actions change it, each change
 * is told and calls `onChange`; what to do about it is decided elsewhere.
 */
import type { ContainerDetails, Engine, EngineEvent, PullProgress } from '../engine/engine.ts';
import type { Action } from './action.ts';
import type { OwnContainer, Site } from './actual.ts';
import { forgetTroubles, freshMemory, noteDeath, withEntry } from './memory.ts';
import { observeList } from './observe.ts';
import { type Told, tellAction, tellDeath, tellHealth } from './tell.ts';
import { beginAction, changeContainer, type Outcome, settleAction, type World } from './world.ts';

interface ModelOptions {
  site: Site;
  engine: Pick<Engine, 'runsHealthchecks'>;
  tell(told: Told): void;
  onChange(): void;
}

export class Model {
  readonly #engine: ModelOptions['engine'];
  readonly #tell: ModelOptions['tell'];
  readonly #onChange: ModelOptions['onChange'];
  #world: World;
  /** Counts what the agent did, so that an older list is known as such. */
  #clock = 0;
  readonly #touchedAt = new Map<string, number>();
  /** True between a complete list and the loss of the engine. */
  seen = false;

  constructor({ site, engine, tell, onChange }: ModelOptions) {
    this.#engine = engine;
    this.#tell = tell;
    this.#onChange = onChange;
    this.#world = { actual: { containers: new Map(), listeners: [] }, memory: freshMemory(site, Date.now()) };
  }

  get world(): World {
    return this.#world;
  }

  /** When a list is asked for, in the agent's own count. */
  get clock(): number {
    return this.#clock;
  }

  /** What is known now of a service's container: the one that runs, else the newest that does not. */
  containerOf(deployment: string, service: string): OwnContainer | undefined {
    const all = [...this.#world.actual.containers.values()].filter(
      (one) => one.deployment === deployment && one.service === service,
    );
    return all.find((one) => one.state === 'running') ?? all.at(-1);
  }

  /** For a plan: as of now, with the ports somebody listens on. */
  asOfNow(listeners: World['actual']['listeners']): World {
    const { actual, memory } = this.#world;
    this.#world = { actual: { ...actual, listeners }, memory: { ...memory, now: Date.now() } };
    return this.#world;
  }

  /** What went wrong with a deployment that is asked for no longer, or anew. */
  forgetTroubles(deployment: string): void {
    this.#world = { ...this.#world, memory: forgetTroubles(this.#world.memory, deployment) };
  }

  begin(action: Action): void {
    this.#touch(action);
    this.#world = beginAction(this.#world, action);
  }

  settle(action: Action, outcome: Outcome): void {
    const before: World = { ...this.#world, memory: { ...this.#world.memory, now: Date.now() } };
    this.#world = settleAction(before, action, outcome);
    this.#touch(action);
    const told = tellAction(action, outcome, before);
    if (told) this.#tell(told);
  }

  onList(containers: OwnContainer[], asked: ReadonlySet<string> | undefined, begin: number): void {
    const touched = new Set([...this.#touchedAt].filter(([, at]) => at > begin).map(([id]) => id));
    this.#world = observeList(this.#world, { containers, asked, touched });
    if (!asked) {
      for (const id of this.#touchedAt.keys()) if (!this.#world.actual.containers.has(id)) this.#touchedAt.delete(id);
      this.seen = true;
    }
    this.#onChange();
  }

  needsDetails(id: string): boolean {
    const container = this.#world.actual.containers.get(id);
    if (container?.state !== 'running') return false;
    return container.details === undefined || container.details.health !== undefined;
  }

  onDetails(id: string, details: ContainerDetails): void {
    const health = this.#world.actual.containers.get(id)?.health;
    this.#world = changeContainer(this.#world, id, {
      details,
      ...(details.health && this.#engineChecks(id) ? { health: details.health } : {}),
    });
    const now = this.#world.actual.containers.get(id);
    if (now && now.health !== health && (now.health === 'healthy' || now.health === 'unhealthy'))
      this.#tell(tellHealth(now.key, now.health));
    this.#onChange();
  }

  onHealth(id: string, health: OwnContainer['health']): void {
    const container = this.#world.actual.containers.get(id);
    if (!container) return;
    this.#world = changeContainer(this.#world, id, { health });
    if (health === 'healthy' || health === 'unhealthy') this.#tell(tellHealth(container.key, health));
    this.#onChange();
  }

  onEngineEvent(event: EngineEvent): boolean {
    const { actual, memory } = this.#world;
    const container = actual.containers.get(event.containerId);
    if (!container) return memory.creating.size === 0;
    // The news of our own stop may come after its end.
    const isOurs = container.doing === 'stop' || container.doing === 'remove' || memory.stoppedByUs.has(container.id);
    if (event.kind === 'died' && !isOurs) {
      const exitCode = event.exitCode ?? 0;
      this.#world = { actual, memory: noteDeath({ ...memory, now: Date.now() }, container.key, event.atMs, exitCode) };
      this.#tell(tellDeath(container.key, exitCode));
      this.#onChange();
    }
    return container.doing === undefined;
  }

  onPullProgress(image: string, progress: PullProgress): void {
    const { memory } = this.#world;
    const known = memory.pulling.get(image);
    if (!known) return;
    const pulling = withEntry(memory.pulling, image, { ...progress, startedAtMs: known.startedAtMs });
    this.#world = { ...this.#world, memory: { ...memory, pulling } };
    this.#onChange();
  }

  /** A check of the Score is run by the engine or by us; one that the image brings, always by the engine. */
  #engineChecks(id: string): boolean {
    return this.#engine.runsHealthchecks || !this.#world.actual.containers.get(id)?.spec?.healthcheck;
  }

  #touch(action: Action): void {
    this.#clock++;
    if ('id' in action) this.#touchedAt.set(action.id, this.#clock);
  }
}
