import { describe, expect, it } from 'vitest';
import type { AgentUpdateState } from '#contracts/status.ts';
import { type AdvanceLimits, advance, type DeviceFacts, roomFor } from './advance.ts';
import type { RolloutDevice, RolloutRecord } from './records.ts';

const STARTED_MS = Date.parse('2026-11-21T10:00:00.000Z');
const LIMITS: AdvanceLimits = { nowMs: STARTED_MS + 60_000, watchedSinceMs: STARTED_MS, soakMs: 20_000, patienceMs: 900_000 };
const OLD: DeviceFacts = { online: true, mayUpdate: true, version: '1', update: { state: 'ready' }, steadyMs: 1e9 };
const NEW: DeviceFacts = { ...OLD, version: '2', steadyMs: 20_000 };
const says = (state: AgentUpdateState['state'], more: Partial<DeviceFacts> = {}, rollout = 7): DeviceFacts => ({
  ...OLD,
  update: { state, rollout, version: '2', message: 'so it says' },
  ...more,
});

const rollout = (
  devices: readonly (RolloutDevice['state'] | RolloutDevice)[],
  more: Partial<RolloutRecord> = {},
): RolloutRecord => ({
  id: 7,
  version: '2',
  sha256: '0'.repeat(64),
  sizeBytes: 1,
  startedAt: new Date(STARTED_MS).toISOString(),
  startedBy: 'sam',
  state: 'running',
  devices: devices.map((one, at) => (typeof one === 'string' ? { device: `d${at}`, state: one } : one)),
  ...more,
});
const updating = (device: string, sinceMs = STARTED_MS): RolloutDevice => ({
  device,
  state: 'updating',
  from: '1',
  at: new Date(sinceMs).toISOString(),
});
/** `d0` is the first, and so on; who is not named is as `OLD`. */
const next = (record: RolloutRecord, facts: Record<string, DeviceFacts | undefined> = {}, limits = LIMITS) =>
  advance(record, (device) => (device in facts ? facts[device] : OLD), limits);
const statesOf = ({ devices }: RolloutRecord) => devices.map(({ state }) => state).join(' ');
const times = (count: number, state: RolloutDevice['state']) => Array.from({ length: count }, () => state);

describe('whose turn it is', () => {
  it('is one device first, and nobody else until that one is well', () => {
    const first = next(rollout(times(30, 'waiting'))).record;
    expect(first.devices[0]).toMatchObject({ state: 'updating', from: '1' });
    expect(statesOf(first).match(/updating/g)).toHaveLength(1);
    expect(next(first).record).toBe(first);
  });

  it('is a tenth then, and the rest when all of that tenth are well, at most ten at once', () => {
    const all = { ...rollout([...times(1, 'updated'), ...times(119, 'waiting')]) };
    expect(statesOf(next(all).record).match(/updating/g)).toHaveLength(10);
    const nearly = rollout([...times(12, 'updated'), updating('d12'), ...times(107, 'waiting')]);
    expect(next(nearly).record).toBe(nearly);
    const tenth = next(nearly, { d12: NEW }).record;
    expect(statesOf(tenth).match(/updating/g)).toHaveLength(10);
    expect(statesOf(tenth).match(/updated/g)).toHaveLength(13);
  });

  it.each([
    [1, [], 1],
    [3, times(1, 'updated'), 1],
    [3, times(2, 'updated'), 10],
    [11, times(1, 'updated'), 1],
    [12, times(1, 'updated'), 2],
    [1000, [...times(1, 'updated'), ...times(10, 'updating')], 0],
    [1000, times(101, 'updated'), 10],
    [1000, [...times(200, 'updated'), ...times(4, 'updating')], 6],
    // The first went back, somebody said go on: the next one is the first.
    [5, times(1, 'returned'), 1],
  ] as const)('of %i devices with %j leaves room for %i', (total, states, room) => {
    const devices = [...states, ...times(total - states.length, 'waiting')].map((state) => ({ state }));
    expect(roomFor(devices)).toBe(room);
  });

  it('passes over who is offline, contested or updated by hand, and comes back to them', () => {
    const waiting = rollout(times(4, 'waiting'));
    const facts = { d0: { ...OLD, online: false }, d1: { ...OLD, mayUpdate: false }, d2: { ...OLD, version: undefined } };
    expect(statesOf(next(waiting, facts).record)).toBe('waiting waiting waiting updating');
    const later = rollout(['waiting', 'updated', 'updated', 'updated']);
    expect(next(later, { d0: { ...OLD, online: false } }).record).toBe(later);
    expect(statesOf(next(later).record)).toBe('updating updated updated updated');
  });
});

