import { describe, expect, it } from 'vitest';
import { type DeviceConnection, PresenceBook } from './presence-book.ts';

const connection = (id: number, publicKey: string): DeviceConnection => ({ server: 'S', id, publicKey, address: '10.0.0.7' });
const words = (changes: { device: string; connected: boolean }[]) =>
  changes.map(({ device, connected }) => `${device} ${connected ? 'came' : 'went'}`);

function book() {
  const presence = new PresenceBook(() => 0);
  presence.setDevices([
    { name: 'alice', publicKey: 'UA' },
    { name: 'aria', publicKey: 'UB' },
    { name: 'shared', publicKey: '' },
  ]);
  return presence;
}

describe('presence', () => {
  it('follows connections by key', () => {
    const presence = book();
    expect(words(presence.connected(connection(1, 'UA')))).toEqual(['alice came']);
    expect(presence.connected(connection(2, 'somebody else'))).toEqual([]);
    expect(words(presence.disconnected(connection(1, 'UA')))).toEqual(['alice went']);
    expect(presence.of('alice')).toMatchObject({ connected: false, at: '1970-01-01T00:00:00.000Z' });
    expect(presence.of('aria')).toBeUndefined();
  });

  it('tells runs of an agent with one key apart, and knows who was there first also after both were cut', () => {
    let nowMs = 1_000;
    const presence = new PresenceBook(() => nowMs);
    const run = (id: number, holder: string) => ({ ...connection(id, 'UA'), holder });
    presence.connected(run(1, 'first'));
    nowMs = 2_000;
    presence.connected(run(2, 'second'));
    presence.connected(connection(3, 'UA'));
    presence.connected({ ...run(4, 'other'), publicKey: 'UB' });
    const both = [
      { holder: 'first', address: '10.0.0.7', sinceMs: 1_000 },
      { holder: 'second', address: '10.0.0.7', sinceMs: 2_000 },
    ];
    expect(presence.holdersOf('UA')).toEqual(both);
    nowMs = 60_000;
    presence.disconnected(run(1, 'first'));
    presence.disconnected(run(2, 'second'));
    expect(presence.holdersOf('UA')).toEqual([]);
    const isAbout = () => ['first', 'second', 'other'].filter((holder) => presence.isAbout('UA', holder));
    expect(isAbout()).toEqual(['first', 'second']);
    nowMs = 70_000;
    presence.connected(run(5, 'second'));
    presence.connected(run(6, 'first'));
    expect(presence.holdersOf('UA')).toEqual(both);
    nowMs = 10_000_000;
    presence.replace([run(7, 'first')], presence.begin());
    expect(presence.holdersOf('UA')).toMatchObject([{ holder: 'first', sinceMs: 10_000_000 }]);
    expect(isAbout()).toEqual(['first']);
  });

  it('keeps a device connected until its last connection ends', () => {
    const presence = book();
    presence.connected(connection(1, 'UA'));
    expect(presence.connected(connection(2, 'UA'))).toEqual([]);
    expect(presence.disconnected(connection(1, 'UA'))).toEqual([]);
    expect(words(presence.disconnected(connection(2, 'UA')))).toEqual(['alice went']);
  });

  it('believes a count more than events it missed', () => {
    const presence = book();
    presence.connected(connection(1, 'UA'));
    expect(words(presence.replace([connection(3, 'UB')], presence.begin()))).toEqual(['aria came', 'alice went']);
  });

  it('believes events that came while it counted more than the count', () => {
    const presence = book();
    presence.connected(connection(1, 'UA'));
    const begun = presence.begin();
    presence.disconnected(connection(1, 'UA'));
    presence.connected(connection(2, 'UB'));
    expect(presence.replace([connection(1, 'UA')], begun)).toEqual([]);
    expect(presence.of('alice')?.connected).toBe(false);
    expect(presence.of('aria')?.connected).toBe(true);
  });

  it('knows a device that is added after it connected, and forgets one that is removed', () => {
    const presence = book();
    presence.connected(connection(1, 'UC'));
    expect(words(presence.setDevices([{ name: 'new', publicKey: 'UC' }]))).toEqual(['new came']);
    presence.setDevices([]);
    expect(presence.of('new')).toBeUndefined();
  });

  it('tells who has a key by the name each gives itself, whoever was there first first', () => {
    let nowMs = 0;
    const presence = new PresenceBook(() => nowMs);
    const named = (id: number, holder: string, publicKey = 'UA') => ({ ...connection(id, publicKey), holder, sinceMs: nowMs });
    const holders = () => presence.holdersOf('UA').map(({ holder, sinceMs }) => `${holder} ${sinceMs}`);
    // Under a key of its own, with the name it will take later.
    presence.connected(named(1, 'copy', 'UB'));
    nowMs = 1_000;
    presence.connected(named(2, 'original'));
    nowMs = 2_000;
    presence.connected(named(3, 'copy'));
    expect(holders()).toEqual(['original 1000', 'copy 2000']);
    presence.disconnected(named(2, 'original'));
    nowMs = 3_000;
    presence.connected(named(4, 'original'));
    expect(holders()).toEqual(['original 1000', 'copy 2000']);
  });

  it('keeps a bounded number of names, and still knows who is there', () => {
    const presence = new PresenceBook(() => 5_000);
    presence.connected({ ...connection(0, 'UA'), holder: 'first', sinceMs: 4_000 });
    for (let id = 1; id <= 20_000; id++) {
      const short = { ...connection(id, 'UB'), holder: `name-${id}` };
      presence.connected(short);
      presence.disconnected(short);
    }
    expect(presence.holdersOf('UA')).toEqual([{ holder: 'first', address: '10.0.0.7', sinceMs: 4_000 }]);
  });
});
