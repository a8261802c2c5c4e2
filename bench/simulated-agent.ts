/** An agent without an engine: the real identity, connection, readings and reports, and services that run because it says so. */
import { credsAuthenticator } from '@nats-io/nats-core';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { DesiredIndex } from '#contracts/desired-index.ts';
import { decodeScore } from '#contracts/score/score.ts';
import type { DeviceDeploymentStatus, DeviceStatus, ServiceStatus } from '#contracts/status.ts';
import { subjects } from '#contracts/subjects.ts';
import { SimulatedPeeks } from './simulated-peeks.ts';

const GET_TIMEOUT_MS = 30_000;
/** A quarter of a gigabyte of 4, a few services: what a small device reports. */
const MEMORY_BYTES = 4e9;

export interface SimulatedAgentOptions {
  name: string;
  url: string;
  creds: string;
  intervalMs: number;
  /** It has read a value of this revision. */
  onTaken(deployment: string, revision: number): void;
}

export class SimulatedAgent {
  readonly #options: SimulatedAgentOptions;
  readonly #startedAt = new Date().toISOString();
  readonly #deployments = new Map<string, { revision: number; services: { name: string; image: string }[] }>();
  #connection: NatsConnection | undefined;
  #intervalMs: number;
  #timer: NodeJS.Timeout | undefined;
  #failing = false;

  constructor(options: SimulatedAgentOptions) {
    this.#options = options;
    this.#intervalMs = options.intervalMs;
  }

  async connect(): Promise<void> {
    const { name, url, creds } = this.#options;
    const connection = await connect({
      servers: url,
      name: `simulated ${name}`,
      inboxPrefix: subjects.inbox(name),
      authenticator: credsAuthenticator(new TextEncoder().encode(creds)),
      maxReconnectAttempts: -1,
      pingInterval: 20_000,
      timeout: GET_TIMEOUT_MS,
    });
    this.#connection = connection;
    new SimulatedPeeks(name, connection);
    connection.subscribe(subjects.desiredOf(name), {
      callback: (_error, { subject }) => void this.#read(subject.split('.')[2] ?? ''),
    });
    const index = await this.#get(subjects.getDesiredIndex(name));
    const known = index ? Object.keys(DesiredIndex.parse(JSON.parse(index.text)).keys) : [];
    await Promise.all(known.map((deployment) => this.#read(deployment)));
    // Spread over the interval, as a fleet's reports are.
    this.#timer = setTimeout(() => this.#repeat(), Math.random() * this.#intervalMs);
  }

  setInterval(intervalMs: number): void {
    this.#intervalMs = intervalMs;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#repeat(), Math.random() * intervalMs);
  }

  /** Reports that a service has failed, or runs again. */
  setFailing(failing: boolean): void {
    this.#failing = failing;
    this.report();
  }

  report(): void {
    this.#connection?.publish(subjects.status(this.#options.name), JSON.stringify(this.#status()));
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#connection?.close();
  }

  #repeat(): void {
    this.report();
    this.#timer = setTimeout(() => this.#repeat(), this.#intervalMs);
  }

  async #read(deployment: string): Promise<void> {
    const { name, onTaken } = this.#options;
    const got = await this.#get(subjects.getDesired(name, deployment));
    if (!got || got.deleted) this.#deployments.delete(deployment);
    else {
      const decoded = decodeScore(got.text);
      this.#deployments.set(deployment, {
        revision: got.revision,
        services: decoded.ok ? decoded.score.data.services.map((one) => ({ name: one.name, image: one.image })) : [],
      });
    }
    if (got) onTaken(deployment, got.revision);
    this.report();
  }

  async #get(subject: string): Promise<{ text: string; revision: number; deleted: boolean } | undefined> {
    const message = await this.#connection?.request(subject, undefined, { timeout: GET_TIMEOUT_MS });
    if (!message || (message.headers?.code ?? 0) !== 0) return undefined;
    return {
      text: message.string(),
      revision: Number(message.headers?.get('Nats-Sequence')),
      deleted: Boolean(message.headers?.get('KV-Operation')),
    };
  }

  #status(): DeviceStatus {
    const { name } = this.#options;
    return {
      device: name,
      reportedAt: new Date().toISOString(),
      agent: { version: '0.1.0', startedAt: this.#startedAt, credentials: 'creds' },
      engine: { kind: 'podman', version: '5.4.2', reachable: true },
      host: {
        hostname: name,
        model: 'Raspberry Pi 5 Model B Rev 1.0',
        os: 'Debian GNU/Linux 13 (trixie)',
        kernel: '6.12.25+rpt-rpi-2712',
        arch: 'arm64',
        cpuCount: 4,
        cpuPercent: Math.round(Math.random() * 1000) / 10,
        memoryTotalBytes: MEMORY_BYTES,
        memoryUsedBytes: Math.round(MEMORY_BYTES * (0.2 + Math.random() * 0.1)),
        diskTotalBytes: 64e9,
        diskUsedBytes: 12e9,
        temperatureCelsius: 40 + Math.round(Math.random() * 200) / 10,
        uptimeSeconds: Math.round(performance.now() / 1000) + 86_400,
        throttled: false,
      },
      deployments: [...this.#deployments].map(([deployment, { revision, services }]) =>
        this.#deployment(deployment, revision, services),
      ),
    };
  }

  #deployment(name: string, revision: number, services: readonly { name: string; image: string }[]): DeviceDeploymentStatus {
    return {
      name,
      phase: this.#failing ? 'failed' : 'running',
      revision,
      services: services.map((service) => this.#service(service)),
    };
  }

  #service({ name, image }: { name: string; image: string }): ServiceStatus {
    const common = { name, image, health: 'none' as const, ports: ['0.0.0.0:8080->80/tcp'], restarts: 0, since: this.#startedAt };
    if (!this.#failing) return { ...common, state: 'running' };
    const message = `${name} ended with code 1. Look at its log.`;
    return { ...common, state: 'failed', error: { code: 'exited', message, since: this.#startedAt } };
  }
}
