/** New agents in words: what is offered, how far it has travelled, and how one device stands. Pure. */
import type { DeviceUpdate, UpdateRollout, Updates } from '#contracts/api-updates.ts';
import { displayName } from '#contracts/device-words.ts';
import type { Health } from '#contracts/health.ts';
import { BY_HAND, hasNewAgent, isOnItsWay, keptOldAgent, progressWords } from '#contracts/update-words.ts';
import { listNames, plural } from '../ui/words.ts';

export interface UpdateOffer {
  version: string;
  /** Devices that can be updated from here. */
  behind: readonly string[];
  byHand: readonly DeviceUpdate[];
}

/** Undefined where there is nothing new for the devices that this person manages, or somebody is at it already. */
export function offerOf({ carried, devices, rollout }: Updates, manages: (device: string) => boolean): UpdateOffer | undefined {
  const own = devices.filter(({ device }) => manages(device));
  const behind = own.filter(({ state }) => state === 'behind').map(({ device }) => device);
  if (!carried || behind.length === 0 || isOnItsWay(rollout)) return undefined;
  return { version: carried.version, behind, byHand: own.filter(isByHandAndOlder(carried.version)) };
}

const isByHandAndOlder =
  (version: string) =>
  (one: DeviceUpdate): boolean =>
    one.state === 'by-hand' && one.version !== version;

export interface RolloutProgress {
  /** Devices that still wait. */
  rest: readonly string[];
  /** `Agent 0.2.0: 3 of 9.` */
  fact: string;
  more: string;
}

/** `isAway`: nothing is heard of that device. */
export function progressOf(rollout: UpdateRollout, isAway: (device: string) => boolean): RolloutProgress {
  const { devices, state, why = '' } = rollout;
  const rest = devices.filter((one) => one.state === 'waiting').map(({ device }) => device);
  return { rest, fact: progressWords(rollout), more: state === 'paused' ? why : travelWords(devices, rest, isAway) };
}

function travelWords(devices: readonly DeviceUpdate[], rest: readonly string[], isAway: (device: string) => boolean): string {
  const named = (names: readonly string[]) => listNames(names.map(displayName));
  const now = devices.filter(({ state }) => state === 'updating').map(({ device }) => device);
  if (now.length > 0) return `Now: ${named(now)}.`;
  const next = rest.find((device) => !isAway(device));
  if (next) return `Next: ${displayName(next)}.`;
  return rest.length > 0 ? `${named(rest)} ${rest.length === 1 ? 'gets it when it is' : 'get it when they are'} back.` : '';
}

/** It has ended, and on some the new agent did not stay: said until somebody has seen it, or until they have it after all. */
export function unfinishedOf({ devices, rollout }: Updates): { fact: string; more: string } | undefined {
  if (rollout?.state !== 'done' || !devices.some(keptOldAgent)) return undefined;
  const back = rollout.devices.filter(keptOldAgent).map(({ device }) => displayName(device));
  if (back.length === 0) return undefined;
  const keep = back.length === 1 ? 'keeps the agent it had' : 'keep the agent they had';
  return { fact: progressWords(rollout), more: `${listNames(back)} ${keep}.` };
}

/** What is told once, as it ends. */
export function endWords({ devices, version, state }: UpdateRollout): { title: string; text?: string } {
  const title = `${plural(devices.filter(hasNewAgent).length, 'device runs', 'devices run')} agent ${version}.`;
  return state === 'stopped' ? { title, text: 'The others keep the agent they have.' } : { title };
}

/** Always beside its words. */
export const STATE_SHAPES: Readonly<Record<DeviceUpdate['state'], Health>> = {
  current: 'running',
  behind: 'paused',
  waiting: 'not-seen',
  updating: 'updating',
  updated: 'running',
  returned: 'attention',
  failed: 'failed',
  'by-hand': 'paused',
};

const ORDER: readonly DeviceUpdate['state'][] = [
  'returned',
  'failed',
  'updating',
  'waiting',
  'behind',
  'by-hand',
  'updated',
  'current',
];

/** What needs a look stands first; else in the order of their turns. */
export const byUrgency = (devices: readonly DeviceUpdate[]): DeviceUpdate[] =>
  [...devices].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));

/** The same reason is told once for all devices that have it. */
export function byReason(devices: readonly DeviceUpdate[]): { why: string; names: string }[] {
  const groups = new Map<string, string[]>();
  for (const { device, message = BY_HAND } of devices) groups.set(message, [...(groups.get(message) ?? []), displayName(device)]);
  return [...groups].map(([why, names]) => ({ why, names: listNames(names, 6) }));
}

export interface AgentWords {
  /** A new agent did not stay there. */
  trouble: boolean;
  fact: string;
  effect: string;
  /** Words of the button that has it updated, where that makes sense. */
  button?: string;
}

/** How one device stands, on its page. `wanted`: the version under way, else the one that the hub carries. */
export function agentWords(
  { device, state, version: runs = 'what it had', message = '' }: DeviceUpdate,
  wanted: string | undefined,
  isAway: boolean,
): AgentWords {
  const name = displayName(device);
  const calm = (fact: string, effect = ''): AgentWords => ({ trouble: false, fact, effect });
  if (state === 'by-hand') return calm(message || BY_HAND, wanted && wanted !== runs ? `This hub carries ${wanted}.` : '');
  if (!wanted) return calm('This hub carries no agent to offer.');
  switch (state) {
    case 'current':
    case 'updated':
      return calm('It is the one that this hub carries.');
    case 'behind':
      return { ...calm(`${wanted} is here.`, KEEPS_RUNNING), button: `Update to ${wanted}` };
    case 'waiting':
      return calm(isAway ? `${name} gets ${wanted} when it is back.` : `Its turn for ${wanted} comes.`, message);
    case 'updating':
      return calm(message || `It takes ${wanted} now.`, KEEPS_RUNNING);
    case 'returned':
      return {
        trouble: true,
        fact: `${wanted} did not report healthy here.`,
        effect: `${name} runs ${runs} again; its containers were not touched. What the new one wrote stands in its journal: journalctl -u scorewall-agent`,
        button: `Try ${wanted} again`,
      };
    case 'failed':
      return {
        trouble: true,
        fact: `${wanted} did not get onto ${name}.`,
        effect: [message, `${runs} runs on; its containers were not touched.`].filter(Boolean).join(' '),
        button: `Try ${wanted} again`,
      };
  }
}

const KEEPS_RUNNING = 'Containers and terminals keep running.';
