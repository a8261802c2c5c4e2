/** Everything the controllers look at, in memory: six buckets, followed and read again from time to time. */

import { deferred } from '@nats-io/nats-core';
import type * as z from 'zod';
import { BUCKET } from '#contracts/buckets.ts';
import { Deployment, DeploymentStatus } from '#contracts/deployment.ts';
import { DesiredIndex } from '#contracts/desired-index.ts';
import { Device } from '#contracts/device.ts';
import { encodeScore } from '#contracts/score/score.ts';
import { DeviceStatus } from '#contracts/status.ts';
import { BucketView } from '../kv/bucket-view.ts';
import type { StoredMessage } from '../kv/follow-stream.ts';
import type { Store } from '../kv/store.ts';
import { toDesiredKey } from './desired-key.ts';
import type { DesiredKey, RegisteredDevice, WantedDeployment } from './plan-desired.ts';
import type { StoredIndex } from './plan-indices.ts';

/** `unreadable`: stored by a newer hub. It counts as there, and nothing of it is touched. */
type Readable<T> = { unreadable: true } | ({ unreadable: false } & T);

interface KnownDeployment extends WantedDeployment {
  spec: Deployment['spec'];
}
interface KnownDevice extends RegisteredDevice {
  publicKey: string;
  /** Nothing is published for it any more. */
  keptOut: boolean;
}
export interface StoredStatus {
  value: DeviceStatus;
  storedAt: Date;
}
export interface StoredDeploymentStatus {
  value: DeploymentStatus | undefined;
  text: string;
  revision: number;
}

/** What a change may decide over: `desired-state` and its indices, a deployment's status, or the registry. */
export type FleetChange = 'desired' | 'status' | 'registry';

export class FleetView {
  readonly deployments: BucketView<Readable<KnownDeployment>>;
  readonly devices: BucketView<Readable<KnownDevice>>;
  readonly desired: BucketView<DesiredKey>;
  readonly indices: BucketView<StoredIndex>;
  readonly statuses: BucketView<StoredStatus>;
  readonly deploymentStatuses: BucketView<StoredDeploymentStatus>;

  readonly #listeners = new Set<(change: FleetChange) => void>();
  readonly #resyncListeners = new Set<() => void>();
  readonly #read = deferred<void>();

  constructor(store: Store) {
    const tell =
      (...changes: FleetChange[]) =>
      () =>
        this.#tell(changes);
    this.deployments = new BucketView(store, BUCKET.deployments, toWanted, tell('desired', 'status'));
    this.devices = new BucketView(store, BUCKET.devices, toRegistered, tell('desired', 'status', 'registry'));
    this.desired = new BucketView(store, BUCKET.desiredState, (_, message) => toDesiredKey(message), tell('desired', 'status'));
    this.indices = new BucketView(store, BUCKET.desiredIndex, toIndex, tell('desired'));
    this.statuses = new BucketView(store, BUCKET.status, toStatus, tell('status'));
    this.deploymentStatuses = new BucketView(store, BUCKET.deploymentStatus, toDeploymentStatus, tell('status'));
  }

  /** Resolves when everything was read once; before that nobody may draw conclusions. */
  get whenRead(): Promise<void> {
    return this.#read;
  }

  /** Somebody met a newer revision than the view shows: it may have missed something. */
  requestResync(): void {
    for (const listener of this.#resyncListeners) listener();
  }

  onResyncRequest(listener: () => void): () => void {
    this.#resyncListeners.add(listener);
    return () => this.#resyncListeners.delete(listener);
  }

  /** Gives back the end of listening. */
  onChange(listener: (change: FleetChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async resync(): Promise<void> {
    await Promise.all(this.#all.map((view) => view.resync()));
    this.#read.resolve();
    this.#tell(['desired', 'status', 'registry']);
  }

  stop(): void {
    for (const view of this.#all) view.stop();
  }

  get wanted(): KnownDeployment[] {
    return [...this.deployments.entries.values()].filter((one) => !one.unreadable);
  }

  get registered(): KnownDevice[] {
    return [...this.devices.entries.values()].filter((one) => !one.unreadable);
  }

  get unreadable(): { deployments: Set<string>; devices: Set<string> } {
    const names = (view: BucketView<Readable<object>>) =>
      new Set([...view.entries].flatMap(([key, one]) => (one.unreadable ? [key] : [])));
    return { deployments: names(this.deployments), devices: names(this.devices) };
  }

  #tell(changes: readonly FleetChange[]): void {
    for (const change of changes) for (const listener of this.#listeners) listener(change);
  }

  get #all() {
    return [this.deployments, this.devices, this.desired, this.indices, this.statuses, this.deploymentStatuses];
  }
}

function read<T>(schema: z.ZodType<T>, message: StoredMessage): T | undefined {
  try {
    const value: unknown = JSON.parse(message.text());
    // The value itself: zod's copy would change the order of keys, and the Score's exact text with it.
    return schema.safeParse(value).success ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}

function toWanted(name: string, message: StoredMessage): Readable<KnownDeployment> {
  const deployment = read(Deployment, message);
  if (!deployment) return { unreadable: true };
  const { metadata, spec } = deployment;
  return { unreadable: false, name, generation: metadata.generation ?? 1, scoreText: encodeScore(spec.score), spec };
}

function toRegistered(name: string, message: StoredMessage): Readable<KnownDevice> {
  const device = read(Device, message);
  if (!device) return { unreadable: true };
  const { labels, publicKey, standing } = device;
  return { unreadable: false, name, labels, publicKey, keptOut: standing === 'kept-out' };
}

const toIndex = (device: string, message: StoredMessage): StoredIndex => ({
  device,
  keys: read(DesiredIndex, message)?.keys,
  revision: message.revision,
});

function toStatus(_: string, message: StoredMessage): StoredStatus | undefined {
  const value = read(DeviceStatus, message);
  return value && { value, storedAt: message.storedAt };
}

const toDeploymentStatus = (_: string, message: StoredMessage): StoredDeploymentStatus => ({
  value: read(DeploymentStatus, message),
  text: message.text(),
  revision: message.revision,
});
