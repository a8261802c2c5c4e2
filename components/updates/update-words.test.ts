import { describe, expect, it } from 'vitest';
import type { DeviceUpdate, UpdateRollout, Updates } from '#contracts/api-updates.ts';
import { agentWords, byReason, byUrgency, endWords, offerOf, progressOf, unfinishedOf } from './update-words.ts';

const carried = { version: '0.2.0', builtAt: '2026-11-01T00:00:00.000Z' };
const one = (device: string, state: DeviceUpdate['state'], more: Partial<DeviceUpdate> = {}): DeviceUpdate => ({
  device,
  state,
  version: '0.1.0',
  ...more,
});
const rollout = (state: UpdateRollout['state'], devices: DeviceUpdate[], why?: string): UpdateRollout => ({
  id: 'r1',
  version: '0.2.0',
  startedAt: '2026-11-01T00:00:00.000Z',
  startedBy: 'owner',
  state,
  devices,
  ...(why ? { why } : {}),
});

describe('the offer', () => {
  const everywhere = (_device: string) => true;
  const devices = [one('alice', 'behind'), one('aria', 'by-hand'), one('silas', 'by-hand', { version: '0.2.0' })];

  it('counts what can be updated from here, and names what cannot and is older', () => {
    const offer = offerOf({ carried, devices }, everywhere);
    expect(offer?.behind).toEqual(['alice']);
    expect(offer?.byHand.map(({ device }) => device)).toEqual(['aria']);
  });

  it.each<[string, Updates]>([
    ['the hub carries none', { devices }],
    ['nobody is behind', { carried, devices: [one('aria', 'by-hand'), one('alice', 'returned')] }],
    ['one travels', { carried, devices, rollout: rollout('running', []) }],
    ['one has stopped on its way', { carried, devices, rollout: rollout('paused', []) }],
  ])('is none where %s', (_, updates) => expect(offerOf(updates, everywhere)).toBeUndefined());

  it('reaches as far as the rights of who reads it', () => {
    const both = [one('alice', 'behind'), one('berlin', 'behind')];
    expect(offerOf({ carried, devices: both }, (device) => device === 'berlin')?.behind).toEqual(['berlin']);
    expect(offerOf({ carried, devices: both }, () => false)).toBeUndefined();
  });

  it('stands again after a rollout was stopped', () => {
    expect(offerOf({ carried, devices, rollout: rollout('stopped', []) }, everywhere)?.behind).toEqual(['alice']);
  });
});

describe('on its way', () => {
  const here = (_device: string) => false;
  const done = one('alice', 'updated');
  const words = (all: UpdateRollout, isAway = here) => {
    const { fact, more } = progressOf(all, isAway);
    return `${fact} ${more}`;
  };

  it.each([
    ['who gets it now', [done, one('aria', 'updating'), one('octavia', 'waiting')], 'Agent 0.2.0: 1 of 3. Now: Aria.'],
    ['who is next', [done, one('aria', 'waiting'), one('octavia', 'waiting')], 'Agent 0.2.0: 1 of 3. Next: Aria.'],
  ])('says %s', (_, devices, expected) => expect(words(rollout('running', devices))).toBe(expected));

  it('passes over who is away, and says so once only they are left', () => {
    const devices = [done, one('aria', 'waiting'), one('octavia', 'waiting')];
    expect(words(rollout('running', devices), (device) => device === 'aria')).toBe('Agent 0.2.0: 1 of 3. Next: Octavia.');
    expect(words(rollout('running', devices), () => true)).toBe(
      'Agent 0.2.0: 1 of 3. Aria and Octavia get it when they are back.',
    );
  });

  it('says why it is paused', () => {
    expect(words(rollout('paused', [done, one('aria', 'returned')], 'Aria went back to 0.1.0.'))).toBe(
      'Agent 0.2.0 is paused at 1 of 2. Aria went back to 0.1.0.',
    );
  });

  it('shows what needs a look first, else by turns', () => {
    const devices = [done, one('octavia', 'waiting'), one('aria', 'waiting'), one('silas', 'returned')];
    expect(byUrgency(devices).map(({ device }) => device)).toEqual(['silas', 'octavia', 'aria', 'alice']);
  });

  it('tells who did not keep it, until they have it after all', () => {
    const devices = [done, one('aria', 'returned')];
    const ended = rollout('done', devices);
    expect(unfinishedOf({ carried, devices, rollout: ended })).toEqual({
      fact: 'Agent 0.2.0: 1 of 2.',
      more: 'Aria keeps the agent it had.',
    });
    expect(unfinishedOf({ carried, devices: [done, one('aria', 'current')], rollout: ended })).toBeUndefined();
    expect(unfinishedOf({ carried, devices: [done], rollout: rollout('done', [done]) })).toBeUndefined();
  });

  it('tells the end', () => {
    expect(endWords(rollout('done', [done]))).toEqual({ title: '1 device runs agent 0.2.0.' });
    expect(endWords(rollout('stopped', [done, one('aria', 'waiting')])).text).toBe('The others keep the agent they have.');
  });
});

describe('one device', () => {
  it.each<[DeviceUpdate, string, string | undefined]>([
    [one('aria', 'behind'), '0.2.0 is here.', 'Update to 0.2.0'],
    [one('aria', 'updated', { version: '0.2.0' }), 'It is the one that this hub carries.', undefined],
    [one('aria', 'returned'), '0.2.0 did not report healthy here.', 'Try 0.2.0 again'],
    [one('aria', 'by-hand', { message: 'It runs from a checkout.' }), 'It runs from a checkout.', undefined],
  ])('%o', (entry, fact, button) => {
    const words = agentWords(entry, '0.2.0', false);
    expect([words.fact, words.button]).toEqual([fact, button]);
  });

  it('that is away gets it later', () => {
    expect(agentWords(one('aria', 'waiting'), '0.2.0', true).fact).toBe('Aria gets 0.2.0 when it is back.');
  });

  it('tells a reason once for all that have it', () => {
    const why = 'It runs from a checkout.';
    const devices = [one('alice', 'by-hand', { message: why }), one('aria', 'by-hand', { message: why })];
    expect(byReason(devices)).toEqual([{ why, names: 'Alice and Aria' }]);
  });
});
