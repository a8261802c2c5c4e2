/** Deployments as somebody may see them: whole, the part on their devices, or not at all. */
import { type Deployment, matchTargets } from '#contracts/deployment.ts';
import { isName } from '#contracts/name.ts';
import { ProblemError } from '#contracts/problem.ts';
import { type Reached, reachOf, visibilityOf } from '../auth/reach.ts';
import type { Context, Hub } from '../hub.ts';
import type { Entry } from '../kv/bucket.ts';
import { findDeployment, noSuchDeployment } from './find-deployment.ts';

interface Target {
  name: string;
  labels: Readonly<Record<string, string>>;
}
export interface View {
  see: Reached;
  devices: readonly Target[];
}

export async function viewOf({ hub, actor }: Pick<Context, 'hub' | 'actor'>): Promise<View> {
  const see = await reachOf(hub, actor, 'see');
  return { see, devices: see === 'all' ? [] : await registered(hub) };
}

export const registered = async ({ buckets }: Pick<Hub, 'buckets'>): Promise<Target[]> =>
  (await buckets.devices.list()).map(({ value: { name, labels } }) => ({ name, labels }));

/** undefined: nothing of it is theirs to see. Of a part nothing tells where else it goes, neither names nor counts nor the text. */
export function seenBy(
  { see, devices }: View,
  entry: Entry<Deployment>,
): { entry: Entry<Deployment>; whole: boolean } | undefined {
  const { spec, metadata } = entry.value;
  const seen = visibilityOf(spec, devices, see);
  if (seen === 'none') return undefined;
  if (seen === 'whole' || see === 'all') return { entry, whole: true };
  const { annotations: _own, ...rest } = metadata;
  const targetDevices = matchTargets(spec, devices).filter((device) => see.has(device));
  const cut = { ...entry.value, metadata: rest, spec: spec.targetDevices ? { ...spec, targetDevices } : spec };
  return { entry: { ...entry, value: cut }, whole: false };
}

/** For what speaks of all its devices: its text, its revisions, changing it. */
export async function findWhole(ctx: Context, name: string): Promise<Entry<Deployment>> {
  const [found, view] = await Promise.all([findDeployment(ctx.hub, name), viewOf(ctx)]);
  const seen = seenBy(view, found);
  if (!seen) throw noSuchDeployment(name);
  if (!seen.whole) throw goesElsewhere(name);
  return found;
}

/** Before its history is told: one that was deleted has no devices to judge by, so it is for those who see the fleet. */
export async function checkMayReadHistory(ctx: Context, name: string): Promise<void> {
  const view = await viewOf(ctx);
  if (view.see === 'all') return;
  const current = isName(name) ? await ctx.hub.buckets.deployments.get(name) : undefined;
  if (!current || !seenBy(view, current)) throw noSuchDeployment(name);
  if (!seenBy(view, current)?.whole) throw goesElsewhere(name);
}

const goesElsewhere = (name: string) =>
  new ProblemError(
    'forbidden',
    `${name} also goes to devices that your rights do not reach.`,
    'Nothing has changed. Ask somebody with rights for the whole fleet.',
  );
