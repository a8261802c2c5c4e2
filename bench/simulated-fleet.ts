/** A hub with many simulated devices, each with its own credentials and its own connection. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AddedDevice } from '#contracts/api.ts';
import { API_VERSION } from '#contracts/deployment.ts';
import { Anchor } from '#e2e/stack/anchor.ts';
import { FleetStore } from '#e2e/stack/fleet-store.ts';
import { NatsServer } from '#e2e/stack/nats-server.ts';
import { renewLocalToken } from '#server/auth/local-access.ts';
import { connectNats } from '#server/nats/connect.ts';
import type { FleetAnswer, FleetOrder } from './fleet-messages.ts';
import type { Programs } from './programs.ts';

const REGISTER_IN_PARALLEL = 8;
const REPORT_INTERVAL_MS = 30_000;
const FLEET_LABEL = { role: 'simulated' };

type AnswerOf<K extends FleetAnswer['kind']> = Extract<FleetAnswer, { kind: K }>;

export class SimulatedFleet {
  readonly nats: NatsServer;
  readonly anchor: Anchor;
  readonly store: FleetStore;
  readonly names: readonly string[];
  readonly home: string;
  readonly #process: ChildProcess;

  static async start(count: number, programs: Programs, say: (line: string) => void): Promise<SimulatedFleet> {
    const home = await mkdtemp(join(tmpdir(), 'sw-fleet-'));
    const nats = await NatsServer.start(home);
    const anchor = await Anchor.start({ home, natsUrl: nats.url, program: programs.anchor });
    const store = new FleetStore(
      await connectNats({ servers: nats.url, credsFile: nats.keys.creds.admin, name: 'bench', inboxPrefix: '_INBOX.bench' }),
    );
    anchor.authenticate(await renewLocalToken(store.connection));
    say(`adds ${count} devices over REST`);
    const devices = await register(anchor, count);
    const child = fork(new URL('./fleet-process.ts', import.meta.url), {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const fleet = new SimulatedFleet({ home, nats, anchor, store, names: devices.map(({ name }) => name), process: child });
    const connected = fleet.next('connected');
    fleet.#order({ kind: 'connect', url: nats.url, intervalMs: REPORT_INTERVAL_MS, devices });
    say(`${count} devices connected in ${((await connected).tookMs / 1000).toFixed(1)} s`);
    return fleet;
  }

  private constructor(parts: Pick<SimulatedFleet, 'home' | 'nats' | 'anchor' | 'store' | 'names'> & { process: ChildProcess }) {
    this.home = parts.home;
    this.nats = parts.nats;
    this.anchor = parts.anchor;
    this.store = parts.store;
    this.names = parts.names;
    this.#process = parts.process;
  }

  /** How often each device reports. */
  pace(intervalMs: number): void {
    this.#order({ kind: 'pace', intervalMs });
  }

  /** Makes a device report trouble or its end; answers with the moment of the report. */
  async report(device: string, failing: boolean): Promise<number> {
    const reported = this.next('reported');
    this.#order({ kind: 'fail', device, failing });
    return (await reported).atMs;
  }

  /** Creates or changes a deployment that goes to every device. */
  async deploy(name: string, services: readonly unknown[]): Promise<void> {
    const path = `/deployments/${name}`;
    const { etag } = await this.anchor.call('GET', path);
    const spec = { targetSelector: FLEET_LABEL, score: { type: 'PodmanV0', data: { services } } };
    await this.anchor.expect(
      'PUT',
      path,
      { apiVersion: API_VERSION, kind: 'Deployment', metadata: { name }, spec },
      etag ? { 'if-match': etag } : { 'if-none-match': '*' },
    );
  }

  /** Runs `write`, and answers with each device's delay until it has read a new value of that deployment. */
  async timeFanOut(deployment: string, write: () => Promise<unknown>): Promise<number[]> {
    const delays = new Map<string, number>();
    const fromMs = performance.timeOrigin + performance.now();
    const complete = new Promise<void>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`${delays.size} of ${this.names.length} devices read ${deployment}.`)),
        120_000,
      );
      const listen = (answer: FleetAnswer) => {
        if (answer.kind !== 'taken') return;
        for (const one of answer.all) {
          if (one.deployment === deployment && one.atMs >= fromMs && !delays.has(one.device))
            delays.set(one.device, one.atMs - fromMs);
        }
        if (delays.size < this.names.length) return;
        clearTimeout(late);
        this.#process.off('message', listen);
        resolve();
      };
      this.#process.on('message', listen);
    });
    await write();
    await complete;
    return [...delays.values()];
  }

  next<K extends FleetAnswer['kind']>(kind: K): Promise<AnswerOf<K>> {
    return new Promise((resolve, reject) => {
      const listen = (answer: FleetAnswer) => {
        if (answer.kind !== kind && answer.kind !== 'failed') return;
        this.#process.off('message', listen);
        if (answer.kind === 'failed') reject(new Error(answer.why));
        else resolve(answer as AnswerOf<K>);
      };
      this.#process.on('message', listen);
    });
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#order({ kind: 'close' });
    await ended;
    await this.store.connection.close();
    await this.anchor.kill();
    await this.nats.kill();
    await rm(this.home, { recursive: true, force: true });
  }

  #order(order: FleetOrder): void {
    this.#process.send(order);
  }
}

async function register(anchor: Anchor, count: number): Promise<{ name: string; creds: string }[]> {
  const names = Array.from({ length: count }, (_, index) => `device-${String(index).padStart(4, '0')}`);
  const devices: { name: string; creds: string }[] = [];
  const left = [...names].reverse();
  const registerSome = async () => {
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      const { body } = await anchor.expect('POST', '/devices', { name, labels: FLEET_LABEL });
      devices.push({ name, creds: AddedDevice.parse(body).creds.content });
    }
  };
  await Promise.all(Array.from({ length: REGISTER_IN_PARALLEL }, registerSome));
  return devices;
}
