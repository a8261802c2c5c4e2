/** The last report of each device, or of one. */
import type { StatusEntry } from '#contracts/api.ts';
import { displayName } from '#contracts/device.ts';
import { ProblemError } from '#contracts/problem.ts';
import type { Context } from '../hub.ts';
import { toStatusEntry } from './describe-devices.ts';
import { findDevice } from './find-device.ts';

export async function listStatuses({ ctx: { hub } }: { ctx: Context }): Promise<StatusEntry[]> {
  return (await hub.buckets.status.list()).map(toStatusEntry);
}

export async function getStatus({
  ctx: { hub },
  input: { name },
}: {
  ctx: Context;
  input: { name: string };
}): Promise<StatusEntry> {
  await findDevice(hub, name);
  const entry = await hub.buckets.status.get(name);
  if (entry) return toStatusEntry(entry);
  throw new ProblemError(
    'not-found',
    `${displayName(name)} has not reported yet.`,
    'It gets what you asked for with its first hello. See that the agent runs there.',
  );
}
