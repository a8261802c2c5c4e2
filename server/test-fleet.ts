/** Deployments, reports and keys for integration tests, as authors and devices would write them. */
import type { NatsConnection } from '@nats-io/nats-core';
import type { DeviceStatus } from '#contracts/status.ts';
import { connectNats } from '#server/nats/connect.ts';
import { openStore, publish } from './kv/store.ts';
import type { TestHub } from './test-anchor.ts';

export const testManifest = (
  name: string,
  target: string,
  { image = 'nginx', port = 8080, more = '' } = {},
): string => `# ${name}, with a comment
apiVersion: iot.nationtech.io/v1alpha1
kind: Deployment
metadata: { name: ${name} }
spec:
  ${target}
  score:
    type: PodmanV0
    data:
      services:
        - name: ${name}
          image: ${image}
          ports: ["${port}:80"]
${more}`;

export const testScoreText = (name: string, { image = 'nginx', port = 8080 } = {}): string =>
  `{"type":"PodmanV0","data":{"services":[{"name":"${name}","image":"${image}","ports":["${port}:80"]}]}}`;

export const testReport = (device: string, deployments: DeviceStatus['deployments'] = []): DeviceStatus => ({
  device,
  reportedAt: new Date().toISOString(),
  agent: { version: '1', startedAt: new Date().toISOString(), credentials: 'creds' },
  engine: { kind: 'podman', version: '5', reachable: true },
  host: {
    hostname: device,
    model: '',
    os: 'Debian',
    kernel: '6',
    arch: 'arm64',
    cpuCount: 4,
    cpuPercent: 1,
    memoryTotalBytes: 1,
    memoryUsedBytes: 1,
    diskTotalBytes: 100,
    diskUsedBytes: 1,
    temperatureCelsius: null,
    uptimeSeconds: 1,
    throttled: null,
  },
  deployments,
});

export const running = (name: string, revision: number): DeviceStatus['deployments'] => [
  { name, phase: 'running', revision, services: [] },
];

export const connectDevice = (hub: TestHub, name: string, creds: string): Promise<NatsConnection> =>
  connectNats({ servers: hub.nats.url, creds, name, inboxPrefix: `_INBOX.${name}`, firstConnect: 'fail' });

export interface StoredKey {
  text: string;
  revision: number;
  header(name: string): string;
}

/** Reads and writes buckets as somebody beside the hub would. */
export class TestBuckets {
  readonly #nc: NatsConnection;

  constructor(nc: NatsConnection) {
    this.#nc = nc;
  }

  async get(bucket: string, key: string): Promise<StoredKey | undefined> {
    const { manager } = await openStore(this.#nc);
    const message = await manager.direct.getMessage(`KV_${bucket}`, { last_by_subj: `$KV.${bucket}.${key}` });
    if (!message || message.header.get('KV-Operation')) return undefined;
    return { text: message.string(), revision: message.seq, header: (name) => message.header.get(name) };
  }

  desired = (device: string, deployment: string) => this.get('desired-state', `${device}.${deployment}`);

  async index(device: string): Promise<Record<string, number> | undefined> {
    const entry = await this.get('desired-index', device);
    return entry && (JSON.parse(entry.text) as { keys: Record<string, number> }).keys;
  }

  async put(bucket: string, key: string, text: string): Promise<number> {
    return publish(await openStore(this.#nc), `$KV.${bucket}.${key}`, text);
  }

  async delete(bucket: string, key: string): Promise<void> {
    await publish(await openStore(this.#nc), `$KV.${bucket}.${key}`, '', { headers: { 'KV-Operation': 'DEL' } });
  }

  async streamMessages(stream: string): Promise<number> {
    return (await (await openStore(this.#nc)).manager.streams.info(stream)).state.messages;
  }
}