describe('a device that was told', () => {
  const one = rollout([updating('d0'), 'waiting']);

  it.each<[string, DeviceFacts, RolloutDevice['state']]>([
    ['runs the new one, and has for long enough', NEW, 'updated'],
    ['runs the new one only just', { ...NEW, steadyMs: 19_999 }, 'updating'],
    ['runs the new one on trial', says('starting', { ...NEW, update: { state: 'starting', rollout: 7 } }), 'updating'],
    ['ran the new one and is away', { ...NEW, online: false }, 'updating'],
    ['fetches', says('fetching'), 'updating'],
    ['fetched and is away', says('fetching', { online: false }), 'updating'],
    ['went back', says('returned'), 'returned'],
    ['went back from an earlier try', says('returned', {}, 6), 'updating'],
    ['could not', says('failed'), 'failed'],
    ['could not, an earlier time', says('failed', {}, 6), 'updating'],
    ['went offline before it heard of it', { ...OLD, online: false }, 'waiting'],
  ])('and %s', (_, facts, state) => {
    expect(next(one, { d0: facts }).record.devices[0]!.state).toBe(state);
  });

  it('and says nothing for too long has failed, also where it is away with it', () => {
    const limits = { ...LIMITS, nowMs: STARTED_MS + 900_001 };
    expect(next(one, {}, limits).record.devices[0]).toMatchObject({
      state: 'failed',
      message: expect.stringMatching(/did not take/),
    });
    const away = next(one, { d0: says('starting', { online: false }) }, limits).record;
    expect(away.devices[0]).toMatchObject({ state: 'failed', message: expect.stringMatching(/has not said since/) });
    expect(next(away, { d0: NEW }, limits).record.devices[0]!.state).toBe('updated');
  });

  it('and could not be heard, because no anchor was there, has time again', () => {
    const limits = { ...LIMITS, nowMs: STARTED_MS + 900_001, watchedSinceMs: STARTED_MS + 900_000 };
    expect(next(one, {}, limits).record).toBe(one);
  });

  it('and is no longer on the wall is left out', () => {
    expect(statesOf(next(one, { d0: undefined }).record)).toBe('updating');
    expect(next(rollout(['updated', 'waiting']), { d1: undefined }).record).toMatchObject({ state: 'done' });
  });
});

describe('a rollout', () => {
  it('is paused by one that goes back, with the reason, and told of once', () => {
    const { record, news } = next(rollout(['updated', updating('d1'), 'waiting']), { d1: says('returned') });
    expect(record).toMatchObject({ state: 'paused', culprit: 'd1', why: expect.stringMatching(/D1 went back.*Nobody else/) });
    expect(statesOf(record)).toBe('updated returned waiting');
    expect(news).toEqual([{ device: 'd1', kind: 'returned', message: expect.stringContaining('D1 went back') }]);
    expect(next(record, { d0: NEW, d1: says('returned') })).toEqual({ record, news: [] });
  });

  it('that is paused gives nobody a turn, takes it from who has not heard, and hears how the others end', () => {
    const paused = rollout(['returned', updating('d1'), updating('d2'), 'waiting'], { state: 'paused', why: 'so' });
    const { record } = next(paused, { d2: says('fetching') });
    expect(statesOf(record)).toBe('returned waiting updating waiting');
    expect(statesOf(next(record, { d2: NEW }).record)).toBe('returned waiting updated waiting');
    expect(record).toMatchObject({ state: 'paused', why: 'so' });
  });

  it('that goes on leaves alone who went back', () => {
    const { record } = next(rollout(['returned', 'waiting']), { d0: says('returned') });
    expect([record.state, statesOf(record)]).toEqual(['running', 'returned updating']);
  });

  it('is done when nobody waits, also where the last went back', () => {
    expect(next(rollout(['updated', updating('d1')]), { d1: NEW }).record).toMatchObject({ state: 'done' });
    const { record } = next(rollout([updating('d0')]), { d0: says('returned') });
    expect(record).toMatchObject({ state: 'done', why: expect.not.stringContaining('Nobody else') });
  });

  it('of as many devices as there may be, all done, fits into one message', () => {
    const devices = Array.from({ length: 10_000 }, (_, at) => updating(String(at).padStart(63, 'x')));
    const { record } = advance(rollout(devices), () => NEW, LIMITS);
    expect(record.state).toBe('done');
    expect(JSON.stringify(record).length).toBeLessThan(1_000_000);
  });

  it('ends after 30 days', () => {
    const limits = { ...LIMITS, nowMs: STARTED_MS + 30 * 86_400_000 + 1 };
    expect(next(rollout(['updated', 'waiting']), { d1: { ...OLD, online: false } }, limits).record).toMatchObject({
      state: 'stopped',
      why: expect.stringContaining('30 days'),
    });
  });
});
