/** A small fleet of real processes that tests may break: nats-server, anchor, podman service, registry, agents. */
import { randomBytes, randomInt } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AddedDevice } from '#contracts/api.ts';
import { API_VERSION } from '#contracts/deployment.ts';
import type { PodmanService as Service } from '#contracts/score/service.ts';
import { renewLocalToken } from '#server/auth/local-access.ts';
import { connectNats } from '#server/nats/connect.ts';
import { Anchor, type Answer } from './anchor.ts';
import { Device } from './device.ts';
import { PodmanService } from './engine.ts';
import { EngineGate } from './engine-gate.ts';
import { FleetStore } from './fleet-store.ts';
import { NatsServer } from './nats-server.ts';
import { Registry } from './registry.ts';
import { TcpGate } from './tcp-gate.ts';

/** Node's arguments for each program, from the sources. */
const FROM_SOURCE = {
  anchor: ['--import', 'tsx', 'server/anchor.ts'],
  agent: ['--import', 'tsx', 'agent/main.ts'],
} as const;

export interface StackOptions {
  devices: readonly string[];
  /** Further lines of every agent's `[agent]` section. */
  settings?: readonly string[];
  /** Of the anchor. */
  env?: Readonly<Record<string, string>>;
  programs?: { anchor: readonly string[]; agent: readonly string[] };
}

type Undo = () => Promise<unknown>;
const running = new Set<Undo[]>();

/** For a run that somebody breaks off. */
export async function stopAllStacks(): Promise<void> {
  await Promise.allSettled([...running].map(undoAll));
}

type Parts = Pick<Stack, 'fleet' | 'home' | 'nats' | 'anchor' | 'engine' | 'registry' | 'store' | 'devices'>;

export class Stack {
  readonly fleet: string;
  /** The hub's folder. */
  readonly home: string;
  readonly nats: NatsServer;
  readonly anchor: Anchor;
  readonly engine: PodmanService;
  readonly registry: Registry;
  readonly store: FleetStore;
  readonly devices: readonly Device[];
  /** What ends it, in the order it was begun. */
  readonly #undo: Undo[];

  static async start(options: StackOptions): Promise<Stack> {
    const undo: Undo[] = [];
    running.add(undo);
    try {
      const stack = new Stack(await build(options, undo), undo);
      for (const device of stack.devices) device.agent.start();
      return stack;
    } catch (error) {
      await undoAll(undo);
      throw error;
    }
  }

  private constructor(parts: Parts, undo: Undo[]) {
    this.#undo = undo;
    this.fleet = parts.fleet;
    this.home = parts.home;
    this.nats = parts.nats;
    this.anchor = parts.anchor;
    this.engine = parts.engine;
    this.registry = parts.registry;
    this.store = parts.store;
    this.devices = parts.devices;
  }

  get device(): Device {
    const [first] = this.devices;
    if (!first) throw new RangeError('This stack has no device.');
    return first;
  }

  /** Creates or replaces a deployment, the way the editor does. */
  async deploy(name: string, services: readonly Service[], devices: readonly Device[] = this.devices): Promise<Answer> {
    const current = await this.anchor.call('GET', `/deployments/${name}`);
    const condition: Record<string, string> = current.etag ? { 'if-match': current.etag } : { 'if-none-match': '*' };
    return this.anchor.expect('PUT', `/deployments/${name}`, toDeployment(name, services, devices), condition);
  }

  async remove(name: string): Promise<void> {
    const { etag } = await this.anchor.expect('GET', `/deployments/${name}`);
    await this.anchor.expect('DELETE', `/deployments/${name}`, undefined, { 'if-match': etag ?? '' });
  }

  /** Ends every process and takes away every container and file it made. */
  async stop(): Promise<void> {
    await undoAll(this.#undo);
  }
}

async function build({ devices, settings = [], env = {}, programs = FROM_SOURCE }: StackOptions, undo: Undo[]): Promise<Parts> {
  const folder = await mkdtemp(join(tmpdir(), 'sw-stack-'));
  undo.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  // A piece of loopback of its own, so that two checkouts can be tested side by side; files that run at once never have the same.
  const worker = Number(process.env.VITEST_POOL_ID ?? process.env.TEST_PARALLEL_INDEX ?? 0);
  const network = `127.5.${1 + 2 * randomInt(0, 127) + (worker % 2)}`;
  const fleet = `f${randomBytes(4).toString('hex')}`;
  const registry = await Registry.start(await makeFolder(folder, 'registry'));
  undo.push(() => registry.stop());
  const engine = await PodmanService.start(
    await makeFolder(folder, 'engine'),
    `${network}.1`,
    await registry.writeRegistriesConf(),
  );
  undo.push(() => cleanEngine(engine, registry, fleet));
  const home = await makeFolder(folder, 'home');
  const nats = await NatsServer.start(home);
  undo.push(() => nats.kill());
  const anchor = await Anchor.start({ home, natsUrl: nats.url, program: programs.anchor, env });
  undo.push(() => anchor.kill());
  const store = new FleetStore(
    await connectNats({ servers: nats.url, credsFile: nats.keys.creds.admin, name: 'stack', inboxPrefix: '_INBOX.stack' }),
  );
  undo.push(() => store.connection.close());
  anchor.authenticate(await renewLocalToken(store.connection));
  const made: Device[] = [];
  for (const [index, short] of devices.entries()) {
    const name = `${short}-${fleet}`;
    const added = AddedDevice.parse((await anchor.expect('POST', '/devices', { name, local: true })).body);
    const device = await Device.create({
      name,
      fleet,
      address: `${network}.${index + 1}`,
      folder: join(folder, short),
      creds: added.creds.content,
      network: await TcpGate.open({ host: nats.host, port: nats.port }),
      engine: await EngineGate.open(join(folder, `${short}.sock`), engine.socket),
      settings,
      program: programs.agent,
    });
    undo.push(async () => {
      await Promise.all([device.agent.kill(), device.network.shut(), device.engine.close()]);
      await device.endTerminals();
    });
    made.push(device);
  }
  return { fleet, home, nats, anchor, engine, registry, store, devices: made };
}

/** Each end is tried, whatever became of the others; the first failure is told at the end. */
async function undoAll(undo: Undo[]): Promise<void> {
  running.delete(undo);
  const failures: unknown[] = [];
  for (let end = undo.pop(); end; end = undo.pop()) await end().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/** A test may have left the service dead; a new one knows the containers. */
async function cleanEngine(engine: PodmanService, registry: Registry, fleet: string): Promise<void> {
  await engine.stop();
  await engine.start();
  for (const { id } of await engine.containers('fleet', fleet)) await engine.removeContainer(id);
  for (const image of registry.images) await engine.api.call('DELETE', `/images/${encodeURIComponent(image)}?force=true`);
  await engine.stop();
}

export function toDeployment(name: string, services: readonly Service[], devices: readonly Device[]) {
  return {
    apiVersion: API_VERSION,
    kind: 'Deployment',
    metadata: { name },
    spec: {
      targetDevices: devices.map((device) => device.name),
      score: { type: 'PodmanV0', data: { services } },
      rollout: { strategy: 'Immediate' },
    },
  };
}

async function makeFolder(...parts: string[]): Promise<string> {
  const folder = join(...parts);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}
