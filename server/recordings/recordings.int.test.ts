import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RECORDING_PART_BYTES } from '#contracts/recording.ts';
import { isUid, personOf } from '#contracts/uid.ts';
import { readStream } from '../kv/follow-stream.ts';
import { eventually, startTestHub, type TestHub } from '../test-anchor.ts';
import { makeRoom } from './run-recorder.ts';
import { TestRecorderDevice } from './test-recorder-device.ts';

let hub: TestHub;
const devices: TestRecorderDevice[] = [];
const add = async (name: string) => {
  const device = await TestRecorderDevice.add(hub, name);
  devices.push(device);
  return device;
};
const call: TestHub['first']['call'] = (...args) => hub.first.call(...args);
const listed = async (device: string): Promise<string[]> =>
  (await call('GET', `/recordings?device=${device}`)).body.items.map(({ id }: { id: string }) => id);
const content = async (id: string) =>
  Buffer.from(
    await (
      await fetch(`${hub.first.url}/api/v1/recordings/${id}/content`, { headers: { authorization: `Bearer ${hub.first.token}` } })
    ).arrayBuffer(),
  );

beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(async () => {
  await Promise.all(devices.map((device) => device.close()));
  await hub.stop();
});

describe('a recording', () => {
  it('is fetched in parts when its device says it is ready, stored byte for byte, and then deleted there', async () => {
    const alice = await add('alice');
    const bytes = randomBytes(1_000_000);
    const recording = alice.record(bytes);
    await alice.sayReady();
    await eventually(async () => alice.spool.size === 0, 'the recording is fetched');
    expect(await listed('alice')).toEqual([recording.id]);
    expect((await call('GET', `/recordings/${recording.id}`)).body).toEqual(recording);
    expect((await content(recording.id)).equals(bytes)).toBe(true);
    // A part whose answer came too late is asked for once more.
    const parts = alice.asked.flatMap(({ request }) => (request.op === 'read' ? [request.offset] : []));
    expect([...new Set(parts)]).toEqual([0, RECORDING_PART_BYTES, 2 * RECORDING_PART_BYTES]);
    // Asked by a user of the hub's own that can do nothing else.
    expect(new Set(alice.asked.map(({ uid }) => isUid(uid) && personOf(uid)))).toEqual(new Set(['recorder']));
  });

  it('is fetched when its device connects, without a word', async () => {
    const late = await add('late');
    const { id } = late.record(Buffer.from('first'));
    await eventually(async () => (await listed('late')).includes(id), 'the recording of a device that came');
  });

  it('that was stored already is only deleted on the device', async () => {
    const aria = await add('aria');
    const { id } = aria.record(Buffer.from('once'));
    const kept = aria.spool.get(id)!;
    await aria.sayReady();
    await eventually(async () => aria.spool.size === 0, 'the first visit');
    aria.spool.set(id, kept);
    aria.asked.length = 0;
    await aria.sayReady();
    await eventually(async () => aria.spool.size === 0, 'the second visit');
    expect(aria.asked.map(({ request }) => request.op)).not.toContain('read');
    // A person deletes it, and the device still has it: it does not come back.
    expect((await call('DELETE', `/recordings/${id}`)).status).toBe(204);
    aria.spool.set(id, kept);
    await aria.sayReady();
    await eventually(async () => aria.spool.size === 0, 'the third visit');
    expect(await listed('aria')).toEqual([]);
    expect((await call('GET', `/recordings/${id}`)).status).toBe(404);
    expect((await call('DELETE', `/recordings/${id}`)).status).toBe(404);
  });

  it('is served as a file of its kind, and whoever plays it is written down', async () => {
    const octavia = await add('octavia');
    const cast = octavia.record(Buffer.from('{"version":3}\n[0.1,"o","hi"]\n'));
    const lapse = octavia.record(Buffer.from('{"t":0,"jpeg":""}\n'), {
      kind: 'screen',
      target: { kind: 'screen', deployment: 'a', service: 'b' },
      startedAt: '2026-01-02T10:00:00.000Z',
    });
    const empty = octavia.record(Buffer.alloc(0), { startedAt: '2025-01-02T10:00:00.000Z' });
    await octavia.sayReady();
    await eventually(async () => octavia.spool.size === 0, 'all are fetched');
    expect(await listed('octavia')).toEqual([lapse.id, cast.id, empty.id]);
    const reply = await call('GET', `/recordings/${cast.id}/content`);
    expect(reply.text).toBe('{"version":3}\n[0.1,"o","hi"]\n');
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'content-type': 'application/x-asciicast',
      'content-length': String(cast.bytes),
      'content-disposition': `attachment; filename="octavia-${cast.id}.cast"`,
      'x-content-type-options': 'nosniff',
    });
    expect((await call('GET', `/recordings/${lapse.id}/content`)).headers.get('content-type')).toBe('application/x-ndjson');
    expect((await call('GET', `/recordings/${empty.id}/content`)).text).toBe('');
    const audit = await readStream(hub.first.anchor.hub.store, 'AUDIT', { filter: 'audit.recording.play', include: 'all' });
    expect(audit.map((message) => JSON.parse(message.text()))).toContainEqual(
      expect.objectContaining({ action: 'recording.play', target: cast.id, user: 'owner', result: 'ok' }),
    );
    expect((await call('GET', '/recordings/nothing/content')).status).toBe(404);
    expect((await call('GET', '/recordings?device=*')).status).toBe(422);
  });
});

