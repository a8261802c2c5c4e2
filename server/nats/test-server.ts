/** A real nats-server for integration tests: random ports, a folder of its own, thrown away at the end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NatsConnection } from '@nats-io/nats-core';
import { freePort } from '#e2e/stack/free-port.ts';
import { obtainNatsServer } from './binary.ts';
import { connectNats } from './connect.ts';
import type { FleetKeys } from './fleet-keys.ts';
import { HUB_ID } from './permission-table.ts';
import { type ServerConfigOptions, writeServerConfig } from './server-config.ts';

export interface TestNats {
  /** For devices and the hub. */
  url: string;
  /** For browsers. */
  wsUrl: string;
  monitorUrl: string;
  /** The hub's home folder, with `keys/` and `nats/`. */
  home: string;
  keys: FleetKeys;
  /** Connects as the anchor does, or as the administrator or the system user. */
  connectAs(user: 'anchor' | 'admin' | 'system'): Promise<NatsConnection>;
  /** Stops politely and starts on the same data and ports. */
  restart(): Promise<void>;
  /** kill -9; `restart` brings it back. */
  kill(): Promise<void>;
  /** Ends it and removes the folder. */
  stop(): Promise<void>;
}

const READY_DEADLINE_MS = 60_000;
/** The folder `up` uses by default, so the program is fetched once. */
const STATE_DIR = fileURLToPath(new URL('../../.scorewall', import.meta.url));

export async function startTestNats(settings: Partial<Omit<ServerConfigOptions, 'home'>> = {}): Promise<TestNats> {
  const { path } = await obtainNatsServer({ stateDir: STATE_DIR, say: () => {} });
  const home = await mkdtemp(join(tmpdir(), 'scorewall-nats-'));
  const [natsPort, wsPort, monitorPort] = await freePorts(3);
  const ports = { natsPort: natsPort!, wsPort: wsPort!, monitorPort: monitorPort! };
  const { file, keys } = await writeServerConfig({ home, ...ports, ...settings });
  const monitorUrl = `http://127.0.0.1:${ports.monitorPort}`;
  const url = `nats://127.0.0.1:${ports.natsPort}`;

  const server = serverProcess(path, file, monitorUrl);
  await server.start();

  return {
    url,
    wsUrl: `ws://127.0.0.1:${ports.wsPort}`,
    monitorUrl,
    home,
    keys,
    connectAs: (user) =>
      connectNats({
        servers: url,
        credsFile: keys.creds[user],
        name: `test ${user}`,
        inboxPrefix: `_INBOX.${user === 'anchor' ? HUB_ID : user}`,
        firstConnect: 'fail',
      }),
    restart: async () => {
      await server.end('SIGTERM');
      await server.start();
    },
    kill: () => server.end('SIGKILL'),
    stop: async () => {
      await server.end('SIGKILL');
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export interface ConfiguredServer {
  /** On the same data and ports, after it was stopped. */
  start(): Promise<void>;
  /** kill -9. */
  stop(): Promise<void>;
}

/** A server on any configuration, for tests of a cluster. */
export async function startConfiguredServer(configFile: string, monitorUrl: string): Promise<ConfiguredServer> {
  const { path } = await obtainNatsServer({ stateDir: STATE_DIR, say: () => {} });
  const server = serverProcess(path, configFile, monitorUrl);
  await server.start();
  return { start: () => server.start(), stop: () => server.end('SIGKILL') };
}

function serverProcess(path: string, configFile: string, monitorUrl: string) {
  let child: ChildProcess | undefined;
  // A test that crashes must not leave a server behind for the next one to find.
  const killAtExit = () => child?.kill('SIGKILL');
  return {
    async start(): Promise<void> {
      const started = spawn(path, ['--config', configFile], { stdio: ['ignore', 'ignore', 'pipe'] });
      child = started;
      process.once('exit', killAtExit);
      let log = '';
      started.stderr.on('data', (chunk: Buffer) => {
        log = (log + chunk.toString()).slice(-4_000);
      });
      await ready(monitorUrl, () => (started.exitCode === null ? undefined : log));
    },
    async end(signal: NodeJS.Signals): Promise<void> {
      process.off('exit', killAtExit);
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, 'exit');
    },
  };
}

export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) ports.push(await freePort());
  return ports;
}

async function ready(monitorUrl: string, crashed: () => string | undefined): Promise<void> {
  const deadline = Date.now() + READY_DEADLINE_MS;
  while (Date.now() < deadline) {
    const log = crashed();
    if (log !== undefined) throw new Error(`nats-server ended at once:\n${log}`);
    const healthy = await fetch(`${monitorUrl}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (healthy) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nats-server was not ready within ${READY_DEADLINE_MS / 1000} s.`);
}
