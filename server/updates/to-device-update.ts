/** What is said of a device's agent: what runs there, and what a rollout means for it. Pure. */
import type { DeviceUpdate } from '#contracts/api-updates.ts';
import type { DeviceStatus } from '#contracts/status.ts';
import { UpdateOffer } from '#roadchain/messages.ts';
import { isUnderWay, type RolloutDevice, type RolloutRecord } from './records.ts';

export interface KnownAgent {
  device: string;
  /** The last report; absent where there never was one. */
  agent?: DeviceStatus['agent'] | undefined;
  /** It has an identity of its own, so that an offer can be signed for it. */
  hasChain: boolean;
}

/** Why nobody but its installer updates it; undefined: a rollout can. */
export function byHandReason({ agent, hasChain }: KnownAgent): string | undefined {
  if (!hasChain)
    return 'It uses a key that somebody carried to it. Let it join with a line of its own, and it is updated from here.';
  if (!agent) return 'It has never reported.';
  // A device says what it likes, and one rollout is one message: a long word would stop it for all.
  if (!UpdateOffer.shape.from.safeParse(agent.version).success)
    return 'It calls its agent by a name that no offer can hold. Look at the device.';
  return agent.update ? undefined : 'Its agent was not started by the package, so whoever installed it updates it.';
}

/** `turn`: its place in the rollout that is under way. */
export function toDeviceUpdate(known: KnownAgent, carried: string | undefined, turn?: RolloutDevice | undefined): DeviceUpdate {
  const { device, agent } = known;
  const said = (state: DeviceUpdate['state'], message?: string): DeviceUpdate => ({
    device,
    ...(agent ? { version: agent.version } : {}),
    state,
    ...(message ? { message } : {}),
  });
  if (turn?.state === 'updating' || turn?.state === 'waiting') return said(turn.state, wordsOf(turn, agent));
  const reason = byHandReason(known);
  if (reason) return said('by-hand', reason);
  if (carried === undefined || agent?.version === carried) return said('current');
  const { state, version, message } = agent?.update ?? {};
  if ((state === 'returned' || state === 'failed') && version === carried) return said(state, message);
  return said('behind');
}

/** As part of its rollout, also of one that has ended. */
export function toTurn(known: KnownAgent, turn: RolloutDevice, rollout: RolloutRecord): DeviceUpdate {
  const { device, agent } = known;
  const over = !isUnderWay(rollout) && (turn.state === 'waiting' || turn.state === 'updating');
  const state = over ? (agent?.version === rollout.version ? 'updated' : 'behind') : turn.state;
  const message = over ? undefined : wordsOf(turn, agent);
  return { device, ...(agent ? { version: agent.version } : {}), state, ...(message ? { message } : {}) };
}

const wordsOf = (turn: RolloutDevice, agent: DeviceStatus['agent'] | undefined): string | undefined =>
  turn.message ?? (turn.state === 'updating' ? agent?.update?.message : undefined);
