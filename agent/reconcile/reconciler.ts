/** Keeps what runs equal to what is asked for, for as long as it lives. */
import type { DeviceEvent } from '#contracts/event.ts';
import type { DeviceDeploymentStatus, EngineFacts } from '#contracts/status.ts';
import type { Engine, PullProgress } from '../engine/engine.ts';
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
import { Model } from './model.ts';
import { type Plan, plan } from './plan.ts';
import { listenersAmong } from './port-probe.ts';
import { wantedPorts } from './ports.ts';
import { summarize } from './summarize.ts';
import { type Told, tellRefused, tellUnsupported } from './tell.ts';
import { engineUnreachable } from './trouble.ts';
import type { Outcome } from './world.ts';

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
 * The loop around the plan. Level-triggered: every piece of news changes the model and asks for one more round; a round plans from
 * the model alone and starts what it finds. Nothing here decides what to do; that is `plan.ts`.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #site: Site;
  readonly #lanes: Lanes;
  readonly #watch: EngineWatch;
  readonly #checks: HealthChecks;
  readonly #model: Model;
  #desired: readonly DesiredEntry[] | undefined;
  #known: ReadonlySet<string> | undefined;
  #running = false;
  #roundDue = false;
  #dropping: Promise<void> | undefined;
  #wake: NodeJS.Timeout | undefined;
  #facts: EngineFacts = { kind: 'none', version: '', reachable: false };
  #statuses: DeviceDeploymentStatus[] = [];
  #published = '';
  #refusals = new Map<string, string>();

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    const { engine, device, fleet, hostIp, socketFolder } = options;
    this.#site = { device, fleet, hostIp, ...(socketFolder ? { socketFolder } : {}) };
    this.#model = new Model({ site: this.#site, engine, tell: (told) => this.#tell(told), onChange: () => this.#ask() });
    const context = {
      engine,
      site: this.#site,
      onPullProgress: (image: string, progress: PullProgress) => this.#model.onPullProgress(image, progress),
    };
    this.#lanes = new Lanes(
      (action, signal) => execute(action, context, signal),
      (action, outcome) => this.#onActionEnd(action, outcome),
    );
    this.#checks = new HealthChecks(
      (id) => engine.runHealthcheck(id),
      (id, health) => this.#model.onHealth(id, health),
    );
    this.#watch = new EngineWatch({
      engine,
      site: this.#site,
      relistIntervalMs: options.relistIntervalMs ?? RELIST_INTERVAL_MS,
      news: {
        onListBegin: () => this.#model.clock,
        onList: (containers, asked, begin) => this.#model.onList(containers, asked, begin),
        needsDetails: (id) => this.#model.needsDetails(id),
        onDetails: (id, details) => this.#model.onDetails(id, details),
        onEvent: (event) => this.#model.onEngineEvent(event),
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
    for (const { name } of gone) this.#model.forgetTroubles(name);
    for (const entry of this.#desired) {
      const last = before.find((one) => one.name === entry.name);
      if (last?.text === entry.text && last.revision === entry.revision) continue;
      this.#model.forgetTroubles(entry.name);
      if (entry.trouble) this.#tell(tellUnsupported(entry.name, entry.trouble.message));
    }
    this.#ask();
  }

  /** As of the last round; cheap. */
  deployments(): DeviceDeploymentStatus[] {
    return this.#statuses;
  }

  containerOf(deployment: string, service: string): OwnContainer | undefined {
    return this.#model.containerOf(deployment, service);
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
    const ports = this.#isWatching() && this.#desired ? wantedPorts(this.#desired, this.#model.world.actual, this.#site) : [];
    const listeners = ports.length > 0 ? await listenersAmong(ports) : [];
    this.#roundDue = false;
    // A report made before the first look would take what runs for something that is still to come.
    if (!this.#desired || !(this.#model.seen || this.#facts.error)) return;
    const { actual, memory } = this.#model.asOfNow(listeners);
    this.#options.onContainers?.(actual.containers);
    const desired = keepUnknown(this.#desired, this.#known, actual);
    const next = this.#isWatching() ? plan(desired, actual, memory) : undefined;
    if (next) this.#act(desired, next);
    this.#statuses = summarize(desired, this.#model.world, next?.verdicts ?? new Map(), this.#statuses);
    this.#publish();
  }

  #isWatching(): boolean {
    return this.#running && this.#model.seen;
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
    this.#model.begin(action);
  }

  #onActionEnd(action: Action, outcome: Outcome): void {
    this.#model.settle(action, outcome);
    if (outcome.ok) this.#options.log.info({}, describeAction(action));
    else if (outcome.error.code === 'unreachable') this.#watch.suspect();
    else if (outcome.error.code !== 'aborted') {
      this.#options.log.warn({ code: outcome.error.code, error: outcome.error.message }, `failed: ${describeAction(action)}`);
    }
    if ('id' in action && action.kind !== 'remove') this.#watch.refresh([action.id]);
    this.#ask();
  }

  #checkHealth(): void {
    if (this.#options.engine.runsHealthchecks) return;
    this.#checks.follow([...this.#model.world.actual.containers.values()].filter((one) => one.state === 'running' && !one.doing));
  }

  #onReachable(version: string): void {
    if (this.#facts.error) this.#tell({ kind: 'engine-back', message: 'The container engine answers again.' });
    this.#facts = { kind: this.#options.engine.kind, version, reachable: true };
    this.#publish();
  }

  #onUnreachable(error: EngineError): void {
    this.#model.seen = false;
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
