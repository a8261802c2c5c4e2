import { describe, expect, it } from 'vitest';
import { LATE_AFTER_MS, OFFLINE_AFTER_MS } from '#contracts/health.ts';
import { testStatus } from '#contracts/test-status.ts';
import { type DeviceChange, judged, newDeviceView, reduceDevice } from './device-view.ts';

const now = 1_800_000_000_000;
const report = (hostname = 'alice') => testStatus({ host: { ...testStatus().host, hostname } });
const status = (revision: number, hostname?: string): DeviceChange => ({
  kind: 'status',
  name: 'alice',
  revision,
  status: report(hostname),
  receivedAtMs: now,
});
const presence = (connected: boolean, atMs: number): DeviceChange => ({
  kind: 'presence',
  name: 'alice',
  connected,
  atMs,
  address: undefined,
});
const view = (...changes: DeviceChange[]) =>
  changes.reduce((before, change) => reduceDevice(before, change, 1, now), newDeviceView('alice'));

describe('a device on the wall', () => {
  it('takes a newer report and leaves an older or equal one', () => {
    const seen = view(status(7));
    expect(reduceDevice(seen, status(7, 'again'), 1, now)).toBe(seen);
    expect(reduceDevice(seen, status(6, 'older'), 1, now)).toBe(seen);
    expect(reduceDevice(seen, status(8, 'newer'), 1, now).status.value?.host.hostname).toBe('newer');
  });

  it('takes any revision from a new link, because the hub may have been set up anew', () => {
    const seen = view(status(700));
    expect(reduceDevice(seen, status(2, 'fresh'), 2, now).status.value?.host.hostname).toBe('fresh');
  });

  it('keeps a delete against an older snapshot of the same link', () => {
    const removed = view({ kind: 'device', name: 'alice', revision: 9, device: undefined });
    const stale = { kind: 'device', name: 'alice', revision: 8, device: undefined } as const;
    expect(reduceDevice(removed, stale, 1, now)).toBe(removed);
  });

  it('goes from live to late to offline by the clock alone, and only then is a new view made', () => {
    const live = view(status(1), presence(true, now));
    expect(live.freshness).toBe('live');
    expect(judged(live, now + LATE_AFTER_MS - 1)).toBe(live);
    const late = judged(live, now + LATE_AFTER_MS);
    expect([late.freshness, late.health]).toEqual(['late', 'running']);
    const offline = judged(late, now + OFFLINE_AFTER_MS);
    expect([offline.freshness, offline.health]).toEqual(['offline', 'offline']);
  });

  it('gives a lost connection five seconds before it says offline', () => {
    const dropped = view(status(1), presence(true, now - 10), presence(false, now));
    expect(dropped.freshness).toBe('late');
    expect(judged(dropped, now + 5_000).freshness).toBe('offline');
  });

  it('does not let an older word about the connection win', () => {
    const back = view(status(1), presence(true, now));
    expect(reduceDevice(back, presence(false, now - 1), 1, now)).toBe(back);
  });

  it('keeps the newest events once each', () => {
    const event = (second: number): DeviceChange => ({
      kind: 'event',
      name: 'alice',
      event: { device: 'alice', at: new Date(now + second * 1_000).toISOString(), kind: 'started', message: `hello ${second}` },
    });
    const seen = view(...Array.from({ length: 40 }, (_, second) => event(second)));
    expect(seen.events).toHaveLength(30);
    expect(seen.events[0]?.message).toBe('hello 39');
    expect(reduceDevice(seen, event(39), 1, now)).toBe(seen);
  });
});
