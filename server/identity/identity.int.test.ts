import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STREAM } from '#contracts/buckets.ts';
import { subjects } from '#contracts/subjects.ts';
import { headOf } from '#roadchain/chain.ts';
import type { Link } from '#roadchain/link.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { verifyHistory } from '#roadchain/verify-history.ts';
import { connectNats } from '../nats/connect.ts';
import { eventually } from '../test-anchor.ts';
import { TestDevice } from './test-device.ts';
import { contact, isLive, TestIdentityHub } from './test-identity-hub.ts';

let fleet: TestIdentityHub;

beforeAll(async () => {
  fleet = await TestIdentityHub.start({ SCOREWALL_IDENTITY_RETIRE_SECONDS: '60' });
});
afterAll(() => fleet?.stop());

const proofOf = async (name: string, from = 0) => (await fleet.anchor.call('GET', `/ledger?device=${name}&from=${from}`)).body;
const started = (name: string) => fleet.started({ name });
const named = (name: string) => fleet.devices.find((device) => device.name === name)!;
const verify = async (...claim: Parameters<typeof nodeCrypto.verify>) => nodeCrypto.verify(...claim);
async function verified(name: string, pinned?: Parameters<typeof verifyHistory>[3]) {
  const { anchor: key, entries } = await fleet.identityOf(name);
  const proof = await proofOf(name, pinned?.size);
  return verifyHistory(nodeCrypto.sha256, verify, { anchor: key, device: name, entries, ...proof }, pinned);
}

