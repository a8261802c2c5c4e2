/** The hub's nats-server, with the configuration that `up` writes, on a port that stays the same over a restart. */
import { join } from 'node:path';
import { obtainNatsServer } from '#server/nats/binary.ts';
import type { FleetKeys } from '#server/nats/fleet-keys.ts';
import { writeServerConfig } from '#server/nats/server-config.ts';
import { projectRoot } from '#server/up/build.ts';
import { freePort } from './free-port.ts';
import { Program } from './program.ts';

const HOST = '127.0.0.1';
/** Where `up` keeps the program too: fetching it takes longer than anything else. */
const PROGRAM_FOLDER = join(projectRoot, '.scorewall');

export class NatsServer {
  readonly host = HOST;
  readonly port: number;
  readonly wsPort: number;
  readonly monitorPort: number;
  readonly keys: FleetKeys;
  readonly #program: Program;

  static async start(home: string): Promise<NatsServer> {
    const [natsPort, wsPort, monitorPort] = [await freePort(), await freePort(), await freePort()];
    const binary = await obtainNatsServer({ stateDir: PROGRAM_FOLDER, say: () => undefined });
    const { file, keys } = await writeServerConfig({ home, natsPort, wsPort, monitorPort });
    const program = new Program({ name: 'nats-server', command: binary.path, args: ['--config', file] });
    const server = new NatsServer({ port: natsPort, wsPort, monitorPort, keys, program });
    await server.start();
    return server;
  }

  private constructor(parts: { port: number; wsPort: number; monitorPort: number; keys: FleetKeys; program: Program }) {
    this.port = parts.port;
    this.wsPort = parts.wsPort;
    this.monitorPort = parts.monitorPort;
    this.keys = parts.keys;
    this.#program = parts.program;
  }

  get url(): string {
    return `nats://${HOST}:${this.port}`;
  }

  get pid(): number {
    return this.#program.pid;
  }

  async start(): Promise<void> {
    this.#program.start();
    await this.#program.ready(() =>
      fetch(`http://${HOST}:${this.monitorPort}/healthz`).then(
        (answer) => answer.ok,
        () => false,
      ),
    );
  }

  lastWords(count?: number): string {
    return this.#program.lastWords(count);
  }

  kill(): Promise<void> {
    return this.#program.kill('SIGKILL');
  }

  stop(): Promise<void> {
    return this.#program.stop();
  }
}
