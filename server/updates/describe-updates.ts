/** Who runs which agent, and how far the newest rollout is: of the devices the caller may see. */
import type { UpdateRollout, Updates } from '#contracts/api-updates.ts';
import { reaches, reachOf } from '../auth/reach.ts';
import type { Context, Hub } from '../hub.ts';
import { isUnderWay, ROLLOUT_KEY, type RolloutRecord } from './records.ts';
import { type KnownAgent, toDeviceUpdate, toTurn } from './to-device-update.ts';

export async function describeUpdates({ ctx }: { ctx: Context }): Promise<Updates> {
  const { hub, actor } = ctx;
  const [agents, carried, entry, see] = await Promise.all([
    listAgents(hub),
    hub.updates.carried(),
    hub.updates.rollouts.get(ROLLOUT_KEY),
    reachOf(hub, actor, 'see'),
  ]);
  const seen = agents.filter(({ device }) => reaches(see, device));
  const rollout = entry && toRollout(entry.value, seen);
  const turns = new Map(entry && isUnderWay(entry.value) ? entry.value.devices.map((turn) => [turn.device, turn]) : []);
  return {
    ...(carried ? { carried: { version: carried.version, builtAt: carried.builtAt } } : {}),
    devices: seen.map((known) => toDeviceUpdate(known, carried?.version, turns.get(known.device))),
    ...(rollout ? { rollout } : {}),
  };
}

export async function listAgents({ buckets, identity }: Hub): Promise<KnownAgent[]> {
  const [devices, statuses] = await Promise.all([buckets.devices.list(), buckets.status.list(), identity.ledger.whenRead]);
  const statusOf = new Map(statuses.map(({ key, value }) => [key, value]));
  return devices
    .map(({ key }) => ({
      device: key,
      agent: statusOf.get(key)?.agent,
      hasChain: identity.ledger.viewOf(key) !== undefined,
    }))
    .sort((a, b) => (a.device < b.device ? -1 : 1));
}

/** undefined: it is none of theirs. */
export function toRollout(record: RolloutRecord, seen: readonly KnownAgent[]): UpdateRollout | undefined {
  const known = new Map(seen.map((one) => [one.device, one]));
  const devices = record.devices.flatMap((turn) => {
    const one = known.get(turn.device);
    return one ? [toTurn(one, turn, record)] : [];
  });
  if (devices.length === 0) return undefined;
  const { id, version, startedAt, startedBy, state, why, culprit } = record;
  const words = culprit === undefined || known.has(culprit) ? why : why && 'A device did not take the new agent.';
  return { id: String(id), version, startedAt, startedBy, state, ...(words ? { why: words } : {}), devices };
}
