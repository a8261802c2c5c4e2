/** What somebody's NATS user may hear and drive at this moment, and the mark by which a change of it is seen. */
import { createHash } from 'node:crypto';
import type { Actor as NatsActor, Reach } from '#server/nats/permissions.ts';
import { seenBy, viewOf } from '../deployments/visible.ts';
import type { Actor, Hub } from '../hub.ts';
import { type Reached, reachOf } from './reach.ts';

type Person = Extract<NatsActor, { kind: 'viewer' | 'operator' | 'limited' }>;

export interface NatsReach {
  actor: (uid: string) => Person;
  /** Present where the devices are named one by one. */
  hears?: { devices: string[]; deployments: string[] };
  digest?: string;
}

/** `drives` is false while a proof is owed: then it is what a viewer has. */
export async function natsReachOf(hub: Hub, actor: Actor, drives: boolean): Promise<NatsReach> {
  const see = await reachOf(hub, actor, 'see');
  const drive: Reached = drives && actor.rights.includes('drive') ? await reachOf(hub, actor, 'drive') : new Set();
  if (see === 'all' && (drive === 'all' || drive.size === 0))
    return { actor: (uid) => ({ kind: drive === 'all' ? 'operator' : 'viewer', uid }) };
  const deployments = see === 'all' ? [] : await wholeDeployments(hub, actor);
  const [seen, driven] = [toReach(see), toReach(drive)];
  const digest = createHash('sha256')
    .update(JSON.stringify([seen, driven, deployments]))
    .digest('hex');
  return {
    actor: (uid) => ({ kind: 'limited', uid, see: seen, drive: driven, deployments }),
    digest,
    ...(seen === 'all' ? {} : { hears: { devices: [...seen], deployments } }),
  };
}

/** What is published of a deployment tells all its devices, so only those who see all of them hear it. */
async function wholeDeployments(hub: Hub, actor: Actor): Promise<string[]> {
  const [view, all] = await Promise.all([viewOf({ hub, actor }), hub.buckets.deployments.list()]);
  return all
    .filter((entry) => seenBy(view, entry)?.whole)
    .map(({ key }) => key)
    .sort();
}

const toReach = (reached: Reached): Reach => (reached === 'all' ? 'all' : [...reached].sort());
