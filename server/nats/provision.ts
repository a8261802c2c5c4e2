/** Makes the buckets and streams of DESIGN what they should be; running it again changes nothing. */
import { isDeepStrictEqual } from 'node:util';
import { DiscardPolicy, JetStreamApiError, jetstreamManager, type StreamConfig } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { FLEET_STREAMS, type StreamSpec } from './streams.ts';

const STREAM_NOT_FOUND = 10059;

export interface ProvisionOptions {
  /** Copies of each stream: 1 on a single server, 3 on a cluster. */
  replicas?: number;
}

/** What was done, by name of the stream. */
export interface Provisioned {
  created: string[];
  updated: string[];
}

/** Needs JetStream; streams that others read from come first. */
export async function provisionFleet(nc: NatsConnection, { replicas = 1 }: ProvisionOptions = {}): Promise<Provisioned> {
  const manager = await jetstreamManager(nc, { timeout: 10_000 });
  const done: Provisioned = { created: [], updated: [] };
  for (const spec of FLEET_STREAMS) {
    const wanted = toStreamConfig(spec, replicas);
    const actual = await manager.streams.info(spec.name).catch(ignoreNotFound);
    if (!actual) {
      await manager.streams.add(wanted);
      done.created.push(spec.name);
    } else if (!agrees(actual.config, wanted)) {
      await manager.streams.update(spec.name, wanted);
      done.updated.push(spec.name);
    }
  }
  return done;
}

const toStreamConfig = (spec: StreamSpec, replicas: number): Partial<StreamConfig> & { name: string } => ({
  discard: DiscardPolicy.Old,
  allow_direct: true,
  // -1 would be the server's default, which newer servers read as 1,000.
  max_consumers: 100_000,
  ...spec,
  num_replicas: replicas,
});

/** The server adds fields of its own and leaves out what is off, so only the wanted ones count. */
const agrees = (actual: StreamConfig, wanted: Partial<StreamConfig>): boolean =>
  Object.entries(wanted).every(([key, value]) => isDeepStrictEqual(actual[key as keyof StreamConfig] ?? false, value));

function ignoreNotFound(error: unknown): undefined {
  if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return undefined;
  throw error;
}
