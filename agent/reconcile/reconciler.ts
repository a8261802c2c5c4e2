/** Keeps what runs equal to what is asked for, for as long as it lives. */
import type { DeviceEvent } from '#contracts/event.ts';
import type { DeviceDeploymentStatus, EngineFacts } from '#contracts/status.ts';
import type { ContainerDetails, Engine, EngineEvent, PullProgress } from '../engine/engine.ts';
import type { EngineError } from '../engine/engine-error.ts';
import type { Logger } from '../log.ts';
import { type Action, describeAction } from './action.ts';
import type { OwnContainer, Site } from './actual.ts';
import { type DesiredDeployment, type DesiredEntry, readDesired } from './desired.ts';
import { EngineWatch } from './engine-watch.ts';
import { execute } from './execute.ts';
import { HealthChecks } from './health-checks.ts';
import { keepUnknown } from './keep-unknown.ts';
import { Lanes } from './lanes.ts';
import { forgetTroubles, freshMemory, noteDeath, withEntry } from './memory.ts';
import { observeList } from './observe.ts';
import { type Plan, plan } from './plan.ts';
import { listenersAmong } from './port-probe.ts';
import { wantedPorts } from './ports.ts';
import { summarize } from './summarize.ts';
import { type Told, tellAction, tellDeath, tellHealth, tellRefused, tellUnsupported } from './tell.ts';
import { engineUnreachable } from './trouble.ts';
import { beginAction, changeContainer, type Outcome, settleAction, type World } from './world.ts';

export type { DesiredDeployment } from './desired.ts';

export interface ReconcilerOptions {
  device: string;
  /** Containers of other fleets on the same engine are invisible. */
  fleet?: string;
  /** Address that ports are published on. */
  hostIp: string;
  engine: Engine;
  /** See `Site`. */
  socketFolder?(deployment: string, service: string): string;
  relistIntervalMs?: number;
  log: Logger;
  /** Something in `deployments()` or `engineFacts()` changed. */
  onChange(): void;
  onEvent(event: Omit<DeviceEvent, 'device' | 'at'>): void;
  /** All our containers as they are now; the same map again where nothing changed. */
  onContainers?(containers: ReadonlyMap<string, OwnContainer>): void;
}

const RELIST_INTERVAL_MS = 30_000;

