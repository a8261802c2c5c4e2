/** The message bus of this hub: a nats-server of its own, or a cluster that exists already. */
import type { NatsConnection } from '@nats-io/nats-core';
import { connectNats } from '#server/nats/connect.ts';
import { readHubEnvironment } from '#server/nats/hub-environment.ts';
import { HUB_ID } from '#server/nats/permission-table.ts';
import { writeServerConfig } from '#server/nats/server-config.ts';
import { askPort } from './ask-port.ts';
import type { FleetTls } from './fleet-tls.ts';
import { chooseFreePorts } from './free-port.ts';
import type { Home } from './home.ts';
import { Supervised } from './supervised.ts';

export interface Bus {
  /** How processes of this machine reach it. */
  url: string;
  /** `host:port` of its websocket listener. */
  websocket: string;
  /** Path of a creds file with full rights; empty where the cluster's owner keeps them. */
  adminCreds: string;
  /** For the short time something has to be set up. */
  connect(): Promise<NatsConnection>;
}

interface BusOptions {
  home: Home;
  program: string;
  port: number;
  tls: FleetTls | undefined;
  warn(line: string): void;
  /** Told of the process before it is ready, so that a stop in between finds it. */
  started(process: Supervised): void;
}

export async function startBus({ home, program, port, tls, warn, started }: BusOptions): Promise<Bus> {
  const [wsPort, monitorPort] = await chooseFreePorts<[number, number]>(2);
  const { file, keys } = await writeServerConfig({
    home: home.root,
    natsPort: port,
    host: tls ? '0.0.0.0' : '127.0.0.1',
    wsPort,
    monitorPort,
    ...(tls ? { tls: { certFile: tls.certFile, keyFile: tls.keyFile } } : {}),
  });
  const process = new Supervised({ name: 'nats-server', command: program, args: ['--config', file] }, { home, warn });
  started(process);
  await process.start(() => askPort(monitorPort, '/healthz?js-enabled-only=true'));
  const url = `${tls ? 'tls' : 'nats'}://127.0.0.1:${port}`;
  return {
    url,
    websocket: `127.0.0.1:${wsPort}`,
    adminCreds: keys.creds.admin,
    connect: () =>
      connectNats({
        servers: url,
        credsFile: keys.creds.admin,
        name: 'scorewall up',
        inboxPrefix: '_INBOX.admin',
        firstConnect: 'fail',
        ...(tls ? { caFile: tls.caFile } : {}),
      }),
  };
}

/** Nobody answers there: what a browser gets when the cluster has no websocket listener for it. */
const NOWHERE = '127.0.0.1:9';

export async function adoptCluster(home: Home, warn: (line: string) => void): Promise<Bus> {
  const cluster = await readHubEnvironment(process.env, home.root);
  for (const line of cluster.off) warn(line);
  return {
    url: cluster.servers.join(','),
    websocket: cluster.wsUrl ? new URL(cluster.wsUrl).host : NOWHERE,
    adminCreds: '',
    connect: () =>
      connectNats({
        servers: cluster.servers,
        creds: cluster.creds,
        name: 'scorewall up',
        inboxPrefix: `_INBOX.${HUB_ID}`,
        firstConnect: 'fail',
      }),
  };
}
