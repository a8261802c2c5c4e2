/** What the log says in its own words: gaps, events, emptiness, and how devices answer. Pure. */
import { displayName } from '#contracts/device.ts';
import type { LogRecord } from '#contracts/stream/log.ts';
import { clock, listNames } from '../ui/words.ts';
import type { DeviceFeed } from './log-feed.ts';

type Gap = Extract<LogRecord, { o: 'gap' }>;
type Event = Extract<LogRecord, { o: 'event' }>;

const number = new Intl.NumberFormat();
export const count = (value: number): string => number.format(value);

const WHY: Readonly<Record<Gap['why'], (who: string) => string>> = {
  flood: (who) => `${who} writes faster than the device keeps`,
  'slow-viewer': () => 'this page did not keep up; the device has them: search, or choose a shorter time',
  'not-kept': () => 'they are no longer kept on the device, or nobody could read them when they were written',
};

export function gapWords({ lines, why, s }: Gap): string {
  const many = lines === 0 ? 'Lines are' : lines === 1 ? '1 line is' : `${count(lines)} lines are`;
  return `${many} missing here: ${WHY[why](s ?? 'a service')}.`;
}

export function eventWords({ x, s, t }: Event): string {
  const text = s && !x.toLowerCase().includes(s) ? `${s}: ${x}` : x;
  return `${text.replace(/\.$/, '')} ${clock(t)}`;
}

/** Why there is nothing; undefined: it is not known yet. */
export function emptyWords(service: string | undefined, startedMs: number | undefined, nowMs: number): string {
  const who = service ?? 'these services';
  if (startedMs !== undefined && nowMs - startedMs < 60_000)
    return `No lines yet from ${who}. It started ${Math.max(0, Math.round((nowMs - startedMs) / 1_000))} s ago.`;
  return service
    ? `${service} writes no lines. Some programs log to a file: open a terminal and look in /var/log.`
    : 'No lines yet from these services.';
}

/** One sentence about every device that is not there, grouped by what it says. */
export function absentWords(devices: readonly DeviceFeed[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { device, phase } of devices) {
    if (phase.kind !== 'waiting' && phase.kind !== 'refused') continue;
    groups.set(phase.message, [...(groups.get(phase.message) ?? []), displayName(device)]);
  }
  return [...groups].map(([message, names]) => (devices.length === 1 ? message : `${listNames(names, 6)}: ${message}`));
}

/** Everything stored was looked through. */
export const isSearched = ({ progress }: DeviceFeed): boolean => progress !== undefined && progress.phase !== 'search';

/** Nothing more comes of what was stored; without lines the log is empty. */
export const isSettled = (feed: DeviceFeed): boolean =>
  isSearched(feed) || feed.phase.kind === 'ended' || feed.phase.kind === 'waiting' || feed.phase.kind === 'refused';

/** How far a search is: `34 of 120,000 lines match`. */
export function searchWords(devices: readonly DeviceFeed[]): string {
  const answered = devices.filter(({ progress }) => progress);
  const sum = (field: 'matchedLines' | 'scannedLines') =>
    answered.reduce((total, { progress }) => total + (progress?.[field] ?? 0), 0);
  const done = answered.filter(isSearched).length;
  const found = `${count(sum('matchedLines'))} of ${count(sum('scannedLines'))} lines match`;
  if (devices.length <= 1) return done > 0 ? `${found}.` : `${found} so far …`;
  return `${found}. ${done} of ${devices.length} devices searched.`;
}