/**
 * The loop around the plan. Level-triggered: every piece of news changes the model (`#world`) and asks for one more round; a round
 * plans from the model alone and starts what it finds. Nothing here decides what to do; that is `plan.ts`.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #site: Site;
  readonly #lanes: Lanes;
  readonly #watch: EngineWatch;
  readonly #checks: HealthChecks;
  #world: World;
  #desired: readonly DesiredEntry[] | undefined;
  #known: ReadonlySet<string> | undefined;
  /** True between a complete list and the loss of the engine. */
  #seen = false;
  #running = false;
  #roundDue = false;
  #dropping: Promise<void> | undefined;
  #wake: NodeJS.Timeout | undefined;
  /** Counts what the agent did, so that an older list is known as such. */
  #clock = 0;
  readonly #touchedAt = new Map<string, number>();
  #facts: EngineFacts = { kind: 'none', version: '', reachable: false };
  #statuses: DeviceDeploymentStatus[] = [];
  #published = '';
  #refusals = new Map<string, string>();

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    const { engine, device, fleet, hostIp, socketFolder } = options;
    this.#site = { device, fleet, hostIp, ...(socketFolder ? { socketFolder } : {}) };
    this.#world = { actual: { containers: new Map(), listeners: [] }, memory: freshMemory(this.#site, Date.now()) };
    const context = {
      engine,
      site: this.#site,
      onPullProgress: (image: string, progress: PullProgress) => this.#onPullProgress(image, progress),
    };
    this.#lanes = new Lanes(
      (action, signal) => execute(action, context, signal),
      (action, outcome) => this.#onActionEnd(action, outcome),
    );
    this.#checks = new HealthChecks(
      (id) => engine.runHealthcheck(id),
      (id, health) => this.#onHealth(id, health),
    );
    this.#watch = new EngineWatch({
      engine,
      site: this.#site,
      relistIntervalMs: options.relistIntervalMs ?? RELIST_INTERVAL_MS,
      news: {
        onListBegin: () => this.#clock,
        onList: (containers, asked, begin) => this.#onList(containers, asked, begin),
        needsDetails: (id) => this.#needsDetails(id),
        onDetails: (id, details) => this.#onDetails(id, details),
        onEvent: (event) => this.#onEngineEvent(event),
        onReachable: (version) => this.#onReachable(version),
        onUnreachable: (error) => this.#onUnreachable(error),
      },
    });
  }

  /**
   * The complete wanted state: what is not in it goes. Where it is not complete yet, `known` holds the names that are known to
   * be wanted or not; whatever runs of others stays as it is.
   */
  setDesired(all: readonly DesiredDeployment[], known?: ReadonlySet<string>): void {
    const before = this.#desired ?? [];
    this.#desired = readDesired(all, before);
    this.#known = known;
    const gone = before.filter((one) => !all.some((entry) => entry.name === one.name));
    for (const { name } of gone) this.#world = { ...this.#world, memory: forgetTroubles(this.#world.memory, name) };
    for (const entry of this.#desired) {
      const last = before.find((one) => one.name === entry.name);
      if (last?.text === entry.text && last.revision === entry.revision) continue;
      this.#world = { ...this.#world, memory: forgetTroubles(this.#world.memory, entry.name) };
      if (entry.trouble) this.#tell(tellUnsupported(entry.name, entry.trouble.message));
    }
    this.#ask();
  }

  /** As of the last round; cheap. */
  deployments(): DeviceDeploymentStatus[] {
    return this.#statuses;
  }

  /** What is known now of a service's container: the one that runs, else the newest that does not. */
  containerOf(deployment: string, service: string): OwnContainer | undefined {
    const all = [...this.#world.actual.containers.values()].filter(
      (one) => one.deployment === deployment && one.service === service,
    );
    return all.find((one) => one.state === 'running') ?? all.at(-1);
  }

  engineFacts(): EngineFacts {
    return this.#facts;
  }

  /** Until aborted; leaves containers running. */
  async run(signal: AbortSignal): Promise<void> {
    this.#running = true;
    await this.#watch.run(signal);
    this.#running = false;
    clearTimeout(this.#wake);
    this.#checks.close();
    this.#lanes.close();
  }

  #ask(): void {
    if (this.#roundDue) return;
    this.#roundDue = true;
    queueMicrotask(() => void this.#round());
  }

  /** One at a time: while the ports are asked for nothing is started, and whoever asks for a round meanwhile gets this one. */
  async #round(): Promise<void> {
    const ports = this.#isWatching() && this.#desired ? wantedPorts(this.#desired, this.#world.actual, this.#site) : [];
    const listeners = ports.length > 0 ? await listenersAmong(ports) : [];
    this.#roundDue = false;
    // A report made before the first look would take what runs for something that is still to come.
    if (!this.#desired || !(this.#seen || this.#facts.error)) return;
    const { actual, memory } = this.#world;
    this.#options.onContainers?.(actual.containers);
    this.#world = { actual: { ...actual, listeners }, memory: { ...memory, now: Date.now() } };
    const desired = keepUnknown(this.#desired, this.#known, actual);
    const next = this.#isWatching() ? plan(desired, this.#world.actual, this.#world.memory) : undefined;
    if (next) this.#act(desired, next);
    this.#statuses = summarize(desired, this.#world, next?.verdicts ?? new Map(), this.#statuses);
    this.#publish();
  }

  #isWatching(): boolean {
    return this.#running && this.#seen;
  }

  #act(desired: readonly DesiredEntry[], next: Plan): void {
    this.#abortUnwantedPulls(desired);
    for (const action of next.actions) this.#start(action);
    this.#wakeAt(next.wakeAtMs);
    this.#tellRefusals(next);
    if ([...next.verdicts.values()].some((verdict) => verdict.kind === 'lingering')) this.#dropForgottenPorts();
    this.#checkHealth();
  }

  #start(action: Action): void {
    if (!this.#lanes.start(action)) return;
    this.#options.log.debug({ action: action.kind }, describeAction(action));
    this.#touch(action);
    this.#world = beginAction(this.#world, action);
  }

  #onActionEnd(action: Action, outcome: Outcome): void {
    const now = Date.now();
    this.#world = { ...this.#world, memory: { ...this.#world.memory, now } };
    const before = this.#world;
    this.#world = settleAction(before, action, outcome);
    this.#touch(action);
    const told = tellAction(action, outcome, before);
    if (told) this.#tell(told);
    if (outcome.ok) this.#options.log.info({}, describeAction(action));
    else if (outcome.error.code === 'unreachable') this.#watch.suspect();
    else if (outcome.error.code !== 'aborted') {
      this.#options.log.warn({ code: outcome.error.code, error: outcome.error.message }, `failed: ${describeAction(action)}`);
    }
    if ('id' in action && action.kind !== 'remove') this.#watch.refresh([action.id]);
    this.#ask();
  }

  #touch(action: Action): void {
    this.#clock++;
    if ('id' in action) this.#touchedAt.set(action.id, this.#clock);
  }

  #onList(containers: OwnContainer[], asked: ReadonlySet<string> | undefined, begin: number): void {
    const touched = new Set([...this.#touchedAt].filter(([, at]) => at > begin).map(([id]) => id));
    this.#world = observeList(this.#world, { containers, asked, touched });
    if (!asked) {
      for (const id of this.#touchedAt.keys()) if (!this.#world.actual.containers.has(id)) this.#touchedAt.delete(id);
      this.#seen = true;
    }
    this.#ask();
  }

  #needsDetails(id: string): boolean {
    const container = this.#world.actual.containers.get(id);
    if (container?.state !== 'running') return false;
    return container.details === undefined || container.details.health !== undefined;
  }

  #onDetails(id: string, details: ContainerDetails): void {
    const health = this.#world.actual.containers.get(id)?.health;
    this.#world = changeContainer(this.#world, id, {
      details,
      ...(details.health && this.#engineChecks(id) ? { health: details.health } : {}),
    });
    const now = this.#world.actual.containers.get(id);
    if (now && now.health !== health && (now.health === 'healthy' || now.health === 'unhealthy'))
      this.#tell(tellHealth(now.key, now.health));
    this.#ask();
  }

  /** A check of the Score is run by the engine or by us; one that the image brings, always by the engine. */
  #engineChecks(id: string): boolean {
    return this.#options.engine.runsHealthchecks || !this.#world.actual.containers.get(id)?.spec?.healthcheck;
  }

  #checkHealth(): void {
    if (this.#options.engine.runsHealthchecks) return;
    this.#checks.follow([...this.#world.actual.containers.values()].filter((one) => one.state === 'running' && !one.doing));
  }

  #onHealth(id: string, health: OwnContainer['health']): void {
    const container = this.#world.actual.containers.get(id);
    if (!container) return;
    this.#world = changeContainer(this.#world, id, { health });
    if (health === 'healthy' || health === 'unhealthy') this.#tell(tellHealth(container.key, health));
    this.#ask();
  }

  #onEngineEvent(event: EngineEvent): boolean {
    const { actual, memory } = this.#world;
    const container = actual.containers.get(event.containerId);
    if (!container) return memory.creating.size === 0;
    // The news of our own stop may come after its end.
    const isOurs = container.doing === 'stop' || container.doing === 'remove' || memory.stoppedByUs.has(container.id);
    if (event.kind === 'died' && !isOurs) {
      const exitCode = event.exitCode ?? 0;
      this.#world = { actual, memory: noteDeath({ ...memory, now: Date.now() }, container.key, event.atMs, exitCode) };
      this.#tell(tellDeath(container.key, exitCode));
      this.#ask();
    }
    return container.doing === undefined;
  }

  #onPullProgress(image: string, progress: PullProgress): void {
    const { memory } = this.#world;
    const known = memory.pulling.get(image);
    if (!known) return;
    const pulling = withEntry(memory.pulling, image, { ...progress, startedAtMs: known.startedAtMs });
    this.#world = { ...this.#world, memory: { ...memory, pulling } };
    this.#ask();
  }

  #onReachable(version: string): void {
    if (this.#facts.error) this.#tell({ kind: 'engine-back', message: 'The container engine answers again.' });
    this.#facts = { kind: this.#options.engine.kind, version, reachable: true };
    this.#publish();
  }

  #onUnreachable(error: EngineError): void {
    this.#seen = false;
    if (!this.#facts.error) {
      const words = engineUnreachable(error.message);
      this.#facts = { ...this.#facts, reachable: false, error: { ...words, since: new Date().toISOString() } };
      this.#tell({ kind: 'engine-lost', message: words.message });
      this.#options.log.warn({ error: error.message }, 'the container engine does not answer');
    }
    this.#publish();
  }

  #abortUnwantedPulls(desired: readonly DesiredEntry[]): void {
    const wanted = new Set(
      desired.flatMap((entry) => (entry.services === 'as-is' ? [] : entry.services.map((one) => one.spec.image))),
    );
    for (const action of this.#lanes.running()) {
      if (action.kind === 'pull' && !wanted.has(action.image)) this.#lanes.abort(action, new Error('no longer wanted'));
    }
  }

  #dropForgottenPorts(): void {
    this.#dropping ??= this.#options.engine
      .dropForgottenPorts()
      .catch(() => undefined)
      .finally(() => {
        this.#dropping = undefined;
        this.#ask();
      });
  }

  #wakeAt(atMs: number | undefined): void {
    clearTimeout(this.#wake);
    if (atMs !== undefined) this.#wake = setTimeout(() => this.#ask(), Math.max(1, atMs - Date.now()));
  }

  #tellRefusals({ verdicts }: Plan): void {
    const refusals = new Map(
      [...verdicts].flatMap(([key, verdict]) => (verdict.kind === 'refused' ? [[key, verdict.message] as const] : [])),
    );
    for (const [key, message] of refusals) if (!this.#refusals.has(key)) this.#tell(tellRefused(key, message));
    this.#refusals = refusals;
  }

  #tell(told: Told): void {
    this.#options.onEvent(told);
  }

  #publish(): void {
    const text = JSON.stringify([this.#facts, this.#statuses]);
    if (text === this.#published) return;
    this.#published = text;
    this.#options.onChange();
  }
}