describe('a device that lies', () => {
  it('about whose recording it is, stores nothing and takes nothing from others', async () => {
    const [victim, mallory] = [await add('victim'), await add('mallory')];
    const theirs = victim.record(Buffer.from('what the victim did'));
    await victim.sayReady();
    await eventually(async () => victim.spool.size === 0, 'the recording of the victim');
    mallory.record(Buffer.from('forged'), { device: 'victim' });
    mallory.record(Buffer.from('another'), { id: theirs.id });
    const honest = mallory.record(Buffer.from('honest'));
    await mallory.sayReady();
    await eventually(async () => (await listed('mallory')).includes(honest.id), 'its own recording');
    await eventually(async () => !mallory.spool.has(honest.id), 'its own recording is deleted there');
    expect(await listed('victim')).toEqual([theirs.id]);
    expect((await content(theirs.id)).toString()).toBe('what the victim did');
    expect(await listed('mallory')).toEqual([honest.id]);
  });

  it.each([
    ['says fewer bytes than it sends', { bytes: 10 }, undefined],
    ['says more bytes than it sends', { bytes: 100 }, undefined],
    ['says more than is taken', { bytes: 201 * 1024 * 1024 }, undefined],
    ['sends parts that never end', {}, { ok: true, data: '', end: false }],
    ['sends parts that are too large', {}, { ok: true, data: Buffer.alloc(400 * 1024).toString('base64'), end: true }],
    ['sends something else', {}, { ok: true, data: 7 }],
  ])('%s: nothing is stored, and it keeps what it has', async (what, more, lie) => {
    const liar = await add(`liar-${what.length}-${Object.keys(lie ?? {}).length}`);
    const recording = liar.record(Buffer.alloc(50, 'x'), more);
    liar.lie = (request) => (request.op === 'read' ? lie : undefined);
    liar.asked.length = 0;
    await liar.sayReady();
    const asked = lie || (more.bytes ?? 0) < 1_000 ? 'read' : 'list';
    await eventually(async () => liar.asked.some(({ request }) => request.op === asked), 'it was asked');
    // The next visit of anybody begins after this one has ended.
    const after = await add(`after-${liar.name}`);
    after.record(Buffer.from('x'));
    await after.sayReady();
    await eventually(async () => after.spool.size === 0, 'the next device is visited');
    expect(await listed(liar.name)).toEqual([]);
    expect(liar.spool.has(recording.id)).toBe(true);
    // It mends its ways.
    liar.lie = undefined;
    liar.spool.set(recording.id, { ...liar.spool.get(recording.id)!, recording: { ...recording, bytes: 50 } });
    await liar.sayReady();
    await eventually(async () => liar.spool.size === 0, 'the honest recording');
    expect((await content(recording.id)).toString()).toBe('x'.repeat(50));
  });
});

describe('room', () => {
  it('is made by giving up the oldest, with every byte of it', async () => {
    const busy = await add('busy');
    const { hub: inside } = hub.first.anchor;
    const ids: string[] = [];
    for (const letter of ['a', 'b', 'c']) {
      ids.push(busy.record(Buffer.alloc(700_000, letter)).id);
      await busy.sayReady();
      await eventually(async () => busy.spool.size === 0, `recording ${letter}`);
    }
    const others = (await inside.recordings.list()).filter(({ recording }) => recording.device !== 'busy');
    const size = async () => (await inside.store.manager.streams.info('OBJ_RECORDINGS')).state.bytes;
    const before = await size();
    // Half of it for one device.
    await makeRoom(inside, 3_000_000);
    expect(new Set(await listed('busy'))).toEqual(new Set(ids.slice(1)));
    expect(before - (await size())).toBeGreaterThan(690_000);
    for (const { recording } of others.filter((one) => one.recording.device !== 'alice'))
      expect(await listed(recording.device)).toContain(recording.id);
  });

  it('is not lost to uploads that were broken off', async () => {
    const { recordings, store } = hub.first.anchor.hub;
    for (const nuid of ['lost', 'lost']) await store.js.publish(`$O.RECORDINGS.C.${nuid}`, 'a piece');
    expect(await recordings.removeAbandoned(new Date())).toBe(0);
    const kept = await recordings.list();
    expect(await recordings.removeAbandoned(new Date(Date.now() + 2 * 3_600_000))).toBe(1);
    expect(await recordings.list()).toEqual(kept);
    for (const { recording } of kept) expect((await content(recording.id)).length).toBe(recording.bytes);
  });
});