describe('a device that joined', () => {
  it('is on the wall with what its hardware says, connects, and proves itself', async () => {
    const device = await fleet.joined({ name: 'octavia', labels: { site: 'berlin' } });
    await device.start();
    await eventually(async () => device.phase.kind === 'live' && device.phase.n > 1, 'it ticks');
    const { body } = await fleet.anchor.call('GET', '/devices/octavia');
    expect(body.device).toMatchObject({ labels: { arch: 'arm64', site: 'berlin' }, createdBy: 'owner' });
    await eventually(async () => (await fleet.anchor.call('GET', '/devices/octavia')).body.presence?.connected, 'it is seen');
    const identity = await fleet.identityOf('octavia');
    expect(identity).toMatchObject({ source: 'roadchain', standing: 'active', epoch: 0, head: device.head, rotating: false });
    expect(Date.parse(identity.lastTickAt)).toBeGreaterThan(Date.now() - 60_000);
    const { body: joins } = await fleet.anchor.call('GET', '/join-tokens');
    expect(joins.items[0]).toMatchObject({ stage: 'connecting', device: 'octavia' });
  });

  it('gets its next key when somebody asks; the old one is refused as soon as the new one is connected', async () => {
    const device = fleet.devices[0]!;
    const old = device.copy();
    expect((await fleet.post('/devices/octavia/rotate')).body.devices).toEqual(['octavia']);
    await eventually(async () => device.epoch === 1 && device.phase.kind === 'live', 'it ticks with its next key');
    const done = async () => !(await fleet.identityOf('octavia')).rotating;
    await eventually(done, 'it is done');
    const isRefused = () =>
      old.connect().then(
        async (nc) => void (await nc.close()),
        () => true,
      );
    await eventually(isRefused, 'the old key is refused');
    await eventually(async () => {
      const { body } = await fleet.anchor.call('GET', '/devices/octavia/events');
      const kinds = body.items.map(({ kind }: { kind: string }) => kind);
      return kinds.includes('enrolled') && kinds.includes('identity-rotated');
    }, 'both are told');
  });

  it('is heard over NATS though strangers who know its name ask without end', async () => {
    const device = await fleet.started({ name: 'besieged' });
    const soon = Date.now() + 600_000;
    while (fleet.anchor.anchor.hub.identity.strangerLimit.take(device.name, soon));
    expect(await contact(device)).toMatchObject({ op: 'refused', code: 'busy' });
    expect(await device.request({ op: 'hello', epoch: device.epoch, head: device.head })).toMatchObject({ op: 'challenge' });
  });

  it('that already was on the wall with a key somebody carried to it keeps its place, and that key ends', async () => {
    const { body } = await fleet.post('/devices', { name: 'carried', labels: { room: 'attic' } });
    const device = await fleet.joined({ name: 'carried' });
    const { body: after } = await fleet.anchor.call('GET', '/devices/carried');
    expect(after.device).toMatchObject({ seat: body.device.seat, labels: { room: 'attic' } });
    expect(after.device.publicKey).not.toBe(body.device.publicKey);
    await eventually(async () => fleet.anchor.anchor.hub.identity.guard.isRefused(body.device.publicKey), 'that key ends');
    await (await device.connect()).close();
  });

  it('that has a key somebody carried to it is kept out too, and comes back by a line, with a chain', async () => {
    const name = 'lent';
    const { body } = await fleet.post('/devices', { name });
    const { content: creds } = body.creds;
    const connect = () =>
      connectNats({ servers: fleet.hub.nats.url, creds, name, inboxPrefix: subjects.inbox(name), firstConnect: 'fail' });
    const nc = await connect();
    const lost = (async () => {
      for await (const { type } of nc.status()) if (type === 'disconnect') return;
    })();
    const kept = await fleet.post(`/devices/${name}/keep-out`);
    expect([kept.status, kept.body.off]).toEqual([200, []]);
    await lost;
    await nc.close();
    await expect(connect()).rejects.toThrow(/Authorization/);
    expect(await fleet.identityOf(name)).toMatchObject({ standing: 'kept-out', why: 'Kept out by owner.' });
    const { body: wall } = await fleet.anchor.call('GET', `/devices/${name}`);
    expect(wall.device.standing).toBe('kept-out');
    const back = await fleet.post(`/devices/${name}/take-back`);
    expect(back.status).toBe(201);
    const device = await TestDevice.join({ hubUrl: fleet.anchor.url, natsUrl: fleet.hub.nats.url }, back.body.token);
    expect(device.name).toBe(name);
    expect(await fleet.identityOf(name)).toMatchObject({ standing: 'active', epoch: 0 });
    expect((await fleet.anchor.call('GET', `/devices/${name}`)).body.device.standing).toBeUndefined();
    await (await device.connect()).close();
    await expect(connect()).rejects.toThrow(/Authorization/);
    expect((await fleet.post(`/devices/${name}/take-back`)).status).toBe(409);
  });

  it('that was kept out comes back also by new files that somebody carries there', async () => {
    await fleet.post('/devices', { name: 'rented' });
    expect((await fleet.post('/devices/rented/keep-out')).status).toBe(200);
    expect((await fleet.post('/devices/rented/credentials')).status).toBe(200);
    expect(await fleet.identityOf('rented')).toMatchObject({ standing: 'active', source: 'creds' });
  });

  it('that was taken off the wall comes back under its name, and its chain goes on', async () => {
    const first = await fleet.joined({ name: 'boomerang' });
    expect((await fleet.anchor.call('DELETE', '/devices/boomerang', { json: {} })).status).toBe(200);
    await expect(first.connect()).rejects.toThrow(/Authorization/);
    const again = await fleet.joined({ name: 'boomerang' });
    expect(again.epoch).toBe(1);
    expect(await fleet.identityOf('boomerang')).toMatchObject({ standing: 'active', epoch: 1 });
    await (await again.connect()).close();
  });
});

describe('the whole fleet', () => {
  it('gets new keys at once, and the wall hears of each', async () => {
    await Promise.all(['one', 'two', 'three'].map(started));
    const { body } = await fleet.post('/identity/rotate');
    expect(body.devices).toEqual(expect.arrayContaining(['one', 'octavia', 'three', 'two']));
    for (const name of ['one', 'two', 'three', 'octavia']) {
      const device = named(name);
      await eventually(async () => device.epoch >= 1 && device.phase.kind === 'live', `${name} has its next key`);
      await eventually(async () => !(await fleet.identityOf(name)).rotating, `${name} is done`);
    }
  });

  it('gets new keys on schedule', async () => {
    const scheduled = await fleet.hub.another({ env: { SCOREWALL_IDENTITY_ROTATE_SECONDS: '2' } });
    await fleet.anchor.stop();
    fleet.anchor = scheduled;
    const device = named('one');
    const before = device.epoch;
    await eventually(async () => device.epoch >= before + 2, 'two keys later');
    const [last] = (await fleet.identityOf('one')).entries.slice(-1);
    expect(JSON.parse(last.entry.link.body).cause).toBe('scheduled');
    // What follows looks twice at one history: no key may change in between.
    fleet.anchor = await fleet.hub.another();
    await scheduled.stop();
    for (const name of ['one', 'two', 'three', 'octavia'])
      await eventually(async () => {
        const { rotating, head } = await fleet.identityOf(name);
        return !rotating && head === named(name).head && isLive(named(name));
      }, `${name} has its last key`);
  });
});

