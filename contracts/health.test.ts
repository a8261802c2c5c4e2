import { describe, expect, it } from 'vitest';
import { AGENT_START_MS, freshnessOf, healthOf, healthOfReport, worstOf } from './health.ts';
import type { DeviceStatus } from './status.ts';
import { testStatus } from './test-status.ts';

const now = 1_000_000;
describe('freshness', () => {
  const seen = (receivedAgoMs: number, connected: boolean | 'unknown', changedAgoMs = 60_000) =>
    freshnessOf(
      { status: testStatus(), receivedAtMs: now - receivedAgoMs, connected, connectionChangedAtMs: now - changedAgoMs },
      now,
    );

  it.each([
    ['a fresh report over a standing connection', seen(1_000, true), 'live'],
    ['the last moment before 35 s', seen(34_999, true), 'live'],
    ['35 s without a report', seen(35_000, true), 'late'],
    ['90 s without a word, though connected', seen(90_000, true), 'offline'],
    ['disconnected for less than 5 s', seen(1_000, false, 4_999), 'late'],
    ['disconnected for 5 s', seen(1_000, false, 5_000), 'offline'],
    ['connections unknown: age alone decides', seen(1_000, 'unknown'), 'live'],
  ])('%s', (_, word, expected) => expect(word).toBe(expected));

  it('is patient with a device that said that it starts a new agent, but not for ever', () => {
    const agent = { ...testStatus().agent, update: { state: 'starting' as const, version: '2' } };
    const seen = (agoMs: number) =>
      freshnessOf(
        { status: testStatus({ agent }), receivedAtMs: now - agoMs, connected: false, connectionChangedAtMs: now - agoMs },
        now,
      );
    expect([seen(20_000), seen(AGENT_START_MS - 1), seen(AGENT_START_MS)]).toEqual(['late', 'late', 'offline']);
  });
  it('has never seen a device without a report', () => expect(freshnessOf({ connected: true }, now)).toBe('not-seen'));
});

const trouble = { code: 'engine-unreachable', message: 'The engine does not answer.', since: '2026-01-01T00:00:00.000Z' };

describe('health', () => {
  it('says Offline before anything the last report claims', () => {
    expect(healthOf({ status: testStatus(), receivedAtMs: now - 100_000, connected: false }, now)).toBe('offline');
  });
  it('believes nothing of a device that is kept out, and is alarmed by one whose identity is contested', () => {
    const seen = { status: testStatus(), receivedAtMs: now - 1_000, connected: true };
    expect(healthOf({ ...seen, standing: 'kept-out' }, now)).toBe('offline');
    expect(healthOf({ ...seen, standing: 'contested' }, now)).toBe('failed');
    expect(healthOf({ ...seen, connected: false, connectionChangedAtMs: 0, standing: 'contested' }, now)).toBe('offline');
  });
  it.each([
    ['nothing deployed is fine', {}, 'running'],
    ['an engine that was not asked yet', { engine: { kind: 'none', version: '', reachable: false } }, 'updating'],
    ['an engine that does not answer', { engine: { kind: 'none', version: '', reachable: false, error: trouble } }, 'failed'],
    ['heat', { host: { ...testStatus().host, temperatureCelsius: 81 } }, 'attention'],
    ['a full disk', { host: { ...testStatus().host, diskUsedBytes: 96 } }, 'attention'],
    ['an update under way', { deployments: [{ name: 'a', phase: 'updating', revision: 1, services: [] }] }, 'updating'],
    ['an unsupported deployment', { deployments: [{ name: 'a', phase: 'unsupported', revision: 1, services: [] }] }, 'failed'],
  ] as [string, Partial<DeviceStatus>, string][])('%s', (_, changes, word) =>
    expect(healthOfReport(testStatus(changes))).toBe(word),
  );

  it('rolls up to the worst', () => expect(worstOf(['running', 'attention', 'updating'])).toBe('attention'));
});
