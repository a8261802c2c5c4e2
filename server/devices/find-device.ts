/** A device's record, or the problem that there is none. */
import type { Device } from '#contracts/device.ts';
import { displayName } from '#contracts/device.ts';
import { isName } from '#contracts/name.ts';
import { ProblemError } from '#contracts/problem.ts';
import type { Hub } from '../hub.ts';
import type { Entry } from '../kv/bucket.ts';

export async function findDevice({ buckets }: Hub, name: string): Promise<Entry<Device>> {
  const entry = isName(name) ? await buckets.devices.get(name) : undefined;
  if (entry) return entry;
  throw noSuchDevice(name);
}

export const noSuchDevice = (name: string) =>
  new ProblemError(
    'not-found',
    `No device is called ${JSON.stringify(name)}.`,
    'Nothing has changed. See the names with: scorewall get devices',
  );

/** Somebody else changed the record since it was read. */
export const deviceChanged = ({ key, revision, value }: Entry<Device>) =>
  new ProblemError(
    'precondition-failed',
    `${displayName(key)} was changed by somebody else in the meantime.`,
    'Your change was not made. Look at the newest labels, then try again.',
    { current: { revision, device: value } },
  );
