/** A device on paper: what an engine would do with the actions of a plan, for the tests of the plan. */
import { portsCollide } from '#contracts/score/conflicts.ts';
import type { PublishedPort } from '#contracts/score/port.ts';
import type { Container } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';
import { type Action, describeAction } from './action.ts';
import { heldPorts, type OwnContainer, ownContainer, type Site } from './actual.ts';
import { type DesiredEntry, readDesired } from './desired.ts';
import { forgetTroubles, freshMemory } from './memory.ts';
import { observeList } from './observe.ts';
import { type Plan, plan } from './plan.ts';
import { beginAction, type Outcome, settleAction, type World } from './world.ts';

export const SITE: Site = { device: 'alice', hostIp: '127.0.0.11' };

export class SimulatedDevice {
  now = 1_000_000;
  images = new Set<string>();
  registry = new Set<string>();
  /** Images whose containers never start. */
  faulty = new Set<string>();
  listening: PublishedPort[] = [];
  containers = new Map<string, Container>();
  desired: DesiredEntry[] = [];
  world: World = this.#freshWorld();
  #ids = 0;

  /** Deployments as `{ name: [services] }` or a text; the revision of a changed one grows. */
  want(all: Readonly<Record<string, readonly object[] | string>>): this {
    const before = this.desired;
    const revision = Math.max(0, ...before.map((entry) => entry.revision)) + 1;
    const texts = Object.entries(all).map(([name, services], index) => {
      const text = typeof services === 'string' ? services : JSON.stringify({ type: 'PodmanV0', data: { services } });
      const last = before.find((entry) => entry.name === name);
      return { name, text, revision: last?.text === text ? last.revision : revision + index };
    });
    this.desired = readDesired(texts, before);
    for (const entry of this.desired) {
      if (before.some((one) => one.name === entry.name && one.text === entry.text)) continue;
      this.world = { ...this.world, memory: forgetTroubles(this.world.memory, entry.name) };
    }
    return this;
  }

  plan(): Plan {
    const actual = { ...this.world.actual, listeners: this.#listeners() };
    this.world = { actual, memory: { ...this.world.memory, now: this.now } };
    return plan(this.desired, this.world.actual, this.world.memory);
  }

  /** One plan, every action of it done; the actions as sentences. */
  step(): string[] {
    const { actions } = this.plan();
    for (const action of actions) this.world = beginAction(this.world, action);
    for (const action of actions) this.world = settleAction(this.world, action, this.#perform(action));
    this.relist();
    return actions.map(describeAction);
  }

  /** Plans and acts until there is nothing left to do now; time passes only for what has a time. */
  settle(patienceMs = 60_000): string[] {
    const said: string[] = [];
    const end = this.now + patienceMs;
    for (let rounds = 0; rounds < 500; rounds++) {
      const done = this.step();
      said.push(...done);
      if (done.length > 0) {
        this.now += 10;
        continue;
      }
      const { wakeAtMs } = this.plan();
      if (wakeAtMs === undefined || wakeAtMs > end) return said;
      this.now = Math.max(this.now, wakeAtMs);
    }
    throw new Error(`no end: ${said.slice(-10).join('; ')}`);
  }

  /** Some actions of the next plan are done, and the agent dies before it hears of any. */
  crashAfter(count: number): this {
    for (const action of this.plan().actions.slice(0, count)) this.#perform(action);
    this.world = this.#freshWorld();
    this.relist();
    return this;
  }

  /** A container changes behind the agent's back. */
  change(id: string, changes: Partial<Container>): this {
    this.containers.set(id, { ...this.containers.get(id)!, ...changes });
    this.relist();
    return this;
  }

  relist(): void {
    const containers = [...this.containers.values()]
      .map((one) => ownContainer(one, SITE, this.now))
      .filter((one) => one !== undefined);
    this.world = observeList(this.world, { containers, asked: undefined, touched: new Set() });
  }

  own(): OwnContainer[] {
    return [...this.world.actual.containers.values()];
  }

  add(container: Partial<Container>): string {
    const id = `id${++this.#ids}`;
    const base = {
      id,
      name: id,
      image: 'old',
      imageId: 'old',
      labels: {},
      state: 'running',
      pid: 1,
      exitCode: 0,
      ports: [],
    } as const;
    this.containers.set(id, { ...base, ...container });
    return id;
  }

  #freshWorld(): World {
    return { actual: { containers: new Map(), listeners: [] }, memory: freshMemory(SITE, this.now) };
  }

  #listeners() {
    const running = [...this.containers.values()].filter((one) => one.state === 'running');
    const own = running.flatMap((one) => {
      const container = ownContainer(one, SITE, this.now);
      return container ? heldPorts(container, SITE.hostIp) : [];
    });
    return [...own, ...this.listening].map((port) => ({
      ...port,
      hostIp: port.hostIp ?? SITE.hostIp,
      hostPort: port.hostPort ?? 0,
    }));
  }

  #perform(action: Action): Outcome {
    switch (action.kind) {
      case 'pull':
        if (!this.registry.has(action.image)) return failed('image-not-found');
        this.images.add(action.image);
        return { ok: true };
      case 'create':
        return this.#create(action);
      case 'start':
        return this.#start(action.id);
      case 'stop':
        return this.#onContainer(action.id, (one) => ({ ...one, state: 'exited', pid: 0, exitCode: 137 }));
      case 'rename':
        return this.#onContainer(action.id, (one) => ({ ...one, name: action.name }));
      case 'remove':
        return this.containers.delete(action.id) ? { ok: true } : failed('not-found');
      case 'remove-image':
        this.images.delete(action.image);
        return { ok: true };
    }
  }

  #create({ service, name, pulled, previousImage }: Extract<Action, { kind: 'create' }>): Outcome {
    const { image } = service.spec;
    if (!this.images.has(image)) return failed('image-missing');
    if ([...this.containers.values()].some((one) => one.name === name)) return failed('name-taken');
    const labels = {
      'scorewall.device': SITE.device,
      'scorewall.deployment': service.deployment,
      'scorewall.service': service.name,
      'scorewall.score': service.text,
      ...(pulled ? { 'scorewall.pulled': 'true' } : {}),
      ...(previousImage ? { 'scorewall.previous-image': previousImage } : {}),
    };
    const id = this.add({ name, image, imageId: image, labels, state: 'created', pid: 0 });
    return { ok: true, created: ownContainer(this.containers.get(id)!, SITE, this.now) };
  }

  #start(id: string): Outcome {
    const container = this.containers.get(id);
    if (!container) return failed('not-found');
    if (this.faulty.has(container.image)) return failed('refused');
    const ports = heldPorts(ownContainer(container, SITE, this.now)!, SITE.hostIp);
    const taken = this.#listeners().some((listener) => ports.some((port) => portsCollide(port, listener)));
    return taken ? failed('port-taken') : this.#onContainer(id, (one) => ({ ...one, state: 'running', pid: 1 }));
  }

  #onContainer(id: string, change: (container: Container) => Container): Outcome {
    const container = this.containers.get(id);
    if (!container) return failed('not-found');
    this.containers.set(id, change(container));
    return { ok: true };
  }
}

const failed = (code: EngineError['code']): Outcome => ({ ok: false, error: new EngineError(code, `simulated: ${code}`) });
