/** A device's identity in the process of a test: the real source on the real connection, with a power that can be cut anywhere. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { createLogger } from '../log.ts';
import { NatsLink } from '../nats-link.ts';
import type { IdentityState } from './identity-state.ts';
import { IdentityStore } from './identity-store.ts';
import { RoadchainSource } from './roadchain-source.ts';

export const TEST_TICK_MS = 400;

class PowerCut extends Error {}

export class TestDevice {
  readonly name: string;
  readonly stateDir: string;
  readonly lines: string[] = [];
  /** Points that were passed, over all starts. */
  readonly passed: string[] = [];
  trouble: string | undefined;
  /** Its connection, while it stands. */
  connection: NatsConnection | undefined;
  attached = 0;
  /** The power was cut. */
  isDead = false;
  #end: (() => Promise<void>) | undefined;

  private constructor(name: string, stateDir: string) {
    this.name = name;
    this.stateDir = stateDir;
  }

  static create = async (name: string) => new TestDevice(name, await mkdtemp(join(tmpdir(), `sw-identity-${name}-`)));

  /** As whoever takes out the card, copies it, and puts it back. */
  async copy(name = this.name): Promise<TestDevice> {
    const copy = await TestDevice.create(name);
    // What is being written right now is not there yet.
    await cp(this.stateDir, copy.stateDir, { recursive: true, filter: (path) => !path.endsWith('.new') });
    return copy;
  }

  /** `cutAt`: the point at which the power goes, and for good: nothing that comes after it reaches the disk or the network. */
  start({ token, cutAt, awayMs }: { token?: string; cutAt?: string | undefined; awayMs?: number } = {}): void {
    const ending = new AbortController();
    this.isDead = false;
    // What the start before said is no word of this one.
    this.trouble = undefined;
    const mark = (point: string) => {
      if (!this.isDead) this.passed.push(point);
      if (point === cutAt) {
        this.isDead = true;
        ending.abort();
      }
      if (this.isDead) throw new PowerCut(`The power is gone at ${point}.`);
    };
    const log = createLogger({ level: 'debug', format: 'json', write: (line) => this.lines.push(line) });
    const source = new RoadchainSource({
      device: this.name,
      stateDir: this.stateDir,
      tokens: { token },
      configFile: join(this.stateDir, 'agent.toml'),
      tickMs: TEST_TICK_MS,
      facts: () => ({ hostname: this.name, model: 'Test board' }),
      onTrouble: (message) => {
        this.trouble = message;
      },
      mark,
      log,
    });
    const watcher = {
      attach: (connection: NatsConnection) => {
        this.connection = connection;
        this.attached++;
      },
      detach: () => {
        this.connection = undefined;
      },
    };
    const link = new NatsLink({
      device: this.name,
      urls: [],
      credentials: source,
      users: [watcher, source.speaker],
      awayMs,
      log,
    });
    const running = link.run(ending.signal);
    this.#end = async () => {
      ending.abort();
      await running;
      this.connection = undefined;
    };
  }

  async stop(): Promise<void> {
    await this.#end?.();
    this.#end = undefined;
  }

  async state(): Promise<IdentityState | undefined> {
    const log = createLogger({ level: 'error', format: 'json', write: () => undefined });
    return new IdentityStore(this.stateDir, log).reread();
  }

  epoch = async (): Promise<number | undefined> => (await this.state())?.chain?.epoch;

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.stateDir, { recursive: true, force: true, maxRetries: 3 });
  }
}
