/** Deletes the last report of a device that was removed, as a marker that everybody who follows the bucket sees. */
import { headers, type NatsConnection } from '@nats-io/nats-core';
import { BUCKET, bucketStream } from '#contracts/buckets.ts';
import { subjects } from '#contracts/subjects.ts';

const ATTEMPTS = 20;
const PAUSE_MS = 100;

/** The stream acknowledges nothing, so this reads back whether the marker is there. */
export async function forgetReport(nc: NatsConnection, device: string): Promise<void> {
  const marker = headers();
  marker.set('KV-Operation', 'DEL');
  nc.publish(subjects.status(device), '', { headers: marker });
  const key = `$JS.API.DIRECT.GET.${bucketStream(BUCKET.status)}.$KV.${BUCKET.status}.${device}`;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const newest = await nc.request(key);
    if (newest.headers?.get('KV-Operation') === 'DEL') return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error(`The last report of ${device} could not be deleted. The device keeps its tile until it is removed again.`);
}
