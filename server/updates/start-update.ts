/** Begins a rollout of the agent this hub carries, to the devices that are named or to all that are behind. */
import type { UpdateRollout } from '#contracts/api-updates.ts';
import { displayName } from '#contracts/device.ts';
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../audit/audited.ts';
import { reachDevice, reaches, reachOf } from '../auth/reach.ts';
import type { Context, Hub } from '../hub.ts';
import { isDeleted } from '../kv/bucket.ts';
import { RevisionConflict } from '../kv/store.ts';
import { listAgents, toRollout } from './describe-updates.ts';
import { readFacts, Steadiness } from './read-facts.ts';
import { isUnderWay, ROLLOUT_KEY, type RolloutDevice, type RolloutRecord } from './records.ts';
import { byHandReason, type KnownAgent, toDeviceUpdate } from './to-device-update.ts';
import type { CarriedAgent } from './updates.ts';

interface StartInput {
  /** All that are behind, if absent. */
  devices?: readonly string[] | undefined;
}

const MOST_DEVICES = 10_000;

export const startUpdate = audited<StartInput, UpdateRollout>(
  'update.start',
  ({ devices }) => devices?.join(' ') ?? 'all that are behind',
  async ({ ctx, input: { devices } }) => {
    const { hub, actor } = ctx;
    for (const name of new Set(devices)) await reachDevice(ctx, name, 'manage');
    const carried = await hub.updates.carried();
    if (!carried)
      throw new ProblemError('conflict', 'This hub carries no agent.', 'Nothing has changed. On the hub: npm run package');
    const agents = await listAgents(hub);
    const chosen = devices ? named(agents, devices, carried) : await allBehind(ctx, agents, carried);
    if (chosen.length === 0)
      throw new ProblemError(
        'conflict',
        `Nobody is behind: who can be updated runs ${carried.version}.`,
        'Nothing has changed. There is nothing to do.',
      );
    const record = await store(hub, carried, inOrder(hub, chosen), actor.user);
    return toRollout(record, agents)!;
  },
);

function named(agents: readonly KnownAgent[], devices: readonly string[], { version }: CarriedAgent): KnownAgent[] {
  const wanted = agents.filter(({ device }) => devices.includes(device));
  for (const one of wanted) {
    const reason = byHandReason(one);
    if (reason)
      throw new ProblemError(
        'conflict',
        `${displayName(one.device)} cannot be updated from here. ${reason}`,
        'Nothing has changed.',
      );
  }
  return wanted.filter(({ agent }) => agent?.version !== version);
}

/** Who went back from this very version is left out: that takes somebody who names it. */
async function allBehind(
  { hub, actor }: Context,
  agents: readonly KnownAgent[],
  { version }: CarriedAgent,
): Promise<KnownAgent[]> {
  const manage = await reachOf(hub, actor, 'manage');
  return agents.filter((one) => {
    const { state } = toDeviceUpdate(one, version);
    return reaches(manage, one.device) && (state === 'behind' || state === 'failed');
  });
}

/** Who is there comes first, so that the first try does not wait for a device that is off. */
function inOrder({ presence }: Hub, agents: readonly KnownAgent[]): string[] {
  const isOnline = ({ device }: KnownAgent) => presence.of(device)?.connected !== false;
  return [...agents.filter(isOnline), ...agents.filter((one) => !isOnline(one))].map(({ device }) => device);
}

async function store(hub: Hub, carried: CarriedAgent, devices: readonly string[], startedBy: string): Promise<RolloutRecord> {
  const { rollouts } = hub.updates;
  const last = await rollouts.raw(ROLLOUT_KEY);
  const before = last && !isDeleted(last) ? rollouts.decode(last)?.value : undefined;
  const waiting = before && isUnderWay(before) ? whoWaits(hub, before, carried) : [];
  const { version, sha256, sizeBytes } = carried;
  const record: RolloutRecord = {
    // Larger than any before, also where the clock was turned back.
    id: Math.max(Date.now(), (before?.id ?? 0) + 1),
    version,
    sha256,
    sizeBytes,
    startedAt: new Date().toISOString(),
    startedBy,
    state: 'running',
    devices: [...new Set([...devices, ...waiting])].slice(0, MOST_DEVICES).map((device) => ({ device, state: 'waiting' })),
  };
  try {
    await rollouts.put(ROLLOUT_KEY, record, { expectedRevision: last?.revision ?? 0 });
  } catch (error) {
    if (error instanceof RevisionConflict) throw underWay(undefined);
    throw error;
  }
  return record;
}

/**
 * One that has nobody to give the agent to now, because who is left is off, makes room for another and leaves its devices to it.
 * @throws ProblemError where it is in the middle of something.
 */
function whoWaits(hub: Hub, before: RolloutRecord, { sha256 }: CarriedAgent): string[] {
  const factsOf = readFacts(hub, new Steadiness());
  const takesItNow = ({ device, state }: RolloutDevice) => {
    const facts = factsOf(device);
    return state === 'updating' || (state === 'waiting' && facts?.online && facts.mayUpdate);
  };
  if (before.state !== 'running' || before.sha256 !== sha256 || before.devices.some(takesItNow)) throw underWay(before);
  return before.devices.filter(({ state }) => state === 'waiting').map(({ device }) => device);
}

const underWay = (before: RolloutRecord | undefined) =>
  new ProblemError(
    'conflict',
    before
      ? `An update to ${before.version} is under way already, begun by ${before.startedBy}.`
      : 'Somebody else began an update just now.',
    'Nothing has changed. Wait until it is done, or stop it first.',
  );
