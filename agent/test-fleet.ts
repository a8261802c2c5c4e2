/** The world around an agent in integration tests: a real nats-server with the fleet's buckets, and a real podman. */

import { jetstreamManager } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { expect, vi } from 'vitest';
import { CONTAINER_LABEL } from '#contracts/container.ts';
import { DeviceEvent } from '#contracts/event.ts';
import { DeviceStatus } from '#contracts/status.ts';
import { mintDevice } from '#server/nats/mint.ts';
import { provisionFleet } from '#server/nats/provision.ts';
import { freePorts, startTestNats, type TestNats } from '#server/nats/test-server.ts';
import { startTestEngine, TEST_IMAGE, type TestEngine } from './engine/test-engine.ts';
import { createTestAgent, type TestAgent } from './test-agent.ts';

const HOST_IP = '127.0.2.1';
const REGISTRY = '127.0.2.250:5055';
export const WAITING = { timeout: 60_000, interval: 50 };

export interface TestFleet {
  nats: TestNats;
  engine: TestEngine;
  hub: NatsConnection;
  addDevice(): Promise<TestDevice>;
  stop(): Promise<void>;
}

export async function startTestFleet(): Promise<TestFleet> {
  const [nats, engine] = await Promise.all([startTestNats(), startTestEngine({ registry: REGISTRY })]);
  const hub = await nats.connectAs('admin');
  await provisionFleet(hub);
  const buckets = new Kvm(hub);
  const [desired, indexes, statuses] = await Promise.all([
    buckets.open('desired-state'),
    buckets.open('desired-index'),
    buckets.open('status'),
  ]);
  let count = 0;
  return {
    nats,
    engine,
    hub,
    addDevice: async () => {
      const name = `shell-${process.pid}-${++count}`;
      const [port] = await freePorts(1);
      const credentials = { creds: mintDevice(nats.keys, name).creds };
      const agent = await createTestAgent({
        device: name,
        natsUrl: nats.url,
        credentials,
        hostIp: HOST_IP,
        engineSocket: engine.socket,
      });
      const device = new TestDevice({ name, port: port!, agent, hub, engine, desired, indexes, statuses });
      await device.writeIndex({});
      return device;
    },
    stop: async () => {
      await hub.close();
      await nats.stop();
      await engine.dispose();
    },
  };
}

/** A fleet of one device that runs these services, as its deployment `office`. */
export async function startTestOffice(services: readonly object[]): Promise<{ fleet: TestFleet; device: TestDevice }> {
  const fleet = await startTestFleet();
  let device: TestDevice | undefined;
  try {
    device = await fleet.addDevice();
    await device.start();
    await device.write('office', JSON.stringify({ type: 'PodmanV0', data: { services } }));
    await device.reports(({ deployments }) => {
      expect(deployments.find(({ name }) => name === 'office')?.phase).toBe('running');
    });
    return { fleet, device };
  } catch (error) {
    await device?.remove();
    await fleet.stop();
    throw error;
  }
}

interface Surroundings {
  name: string;
  port: number;
  agent: TestAgent;
  hub: NatsConnection;
  engine: TestEngine;
  desired: KV;
  indexes: KV;
  statuses: KV;
}

/** One agent with a name of its own, and what the hub and a visitor see of it. */
export class TestDevice {
  readonly name: string;
  readonly agent: TestAgent;
  #around: Surroundings;

  constructor(around: Surroundings) {
    this.name = around.name;
    this.agent = around.agent;
    this.#around = around;
  }

  /** A page on the device's one port. */
  score(service: object = {}): string {
    const hello = { name: 'hello', image: TEST_IMAGE, ports: [`${this.#around.port}:80`], stopTimeoutSeconds: 1, ...service };
    return JSON.stringify({ type: 'PodmanV0', data: { services: [hello] } });
  }

  /** Straight into the bucket, as other writers do it. */
  write = (deployment: string, text: string) => this.#around.desired.put(`${this.name}.${deployment}`, text);
  delete = (deployment: string) => this.#around.desired.delete(`${this.name}.${deployment}`);
  writeIndex = (keys: Record<string, number>) => this.writeRawIndex(JSON.stringify({ device: this.name, keys }));
  readIndex = async () => (await this.#around.indexes.get(this.name))?.string();
  writeRawIndex = (text: string) => this.#around.indexes.put(this.name, text);

  async start(): Promise<void> {
    const startedAtMs = Date.now();
    this.agent.start();
    await this.reports(({ reportedAt }) => expect(Date.parse(reportedAt)).toBeGreaterThan(startedAtMs));
  }

  reports(check: (status: DeviceStatus) => void): Promise<void> {
    return vi.waitFor(async () => {
      const entry = await this.#around.statuses.get(this.name);
      expect(entry).not.toBeNull();
      check(DeviceStatus.parse(entry!.json()));
    }, WAITING);
  }

  reportsRunning(deployment: string, revision?: number): Promise<void> {
    return this.reports(({ deployments }) => {
      const found = deployments.find(({ name }) => name === deployment);
      expect(found).toMatchObject({ phase: 'running', services: [{ name: 'hello', state: 'running' }] });
      if (revision !== undefined) expect(found!.revision).toBe(revision);
    });
  }

  answers = () => vi.waitFor(async () => expect(await this.#page()).toContain('hello'), WAITING);
  isSilent = () => vi.waitFor(() => expect(this.#page()).rejects.toThrow(), WAITING);

  async #page(): Promise<string> {
    const response = await fetch(`http://${HOST_IP}:${this.#around.port}/`, { signal: AbortSignal.timeout(2_000) });
    return response.text();
  }

  async containerIds(): Promise<string[]> {
    const filters = encodeURIComponent(JSON.stringify({ label: [`${CONTAINER_LABEL.device}=${this.name}`] }));
    const { json } = await this.#around.engine.api('GET', `/v4.0.0/libpod/containers/json?all=true&filters=${filters}`);
    return (json as { Id: string }[]).map(({ Id }) => Id).sort();
  }

  async removeContainers(): Promise<void> {
    for (const id of await this.containerIds()) {
      await this.#around.engine.api('DELETE', `/v4.0.0/libpod/containers/${id}?force=true&v=true&timeout=0`);
    }
  }

  async events(): Promise<DeviceEvent[]> {
    const manager = await jetstreamManager(this.#around.hub);
    const { state } = await manager.streams.info('EVENTS');
    const found: DeviceEvent[] = [];
    for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
      const message = await manager.streams.getMessage('EVENTS', { seq });
      if (message?.subject === `event.${this.name}`) found.push(DeviceEvent.parse(message.json()));
    }
    return found;
  }

  async remove(): Promise<void> {
    await this.agent.remove();
    await this.removeContainers();
  }
}
