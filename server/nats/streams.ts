/** Every bucket and stream of the fleet as NATS keeps it. Browsers and devices see only what is republished from them. */
import { DiscardPolicy, StorageType, type StreamConfig } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import { BUCKET, bucketStream, RECORDINGS, STREAM } from '#contracts/buckets.ts';
import { RECORDING_DAYS } from '#contracts/recording.ts';

export type StreamSpec = Partial<StreamConfig> & { name: string };

const KIBIBYTE = 1024;
const DAY_MS = 86_400_000;

/** A stream that the KV clients of all languages take for a bucket. */
const bucket = (name: string, more: Partial<StreamConfig> = {}): StreamSpec => ({
  name: bucketStream(name),
  subjects: [`$KV.${name}.>`],
  storage: StorageType.File,
  discard: DiscardPolicy.New,
  max_msgs_per_subject: 1,
  allow_rollup_hdrs: true,
  deny_delete: true,
  ...more,
});

/** A stream that devices or the hub append to. Nobody can wipe it: no rollup, no purge, no delete. */
const appendOnly = (name: string, subject: string, more: Partial<StreamConfig>): StreamSpec => ({
  name,
  subjects: [subject],
  storage: StorageType.File,
  discard: DiscardPolicy.Old,
  allow_rollup_hdrs: false,
  deny_delete: true,
  deny_purge: true,
  ...more,
});

export const FLEET_STREAMS: readonly StreamSpec[] = [
  bucket(BUCKET.deployments, {
    max_msgs_per_subject: 64,
    republish: { src: '$KV.deployments.*', dest: 'wall.deployment.{{wildcard(1)}}' },
  }),
  bucket(BUCKET.deploymentStatus, {
    republish: { src: '$KV.deployment-status.*', dest: 'wall.deployment.{{wildcard(1)}}.status' },
  }),
  bucket(BUCKET.desiredState, { republish: { src: '$KV.desired-state.>', dest: 'desired-state.>' } }),
  bucket(BUCKET.desiredIndex),
  bucket(BUCKET.devices, { republish: { src: '$KV.devices.*', dest: 'wall.device.{{wildcard(1)}}' } }),
  bucket(BUCKET.users),
  bucket(BUCKET.walls, { republish: { src: '$KV.walls.*', dest: 'wall.layout.{{wildcard(1)}}' } }),
  bucket(BUCKET.sessions, { allow_msg_ttl: true }),
  bucket(BUCKET.leases, { allow_msg_ttl: true }),
  bucket(BUCKET.identity, { allow_msg_ttl: true }),
  // Devices report on `status.<device>`, and the stream files it as the bucket's key. No rollup: one header would wipe
  // the bucket. No acknowledgements: a publisher chooses where its acknowledgement goes, perhaps to another device.
  bucket(BUCKET.status, {
    subjects: ['status.*'],
    subject_transform: { src: 'status.*', dest: '$KV.status.{{wildcard(1)}}' },
    republish: { src: '$KV.status.*', dest: 'wall.status.{{wildcard(1)}}' },
    discard: DiscardPolicy.Old,
    allow_rollup_hdrs: false,
    no_ack: true,
    max_msg_size: 512 * KIBIBYTE,
  }),
  appendOnly(STREAM.events, 'event.*', {
    max_msgs_per_subject: 2_000,
    max_msg_size: 16 * KIBIBYTE,
    max_age: nanos(7 * DAY_MS),
    no_ack: true,
    republish: { src: 'event.*', dest: 'wall.event.{{wildcard(1)}}' },
  }),
  // A stream that the object store clients of all languages take for a store. The hub gives recordings up in time; the age is for
  // what nobody gave up.
  {
    name: `OBJ_${RECORDINGS}`,
    subjects: [`$O.${RECORDINGS}.C.>`, `$O.${RECORDINGS}.M.>`],
    storage: StorageType.File,
    discard: DiscardPolicy.New,
    allow_rollup_hdrs: true,
    max_age: nanos((RECORDING_DAYS + 1) * DAY_MS),
  },
  // No limit of any kind: what was sealed stays.
  appendOnly(STREAM.roadchain, 'roadchain.*', { discard: DiscardPolicy.New, max_msg_size: 16 * KIBIBYTE }),
  appendOnly(STREAM.audit, 'audit.>', { max_msg_size: 64 * KIBIBYTE }),
];
