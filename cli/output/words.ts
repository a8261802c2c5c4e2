/** The words and colours of health on a terminal; the words themselves are the wall's. */

import type { StatusEntry } from '#contracts/api.ts';
import type { Device } from '#contracts/device.ts';
import { FRESHNESS_WORDS, freshnessOf, HEALTH_WORDS, type Health, healthOf } from '#contracts/health.ts';
import type { Presence } from '#contracts/presence.ts';
import type { Colour, Paint } from './terminal.ts';

/** A shape as well as a colour: neither alone carries the meaning. */
const MARKS: Record<Health, readonly [string, Colour]> = {
  running: ['●', 'green'],
  updating: ['◐', 'yellow'],
  attention: ['▲', 'yellow'],
  failed: ['■', 'red'],
  'needs-you': ['◆', 'yellow'],
  paused: ['‖', 'grey'],
  offline: ['○', 'grey'],
  'not-seen': ['◌', 'grey'],
};

export function paintHealth(health: Health, paint: Paint): string {
  const [mark, colour] = MARKS[health];
  return paint(colour, `${mark} ${HEALTH_WORDS[health]}`);
}

interface Seen {
  device?: Pick<Device, 'standing'> | undefined;
  status?: StatusEntry | undefined;
  presence?: Presence | undefined;
}

/** `presenceKnown`: whether the hub can see connections at all. */
export function sightingOf({ device, status, presence }: Seen, presenceKnown = presence !== undefined) {
  return {
    status: status?.value,
    standing: device?.standing,
    receivedAtMs: status ? Date.parse(status.receivedAt) : undefined,
    connected: presence ? presence.connected : presenceKnown ? false : ('unknown' as const),
    connectionChangedAtMs: presence ? Date.parse(presence.at) : undefined,
  };
}

export const deviceHealth = (seen: Seen, nowMs: number): Health => healthOf(sightingOf(seen), nowMs);

export function freshnessWord(seen: Seen, nowMs: number): string {
  const freshness = freshnessOf(sightingOf(seen), nowMs);
  return freshness === 'not-seen' ? '-' : FRESHNESS_WORDS[freshness];
}
