/** What NATS holds of the fleet, read and written with the administrator's rights, as a script on the hub's machine would. */
import { type JetStreamManager, jetstream, jetstreamManager, type StoredMsg } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/nats-core';
import { BUCKET, bucketStream, desiredKey } from '#contracts/buckets.ts';
import { Deployment, DeploymentStatus } from '#contracts/deployment.ts';
import { encodeScore } from '#contracts/score/score.ts';
import type { PodmanService } from '#contracts/score/service.ts';
import { DeviceStatus } from '#contracts/status.ts';

/** While NATS is away a read fails soon, and is tried again by whoever waits. */
const READ_TIMEOUT_MS = 1_000;
const WRITE_TIMEOUT_MS = 60_000;

/** Reads by direct get alone: a consumer for each look would stay behind on the server, and a test looks often. */
export class FleetStore {
  readonly connection: NatsConnection;
  readonly #buckets = new Map<string, Promise<KV>>();
  #manager: Promise<JetStreamManager> | undefined;

  constructor(connection: NatsConnection) {
    this.connection = connection;
  }

  async status(device: string): Promise<DeviceStatus | undefined> {
    const message = (await this.#read(BUCKET.status, device)).get(device);
    return message && DeviceStatus.parse(message.json());
  }

  async deploymentStatus(name: string): Promise<DeploymentStatus | undefined> {
    const message = (await this.#read(BUCKET.deploymentStatus, name)).get(name);
    return message && DeploymentStatus.parse(message.json());
  }

  /** Deployments stored, by name. */
  async deployments(): Promise<Map<string, Deployment>> {
    const messages = await this.#read(BUCKET.deployments, '>');
    return new Map([...messages].map(([name, message]) => [name, Deployment.parse(message.json())]));
  }

  /** The exact Score texts of a device, by deployment. */
  async desired(device: string): Promise<Map<string, string>> {
    const messages = await this.#read(BUCKET.desiredState, `${device}.*`);
    return new Map([...messages].map(([key, message]) => [key.slice(device.length + 1), message.string()]));
  }

  /** Writes the Score JSON straight into the bucket, as other writers of the fleet do. */
  async putScoreText(device: string, deployment: string, text: string): Promise<number> {
    return (await this.#bucket(BUCKET.desiredState)).put(desiredKey(device, deployment), text);
  }

  putServices(device: string, deployment: string, services: readonly PodmanService[]): Promise<number> {
    return this.putScoreText(device, deployment, encodeScore({ type: 'PodmanV0', data: { services: [...services] } }));
  }

  async deleteScore(device: string, deployment: string): Promise<void> {
    await (await this.#bucket(BUCKET.desiredState)).delete(desiredKey(device, deployment));
  }

  /** The newest value of each key that fits, by key; deleted ones are absent. */
  async #read(bucket: string, keys: string): Promise<Map<string, StoredMsg>> {
    this.#manager ??= jetstreamManager(this.connection, { timeout: READ_TIMEOUT_MS, checkAPI: false });
    const prefix = `$KV.${bucket}.`;
    const { direct } = await this.#manager;
    const found = new Map<string, StoredMsg>();
    for await (const message of await direct.getLastMessagesFor(bucketStream(bucket), { multi_last: [`${prefix}${keys}`] })) {
      if (!message.header.has('KV-Operation')) found.set(message.subject.slice(prefix.length), message);
    }
    return found;
  }

  #bucket(name: string): Promise<KV> {
    const known = this.#buckets.get(name);
    if (known) return known;
    const opened = new Kvm(jetstream(this.connection, { timeout: WRITE_TIMEOUT_MS })).open(name);
    this.#buckets.set(name, opened);
    // A second try asks anew.
    opened.catch(() => this.#buckets.delete(name));
    return opened;
  }
}
