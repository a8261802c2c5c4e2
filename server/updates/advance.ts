/**
 * Whose turn it is in a rollout: one device first, then a tenth, then the rest, never more than ten at once. A step is taken only when
 * those before run the new agent and are steady; one that went back or failed pauses all. Who is offline waits and stops nobody. Pure.
 */
import { displayName } from '#contracts/device-words.ts';
import type { AgentUpdateState } from '#contracts/status.ts';
import type { RolloutDevice, RolloutRecord } from './records.ts';

/** What is known of a device at this moment. */
export interface DeviceFacts {
  online: boolean;
  /** It may be given an agent: its chain stands, and a launcher started what runs there. */
  mayUpdate: boolean;
  version?: string | undefined;
  update?: AgentUpdateState | undefined;
  /** For how long this one start of its agent has been there without trouble. */
  steadyMs: number;
}
export interface AdvanceLimits {
  nowMs: number;
  /** Before this moment nobody could be heard. */
  watchedSinceMs: number;
  /** How long a new agent has to be there before others get it. */
  soakMs: number;
  /** Who has not come back in this time is not coming by itself. */
  patienceMs: number;
}
export interface News {
  device: string;
  kind: 'updated' | 'returned' | 'failed';
  message: string;
}

const AT_ONCE = 10;
const LONGEST_MS = 30 * 86_400_000;
const LONGEST_MESSAGE = 300;

/** Gives the very same record where nothing has changed. `factsOf`: undefined for a device that is no longer on the wall. */
export function advance(
  before: RolloutRecord,
  factsOf: (device: string) => DeviceFacts | undefined,
  limits: AdvanceLimits,
): { record: RolloutRecord; news: News[] } {
  const facts = new Map(before.devices.map(({ device }) => [device, factsOf(device)]));
  const news: News[] = [];
  const looked = before.devices.flatMap((one) => {
    const known = facts.get(one.device);
    if (!known) return [];
    const after = look(before, one, known, limits);
    if (after !== one) news.push(...newsOf(before, after));
    return [after];
  });
  const settled = settle(before, looked, news, limits);
  const devices = settled.state === 'running' ? giveTurns(settled, looked, facts, limits) : looked;
  const isSame = settled === before && sameMembers(devices, before.devices);
  return { record: isSame ? before : { ...settled, devices }, news };
}

function look(rollout: RolloutRecord, one: RolloutDevice, facts: DeviceFacts, limits: AdvanceLimits): RolloutDevice {
  const { online, version, update, steadyMs } = facts;
  const become = (state: RolloutDevice['state'], message?: string): RolloutDevice => ({
    device: one.device,
    state,
    ...(message ? { message: message.slice(0, LONGEST_MESSAGE) } : {}),
  });
  if (one.state === 'updated') return one;
  const runsIt = version === rollout.version && update?.state !== 'starting';
  if (runsIt && online && steadyMs >= limits.soakMs) return become('updated');
  if (one.state === 'returned' || one.state === 'failed') return one;
  const heard = update?.rollout === rollout.id;
  if (heard && update.state === 'returned') return become('returned', update.message);
  if (heard && update.state === 'failed') return become('failed', update.message);
  if (one.state === 'waiting') return one;
  // Nobody tells it now: it is offline, or all is paused.
  if (!heard && version !== rollout.version && (!online || rollout.state === 'paused')) return become('waiting');
  const sinceMs = Math.max(Date.parse(one.at ?? rollout.startedAt), limits.watchedSinceMs);
  return limits.nowMs - sinceMs > limits.patienceMs
    ? become('failed', heard || version === rollout.version ? NOT_BACK : NOT_TAKEN)
    : one;
}

const NOT_BACK = 'It took the new agent and has not said since that it is well. Look at the device.';
const NOT_TAKEN = 'It is connected and did not take the new agent. Look at the log of its agent.';

function newsOf({ version }: RolloutRecord, { device, state, message }: RolloutDevice): News[] {
  if (state === 'waiting' || state === 'updating') return [];
  return [{ device, kind: state, message: WORDS[state](displayName(device), version, message) }];
}

const WORDS: Record<News['kind'], (name: string, version: string, said: string | undefined) => string> = {
  updated: (name, version) => `${name} runs the new agent, ${version}.`,
  returned: (name, version) => `${name} went back to the agent before: the new one, ${version}, did not report healthy there.`,
  failed: (name, version, said) => `${name} could not be given the new agent, ${version}. ${said ?? ''}`.trim(),
};

function settle(before: RolloutRecord, devices: RolloutDevice[], news: News[], { nowMs }: AdvanceLimits): RolloutRecord {
  if (before.state !== 'running' && before.state !== 'paused') return before;
  const bad = news.find(({ kind }) => kind !== 'updated');
  const open = devices.some(({ state }) => state === 'waiting' || state === 'updating');
  const told = bad ? { why: `${bad.message}${open ? NOBODY_ELSE : ''}`, culprit: bad.device } : {};
  if (!open) return { ...before, ...told, state: 'done' };
  if (nowMs - Date.parse(before.startedAt) > LONGEST_MS) return { ...before, state: 'stopped', why: TOO_OLD, culprit: undefined };
  return bad && before.state === 'running' ? { ...before, ...told, state: 'paused' } : before;
}

const NOBODY_ELSE = ' Nobody else gets it until somebody says so.';
const TOO_OLD = 'It stood for 30 days. Devices that did not come back in this time keep the agent they have.';

function giveTurns(
  { version }: RolloutRecord,
  devices: RolloutDevice[],
  facts: ReadonlyMap<string, DeviceFacts | undefined>,
  { nowMs }: AdvanceLimits,
): RolloutDevice[] {
  let room = roomFor(devices);
  return devices.map((one) => {
    const known = facts.get(one.device);
    if (one.state !== 'waiting' || room <= 0 || !known?.online || !known.mayUpdate) return one;
    if (known.version === undefined || known.version === version) return one;
    room -= 1;
    return { device: one.device, state: 'updating', from: known.version, at: new Date(nowMs).toISOString() };
  });
}

/** How many more may begin now. */
export function roomFor(devices: readonly Pick<RolloutDevice, 'state'>[]): number {
  const count = (wanted: RolloutDevice['state']) => devices.filter(({ state }) => state === wanted).length;
  const [updated, updating] = [count('updated'), count('updating')];
  if (updated === 0) return 1 - updating;
  const some = 1 + Math.ceil((devices.length - 1) / 10);
  const staged = updated < some ? some - updated - updating : Number.POSITIVE_INFINITY;
  return Math.min(staged, AT_ONCE - updating);
}

const sameMembers = (some: readonly unknown[], others: readonly unknown[]): boolean =>
  some.length === others.length && some.every((one, at) => one === others[at]);
