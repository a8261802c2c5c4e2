/** Three real nats-servers that keep everything three times, for benches and tests: the configuration of the embedded server, three times. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectNats } from './connect.ts';
import type { FleetKeys } from './fleet-keys.ts';
import { writeServerConfig } from './server-config.ts';
import { type ConfiguredServer, freePorts, startConfiguredServer } from './test-server.ts';

export interface TestNode {
  name: string;
  url: string;
  monitorUrl: string;
  /** kill -9. */
  kill(): Promise<void>;
  /** After `kill`, on the same data. */
  start(): Promise<void>;
}

export interface TestCluster {
  /** The hub's home folder, with `keys/`. */
  home: string;
  keys: FleetKeys;
  nodes: readonly TestNode[];
  /** For `SCOREWALL_NATS_URL`. */
  urls: string;
  /** Name of the node that leads storage now. */
  metaLeader(): Promise<string | undefined>;
  /** Name of the node that leads this stream. */
  streamLeader(stream: string): Promise<string | undefined>;
  stop(): Promise<void>;
}

const SIZE = 3;
const READY_DEADLINE_MS = 60_000;

export async function startTestCluster(): Promise<TestCluster> {
  const home = await mkdtemp(join(tmpdir(), 'scorewall-nodes-'));
  const ports = await freePorts(SIZE * 4);
  const routes = Array.from({ length: SIZE }, (_, at) => `nats://127.0.0.1:${ports[at * 4 + 3]}`);
  const nodes: (TestNode & { server: ConfiguredServer })[] = [];
  const stop = async () => {
    await Promise.all(nodes.map(({ server }) => server.stop()));
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const [natsPort, wsPort, monitorPort] = ports as [number, number, number];
    const { file, keys } = await writeServerConfig({ home, natsPort, wsPort, monitorPort });
    const common = JSON.parse((await readFile(file, 'utf8')).replace(/^#.*\n/, ''));
    const starting = Array.from({ length: SIZE }, async (_, at) => {
      const [port, ws, monitor, cluster] = ports.slice(at * 4, at * 4 + 4) as [number, number, number, number];
      const name = `node-${at + 1}`;
      const folder = join(home, name);
      const config = {
        ...common,
        server_name: name,
        port,
        http: `127.0.0.1:${monitor}`,
        websocket: { ...common.websocket, port: ws },
        jetstream: { ...common.jetstream, store_dir: join(folder, 'jetstream') },
        resolver: { ...common.resolver, dir: join(folder, 'jwt') },
        // Without it a node tells clients of the addresses of the others, and nobody could say where a device is.
        cluster: { name: 'scorewall', listen: `127.0.0.1:${cluster}`, routes, no_advertise: true },
      };
      const configFile = join(home, `${name}.conf`);
      await writeFile(configFile, JSON.stringify(config));
      const monitorUrl = `http://127.0.0.1:${monitor}`;
      const server = await startConfiguredServer(configFile, monitorUrl);
      const node = { name, url: `nats://127.0.0.1:${port}`, monitorUrl, server, kill: server.stop, start: server.start };
      nodes.push(node);
    });
    await Promise.all(starting);
    nodes.sort((one, other) => (one.name < other.name ? -1 : 1));
    const cluster: TestCluster = {
      home,
      keys,
      nodes,
      urls: nodes.map(({ url }) => url).join(','),
      metaLeader: async () => {
        for (const { monitorUrl } of nodes) {
          const { meta_cluster: meta } = await json<{ meta_cluster?: { leader?: string } }>(`${monitorUrl}/jsz`);
          if (meta?.leader) return meta.leader;
        }
        return undefined;
      },
      streamLeader: async (stream) => {
        for (const { monitorUrl } of nodes) {
          const { account_details: accounts = [] } = await json<Jsz>(`${monitorUrl}/jsz?streams=1`);
          for (const { stream_detail: streams = [] } of accounts)
            for (const { name, cluster } of streams) if (name === stream && cluster?.leader) return cluster.leader;
        }
        return undefined;
      },
      stop,
    };
    await ready(cluster);
    return cluster;
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Jsz {
  account_details?: { stream_detail?: { name: string; cluster?: { leader?: string } }[] }[];
}

interface MetaJsz {
  meta_cluster?: { leader?: string; replicas?: { current?: boolean; offline?: boolean }[] };
}

/** The leader of storage has heard from all others: only then it places anything three times. */
async function isWhole(nodes: readonly TestNode[]): Promise<boolean> {
  for (const { name, monitorUrl } of nodes) {
    const { meta_cluster: meta } = await json<MetaJsz>(`${monitorUrl}/jsz`);
    const here = meta?.replicas?.filter(({ current, offline }) => current && !offline) ?? [];
    if (meta?.leader === name && here.length === SIZE - 1) return true;
  }
  return false;
}

/** Storage has a leader that takes requests. */
async function ready({ nodes, keys }: TestCluster): Promise<void> {
  const deadline = Date.now() + READY_DEADLINE_MS;
  while (!(await isWhole(nodes))) {
    if (Date.now() > deadline)
      throw new Error(`The ${SIZE} nats-servers did not come together in ${READY_DEADLINE_MS / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const options = { creds: await readFile(keys.creds.admin, 'utf8'), inboxPrefix: '_INBOX.admin', firstConnect: 'fail' as const };
  for (const { url, name } of nodes) {
    const nc = await connectNats({ ...options, servers: url, name });
    while (!(await nc.request('$JS.API.INFO', '', { timeout: 1_000 }).then(isAnswer, () => false)))
      if (Date.now() > deadline) throw new Error(`Storage does not answer over ${name} in ${READY_DEADLINE_MS / 1000} s.`);
    await nc.close();
  }
}

const isAnswer = (message: { string(): string }): boolean => !message.string().includes('"error"');

/** Nothing where the node is down. */
async function json<T extends object>(url: string): Promise<Partial<T>> {
  try {
    return (await (await fetch(url)).json()) as T;
  } catch {
    return {};
  }
}
