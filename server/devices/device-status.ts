/** The last report of each device, or of one. */
import type { StatusEntry } from '#contracts/api.ts';
import { displayName } from '#contracts/device.ts';
import { ProblemError } from '#contracts/problem.ts';
import { reachDevice, reaches, reachOf } from '../auth/reach.ts';
import type { Context } from '../hub.ts';
import { toStatusEntry } from './describe-devices.ts';

export async function listStatuses({ ctx: { hub, actor } }: { ctx: Context }): Promise<StatusEntry[]> {
  const [all, see] = await Promise.all([hub.buckets.status.list(), reachOf(hub, actor, 'see')]);
  return all.filter(({ key }) => reaches(see, key)).map(toStatusEntry);
}

export async function getStatus({ ctx, input: { name } }: { ctx: Context; input: { name: string } }): Promise<StatusEntry> {
  await reachDevice(ctx, name, 'see');
  const entry = await ctx.hub.buckets.status.get(name);
  if (entry) return toStatusEntry(entry);
  throw new ProblemError(
    'not-found',
    `${displayName(name)} has not reported yet.`,
    'It gets what you asked for with its first hello. See that the agent runs there.',
  );
}
