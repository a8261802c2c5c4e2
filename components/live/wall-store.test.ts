import { beforeEach, describe, expect, it } from 'vitest';
import type { Device } from '#contracts/device.ts';
import type { StoredWall } from './stored-wall.ts';
import { KEY, WallStore } from './wall-store.ts';

const now = 1_800_000_000_000;
const device = (name: string, seat: number): Device => ({
  name,
  labels: {},
  seat,
  publicKey: '',
  local: true,
  createdAt: '2026-01-01T00:00:00.000Z',
  createdBy: 'sam',
});
const wall = (devices: Device[], more: Partial<StoredWall> = {}): StoredWall => ({
  takenAt: new Date(now).toISOString(),
  wallName: 'Workshop',
  devices: devices.map((one, index) => ({ revision: index + 1, device: one })),
  statuses: [],
  presence: [],
  presenceKnown: true,
  deployments: [],
  events: [],
  ...more,
});

let store: WallStore;
const names = () => store.devices.map((one) => one.name);
const load = (snapshot: StoredWall) => {
  store.applySnapshot(snapshot, now);
  store.flush();
};

beforeEach(() => {
  store = new WallStore();
  store.beginEpoch();
});

describe('the store of the wall', () => {
  it('keeps what was heard live although the snapshot was read before it', () => {
    store.apply({ kind: 'device', name: 'aria', revision: 99, device: device('aria', 1) }, now);
    load(wall([device('alice', 0)]));
    expect(names()).toEqual(['alice', 'aria']);
  });

  it('forgets after a new link what neither the snapshot nor a message speaks of', () => {
    load(wall([device('alice', 0), device('aria', 1)]));
    store.beginEpoch();
    load(wall([device('aria', 1)]));
    expect(names()).toEqual(['aria']);
    expect(store.device('alice')).toBeUndefined();
  });

  it('tells only the listeners of what changed, once a flush', () => {
    load(wall([device('alice', 0), device('aria', 1)]));
    const told: string[] = [];
    for (const key of [KEY.device('alice'), KEY.device('aria'), KEY.devices]) store.subscribe(key, () => told.push(key));
    for (const second of [1, 2, 3])
      store.apply({ kind: 'presence', name: 'alice', connected: true, atMs: now + second, address: undefined }, now);
    store.flush();
    expect(told).toEqual([KEY.device('alice')]);
  });

  it('reads the times of the hub by this clock', () => {
    const hubIsBehindMs = 60_000;
    load(
      wall([device('alice', 0)], {
        takenAt: new Date(now - hubIsBehindMs).toISOString(),
        presence: [{ device: 'alice', connected: false, at: new Date(now - hubIsBehindMs - 1_000).toISOString() }],
      }),
    );
    expect(store.device('alice')?.connectionChangedAtMs).toBe(now - 1_000);
  });

  it('lets no word change while the hub is lost', () => {
    load(wall([device('alice', 0)]));
    const before = store.device('alice');
    store.setHub({ phase: 'lost', reason: 'hub', sinceMs: now, retryAtMs: undefined });
    store.tick(now + 1_000_000);
    expect(store.device('alice')).toBe(before);
  });

  it('counts registered devices by their word', () => {
    load(wall([device('alice', 0), device('aria', 1)]));
    store.apply({ kind: 'presence', name: 'stranger', connected: true, atMs: now, address: undefined }, now);
    store.flush();
    expect(store.counts).toEqual({ 'not-seen': 2 });
  });
});
