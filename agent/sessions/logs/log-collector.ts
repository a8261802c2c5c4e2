/** Follows every container of the device and stores what it writes, with what happened to it in between. */

import { setTimeout as delay } from 'node:timers/promises';
import { CONTAINER_LABEL } from '#contracts/container.ts';
import type { DeviceEvent } from '#contracts/event.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Logger } from '../../log.ts';
import { LogFollower } from './log-follower.ts';
import { type LogKey, logKey } from './log-line.ts';
import type { LogStore } from './log-store.ts';
import type { ServiceLog } from './service-log.ts';
import { DEVICE_RATES, LogBudget, SERVICE_RATES } from './token-bucket.ts';

/** What the collector needs to know of a container. */
export interface LoggedContainer {
  id: string;
  deployment: string;
  service: string;
  state: string;
}

/** Watches can be lost, and no more may be had than the machine allows. */
const LOOK_MS = 5_000;
const LAST_WORDS_MS = 1_000;

interface Followed {
  key: LogKey;
  service: ServiceLog;
  follower: LogFollower;
}

export class LogCollector {
  readonly #engine: Engine;
  readonly #store: LogStore;
  readonly #log: Logger;
  readonly #followed = new Map<string, Promise<Followed>>();
  readonly #budgets = new Map<LogKey, LogBudget>();
  readonly #deviceBudget = new LogBudget(DEVICE_RATES, Date.now());
  #telling: Promise<void> = Promise.resolve();
  #looking: NodeJS.Timeout | undefined;
  #listed: ReadonlyMap<string, LoggedContainer> = new Map();
  #closed = false;

  constructor(engine: Engine, store: LogStore, log: Logger) {
    this.#engine = engine;
    this.#store = store;
    this.#log = log;
    this.#looking = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  /** All containers of the device, as they are now. Those that are no longer there were removed. */
  see(containers: ReadonlyMap<string, LoggedContainer>): void {
    if (this.#closed || containers === this.#listed) return;
    const before = this.#listed;
    this.#listed = containers;
    for (const [id, container] of containers) {
      const state = container.state;
      if (state === 'created' || before.get(id) === container) continue;
      void this.#follow(id, logKey(container)).then(({ follower }) =>
        follower.setRunning(state !== 'exited' && state !== 'broken'),
      );
    }
    for (const id of before.keys()) if (!containers.has(id)) void this.removed(id);
  }

  /** Resolves once nothing that it writes can be lost any more. */
  async started(id: string, key: LogKey): Promise<void> {
    const { follower } = await this.#follow(id, key);
    follower.setRunning(true);
    await follower.start();
  }

  /** Before it is removed: everything it wrote is stored. */
  async removing(id: string): Promise<void> {
    await (await this.#followed.get(id))?.follower.catchUp();
  }

  /** It is gone; its file is still held open. */
  async removed(id: string): Promise<void> {
    const following = this.#followed.get(id);
    if (!following) return;
    this.#followed.delete(id);
    const { follower, service } = await following;
    await follower.finish();
    service.forget(shortId(id));
    await this.#store.flush();
  }

  /** Stands behind the lines that were written before it. */
  happened(event: Pick<DeviceEvent, 'deployment' | 'service' | 'message'>): void {
    const at = Date.now();
    this.#telling = this.#telling.then(() => this.#tell(event, at)).catch(ignore);
  }

  async #tell(event: Pick<DeviceEvent, 'deployment' | 'service' | 'message'>, at: number): Promise<void> {
    const key = logKey(event);
    const service = await this.#store.ready(key);
    const ofService = [...this.#followed.values()];
    for (const following of ofService) {
      const { key: other, follower } = await following;
      if (other === key && key !== '') await follower.catchUp();
    }
    if (!this.#closed) this.#store.append(service, at, { o: 'event', x: event.message });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#looking);
    await Promise.race([this.#telling, delay(LAST_WORDS_MS, undefined, { ref: false })]);
    for (const following of this.#followed.values()) {
      const { follower } = await following;
      follower.close();
    }
    this.#followed.clear();
  }

  #follow(id: string, key: LogKey): Promise<Followed> {
    const known = this.#followed.get(id);
    if (known) return known;
    const following = this.#begin(id, key);
    this.#followed.set(id, following);
    following.catch((error: Error) => {
      this.#followed.delete(id);
      this.#log.warn({ error, service: key }, 'The log of a service cannot be stored now. It is tried again.');
    });
    return following;
  }

  async #begin(id: string, key: LogKey): Promise<Followed> {
    const service = await this.#store.ready(key);
    const store = this.#store;
    const follower = new LogFollower({
      engine: this.#engine,
      containerId: id,
      position: () => service.markOf(shortId(id)),
      budget: this.#budgetOf(key),
      log: this.#log,
      sink: {
        line: (stream, t, x, cut) => store.append(service, t, { o: stream, x, ...(cut ? { cut } : {}) }),
        gap: (t, lines, bytes, why) => store.append(service, t, { o: 'gap', lines, bytes, why }),
        mark: (position) => store.mark(service, shortId(id), position),
        hasRoom: () => store.hasRoom,
      },
    });
    void follower.start();
    return { key, service, follower };
  }

  #budgetOf(key: LogKey): LogBudget {
    const known = this.#budgets.get(key);
    if (known) return known;
    const budget = new LogBudget(SERVICE_RATES, Date.now(), this.#deviceBudget);
    this.#budgets.set(key, budget);
    return budget;
  }

  #look(): void {
    for (const following of this.#followed.values()) void following.then(({ follower }) => follower.look(), ignore);
  }
}

/** The engine, with every container followed from its start and read to its end before its removal. */
export function withLogs(engine: Engine, collector: LogCollector): Engine {
  const keys = new Map<string, LogKey>();
  return new Proxy(engine, {
    get(target, name: keyof Engine) {
      switch (name) {
        case 'createContainer':
          return async (spec: Parameters<Engine['createContainer']>[0]) => {
            const id = await target.createContainer(spec);
            const deployment = spec.labels[CONTAINER_LABEL.deployment];
            if (deployment) keys.set(id, logKey({ deployment, service: spec.labels[CONTAINER_LABEL.service] }));
            return id;
          };
        case 'startContainer':
          return async (id: string) => {
            await target.startContainer(id);
            const key = keys.get(id);
            if (key) void collector.started(id, key).catch(ignore);
          };
        case 'removeContainer':
          return async (id: string) => {
            await collector.removing(id).catch(ignore);
            await target.removeContainer(id);
            keys.delete(id);
          };
        default: {
          const value = target[name];
          return typeof value === 'function' ? value.bind(target) : value;
        }
      }
    },
  });
}

const ignore = () => undefined;
const shortId = (id: string): string => id.slice(0, 12);