describe('the ledger', () => {
  it('proves the history of a device in a browser, and that it only grew', async () => {
    const first = await verified('octavia');
    expect(first).toMatchObject({ ok: true, whole: true });
    if (!first.ok) return;
    await fleet.joined({ name: 'later' });
    const second = await verified('octavia', first.pin);
    expect(second).toMatchObject({ ok: true });
    if (second.ok) expect(second.size).toBeGreaterThan(first.size);
  });

  it('S32 that was changed proves nothing', async () => {
    const { anchor: key, entries } = await fleet.identityOf('two');
    const proof = await proofOf('two');
    const changed = structuredClone(entries);
    changed[0].entry.link.body = changed[0].entry.link.body.replace('"cause"', '"Cause"');
    const history = { anchor: key, device: 'two', ...proof };
    expect(await verifyHistory(nodeCrypto.sha256, verify, { ...history, entries: changed })).toMatchObject({ ok: false });
    const dropped = await verifyHistory(nodeCrypto.sha256, verify, { ...history, entries: entries.slice(1) });
    expect(dropped.ok && dropped.whole).toBe(false);
    expect((await fleet.anchor.call('GET', '/ledger?from=100000')).status).toBe(409);
  });

  it('keeps the place of what somebody else wrote into it, and believes none of it, also after a restart', async () => {
    const device = named('two');
    const { entries } = await fleet.identityOf('two');
    const forged = structuredClone(entries.at(-1).entry);
    forged.link.seal.sig = entries[0].entry.link.seal.sig;
    const js = jetstream(fleet.hub.admin);
    await js.publish('roadchain.two', 'no entry at all');
    await js.publish('roadchain.two', JSON.stringify(forged));
    const { tree } = fleet.anchor.anchor.hub.identity.ledger;
    const size = tree.size;
    expect(await fleet.identityOf('two')).toMatchObject({ standing: 'active', head: device.head });
    await eventually(
      async () => (await readFile(join(fleet.hub.nats.home, 'ledger.jsonl'), 'utf8')).includes('"flawed":true'),
      'it is filed',
    );
    await fleet.anchor.stop();
    fleet.anchor = await fleet.hub.another();
    const { ledger } = fleet.anchor.anchor.hub.identity;
    await ledger.whenRead;
    expect(ledger.tree.size).toBeGreaterThanOrEqual(size);
    expect(await fleet.identityOf('two')).toMatchObject({ standing: 'active', head: device.head, epoch: device.epoch });
    expect(await verified('two')).toMatchObject({ ok: true, whole: true, epoch: device.epoch });
  });

  it('that lost its end everywhere gets it back from the device', async () => {
    await fleet.anchor.stop();
    const stopped = named('three');
    await stopped.stop();
    const three = stopped.copy();
    const [before, head] = [three.epoch, three.head];
    expect(before).toBeGreaterThan(0);
    // The stream is gone, and the copy is from before the last link of this device.
    await (await jetstreamManager(fleet.hub.admin)).streams.delete(STREAM.roadchain);
    const file = join(fleet.hub.nats.home, 'ledger.jsonl');
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    const last = lines.findLastIndex((line) => JSON.parse(line).dev === 'three');
    await writeFile(
      file,
      lines
        .filter((_, at) => at !== last)
        .map((line) => `${line}\n`)
        .join(''),
    );
    fleet.anchor = await fleet.hub.another();
    const { ledger } = fleet.anchor.anchor.hub.identity;
    await eventually(async () => ledger.tree.size >= lines.length - 1, 'the copy is given back');
    fleet.kept(three);
    Object.assign(three, { options: fleet.options });
    await three.start();
    await eventually(async () => three.phase.kind === 'live', 'it ticks');
    const identity = await fleet.identityOf('three');
    expect(identity.standing).toBe('active');
    expect(identity.epoch).toBe(before);
    const heads = identity.entries.map(({ entry }: { entry: { link: Link } }) => headOf(nodeCrypto, entry.link));
    expect(heads).toContain(head);
  });
});
