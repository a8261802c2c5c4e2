/**
 * Looks at the engine: everything at first and every 30 s, single containers when an event names them. Owns the connection's
 * ups and downs. The reconciler owns the model; this only brings news.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { CONTAINER_LABEL } from '#contracts/container.ts';
import type { ContainerDetails, Engine, EngineEvent, LabelFilter } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';
import { type OwnContainer, ownContainer, type Site } from './actual.ts';
import { hasProcess } from './process-table.ts';

export interface EngineNews {
  /** Before a list is asked for; what it returns comes back with the answer. */
  onListBegin(): number;
  onList(containers: OwnContainer[], asked: ReadonlySet<string> | undefined, begin: number): void;
  /** Whether a list left something open that only a look at this one container tells. */
  needsDetails(id: string): boolean;
  onDetails(id: string, details: ContainerDetails): void;
  /** True: the container is worth a look. What an action of ours is doing is looked at when the action ends. */
  onEvent(event: EngineEvent): boolean;
  onReachable(version: string): void;
  onUnreachable(error: EngineError): void;
}

export interface EngineWatchOptions {
  engine: Engine;
  site: Site;
  relistIntervalMs: number;
  news: EngineNews;
}

/** Events come in bursts (create, init, start); one look answers them all. */
const GATHER_MS = 10;
/** An engine that needs longer for a word counts as silent. */
const ANSWER_MS = 1_000;
const RETRY_FIRST_MS = 100;
const RETRY_LONGEST_MS = 3_000;
const INSPECT_AT_ONCE = 4;

export class EngineWatch {
  readonly #options: EngineWatchOptions;
  readonly #labels: LabelFilter;
  readonly #due = new Set<string>();
  #gathering: NodeJS.Timeout | undefined;
  #lastEventAtMs: number;
  #lost: (() => void) | undefined;

  constructor(options: EngineWatchOptions) {
    this.#options = options;
    const { device, fleet } = options.site;
    this.#labels = { [CONTAINER_LABEL.device]: device, ...(fleet ? { [CONTAINER_LABEL.fleet]: fleet } : {}) };
    this.#lastEventAtMs = Date.now();
  }

  /** Until aborted: connect, list, listen, and again when the engine goes away. */
  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const connection = new AbortController();
      const end = () => connection.abort(new EngineError('unreachable', 'the engine stopped answering'));
      signal.addEventListener('abort', end, { once: true });
      this.#lost = end;
      try {
        this.#options.news.onReachable(await this.#options.engine.version());
        await Promise.all([
          this.#listen(connection.signal, () => {
            failures = 0;
          }),
          this.#relist(connection.signal),
        ]);
      } catch (error) {
        if (signal.aborted) break;
        // A stream that ends alarms nobody while the engine answers the next question.
        if (failures > 0 || !(await this.#answers()))
          this.#options.news.onUnreachable(
            error instanceof EngineError ? error : new EngineError('unreachable', String(error), { cause: error }),
          );
        await delay(Math.min(RETRY_LONGEST_MS, RETRY_FIRST_MS * 2 ** failures++), undefined, { signal }).catch(() => undefined);
      } finally {
        signal.removeEventListener('abort', end);
        end();
      }
    }
    clearTimeout(this.#gathering);
  }

  #answers(): Promise<boolean> {
    const silence = delay(ANSWER_MS, false, { ref: false });
    return Promise.race([this.#options.engine.version().then(() => true), silence]).catch(() => false);
  }

  /** An action met an engine that does not answer: connect anew at once. */
  suspect(): void {
    this.#lost?.();
  }

  /** Look at these soon. */
  refresh(ids: Iterable<string>): void {
    for (const id of ids) this.#due.add(id);
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      const ids = [...this.#due];
      this.#due.clear();
      void this.#list(new Set(ids)).catch(() => this.suspect());
    }, GATHER_MS);
  }

  async #listen(signal: AbortSignal, onFirst: () => void): Promise<void> {
    const { engine, news } = this.#options;
    // What is listed after the stream is open cannot have been missed by both.
    const onOpen = () => void this.#list(undefined).then(onFirst, () => this.suspect());
    for await (const event of engine.watchEvents(this.#labels, { sinceMs: this.#lastEventAtMs, signal, onOpen })) {
      // A thousandth later, or the last event would come again.
      this.#lastEventAtMs = event.atMs + 0.001;
      if ((event.labels[CONTAINER_LABEL.fleet] || undefined) !== this.#options.site.fleet) continue;
      if (news.onEvent(event)) this.refresh([event.containerId]);
    }
  }

  async #relist(signal: AbortSignal): Promise<void> {
    for (;;) {
      await delay(this.#options.relistIntervalMs, undefined, { signal });
      await this.#list(undefined);
    }
  }

  async #list(asked: ReadonlySet<string> | undefined): Promise<void> {
    const { engine, site, news } = this.#options;
    const begin = news.onListBegin();
    const listed = await engine.listContainers(this.#labels, asked && [...asked]);
    const now = Date.now();
    const own = listed.map((one) => ownContainer(one, site, now)).filter((one) => one !== undefined);
    const checked = asked ? own : await Promise.all(own.map((one) => this.#unmask(one)));
    news.onList(checked, asked, begin);
    await this.#inspect(checked.filter((one) => news.needsDetails(one.id)));
  }

  /** Where the monitor and the main process were both killed no event comes, and the engine says "running" for ever. */
  async #unmask(container: OwnContainer): Promise<OwnContainer> {
    if (container.state !== 'running' || container.pid === 0 || hasProcess(container.pid)) return container;
    const lives = await this.#options.engine.hasProcesses(container.id).catch(() => true);
    return lives ? container : { ...container, state: 'broken', pid: 0 };
  }

  async #inspect(containers: readonly OwnContainer[]): Promise<void> {
    const queue = [...containers];
    const worker = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const { id } = next;
        const details = await this.#options.engine.inspectContainer(id).catch(() => undefined);
        if (details) this.#options.news.onDetails(id, details);
      }
    };
    await Promise.all(Array.from({ length: INSPECT_AT_ONCE }, worker));
  }
}
