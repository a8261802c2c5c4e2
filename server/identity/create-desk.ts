/** The desk, wired to this hub: what it mints, what it asks devices for, and what it tells of them. */
import { displayName } from '#contracts/device.ts';
import { readBody } from '#roadchain/chain.ts';
import type { Alarm } from '#roadchain/decide.ts';
import type { Hub } from '../hub.ts';
import { Desk } from './desk.ts';
import { mintFor } from './mint-for.ts';
import { tell } from './tell.ts';

const CAUSE_WORDS = { scheduled: 'on schedule', anchor: 'the hub asked', operator: 'somebody asked' } as const;

type Parts = Pick<Hub, 'identity' | 'updates' | 'minting' | 'store' | 'publicNatsUrls' | 'publicNatsCa' | 'log'>;

export function createDesk(hub: Parts): Desk {
  const { identity, log } = hub;
  return new Desk({
    anchor: identity.anchor,
    ledger: identity.ledger,
    buckets: identity.buckets,
    settings: identity.settings,
    mint: (device, pk) => mintFor(hub, device, pk),
    rotateOf: (device) => identity.asked.entries.get(`rotate.${device}`),
    updateFor: (device, session) => hub.updates.offerFor(device, session),
    aliveSinceMs: () => identity.aliveSinceMs,
    onAlarm: (device, alarm) => {
      log.warn({ device, alarm: alarm.kind, epoch: alarm.epoch, noted: alarm.noted }, 'the identity of a device raised an alarm');
      if (!alarm.noted) tell(hub, device, 'contested', ALARM_WORDS[alarm.kind](displayName(device)));
    },
    onRotated: (device, link) => {
      const { epoch, cause } = readBody(link);
      const why = cause in CAUSE_WORDS ? ` (${CAUSE_WORDS[cause as keyof typeof CAUSE_WORDS]})` : '';
      tell(hub, device, 'identity-rotated', `${displayName(device)} has a new key, number ${epoch + 1}${why}.`);
    },
    onCleared: (device, by) =>
      tell(hub, device, 'contest-cleared', `${by} chose which ${displayName(device)} is the right one, and it has its next key.`),
    reach: () => ({ urls: [...hub.publicNatsUrls], ...(hub.publicNatsCa === undefined ? {} : { ca: hub.publicNatsCa }) }),
    log,
  });
}

const ALARM_WORDS: Record<Alarm['kind'], (name: string) => string> = {
  'stale-key': (name) =>
    `Something showed an old key of ${name}: there is a second copy of it. Say on its page which one is right.`,
  'two-holders': (name) => `Two devices answer as ${name} at the same time. Say on its page which one is right.`,
  fork: (name) =>
    `The identity of ${name} went on in two ways: there is a second copy of it. Say on its page which one is right.`,
  absent: (name) => `${name} came back after a long time. Confirm on its page that it is the right one.`,
  'proposed-again': (name) => `${name} proposed another key than before: its card may lose what is written to it.`,
  'token-reuse': (name) => `The join token of ${name} was used a second time.`,
};
