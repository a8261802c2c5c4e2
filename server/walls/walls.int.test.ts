import { afterAll, beforeAll, expect, it } from 'vitest';
import { EMPTY_WALL, type Wall } from '#contracts/wall.ts';
import { mintPerson } from '#server/nats/mint.ts';
import { createNkey } from '#server/nats/nkey.ts';
import { connectNats } from '../nats/connect.ts';
import { formatCreds } from '../nats/jwt.ts';
import { eventually, startTestHub, type TestHub } from '../test-anchor.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(() => hub.stop());

const door: Wall = { ...EMPTY_WALL, name: 'front-door', title: 'Front door', pinned: ['alice'], order: ['octavia', 'alice'] };
const isNew = { 'if-none-match': '*' };
const call: TestHub['first']['call'] = (...args) => hub.first.call(...args);
const put = (wall: Wall, headers: Record<string, string>, path = wall.name) =>
  call('PUT', `/walls/${path}`, { json: wall, headers });

it('the main wall is always there, and is saved over its revision 0', async () => {
  const unsaved = await call('GET', '/walls/main');
  expect(unsaved.body).toEqual({ revision: 0, wall: { ...EMPTY_WALL, name: 'main', title: 'Workshop' } });
  expect(unsaved.headers.get('etag')).toBe('"0"');
  const saved = await put({ ...unsaved.body.wall, density: 'L' }, { 'if-match': '"0"' });
  expect(saved.status).toBe(201);
  expect((await call('GET', '/walls/main')).body).toEqual(saved.body);
  expect((await call('DELETE', '/walls/main', { headers: { 'if-match': saved.headers.get('etag')! } })).status).toBe(204);
  expect((await call('GET', '/walls/main')).body).toEqual(unsaved.body);
  expect((await call('DELETE', '/walls/main', { headers: { 'if-match': '"0"' } })).status).toBe(204);
});

it('a wall is created, changed and deleted against the revision somebody saw', async () => {
  const created = await put(door, isNew);
  expect(created.status).toBe(201);
  const first = created.headers.get('etag')!;
  expect(await put(door, isNew)).toMatchObject({ status: 412, body: { current: created.body } });
  expect(await put(door, { 'if-match': first })).toMatchObject({ status: 200, body: created.body });
  const changed = await put({ ...door, title: 'Back door' }, { 'if-match': first });
  expect(changed).toMatchObject({ status: 200, body: { wall: { title: 'Back door' } } });
  expect(await put(door, { 'if-match': first })).toMatchObject({ status: 412, body: { current: changed.body } });
  expect((await put(door, {})).status).toBe(428);
  expect((await call('GET', '/walls')).body.items.map(({ wall }: { wall: Wall }) => wall.name)).toEqual(['main', 'front-door']);
  expect((await call('DELETE', '/walls/front-door', { headers: { 'if-match': first } })).status).toBe(412);
  const newest = { 'if-match': changed.headers.get('etag')! };
  expect((await call('DELETE', '/walls/front-door', { headers: newest })).status).toBe(204);
  expect((await call('GET', '/walls/front-door')).status).toBe(404);
  expect((await call('DELETE', '/walls/front-door', { headers: newest })).status).toBe(404);
  expect(await put(door, newest)).toMatchObject({ status: 412, body: { title: expect.stringContaining('deleted') } });
  expect((await put(door, isNew)).status).toBe(201);
});

it('two who save at once: one of them is told', async () => {
  const wall = { ...door, name: 'race' };
  const replies = await Promise.all([1, 2, 3, 4].map((n) => put({ ...wall, title: `${n}` }, isNew)));
  expect(replies.map(({ status }) => status).sort()).toEqual([201, 412, 412, 412]);
});

it('what is no wall, or another one, is refused', async () => {
  expect((await put(door, isNew, 'other')).status).toBe(422);
  expect((await call('PUT', '/walls/x', { json: { ...door, name: 'x', density: 'XXL' }, headers: isNew })).status).toBe(422);
  expect((await put({ ...door, name: '*' }, isNew)).status).toBe(422);
  expect((await call('GET', '/walls/*')).status).toBe(404);
});

it('whoever looks hears of every change, and of a deletion', async () => {
  const key = createNkey('user');
  const uid = `owner_${'0'.repeat(24)}`;
  const { jwt, inboxPrefix } = mintPerson(
    hub.first.anchor.hub.minting,
    { kind: 'viewer', uid },
    { publicKey: key.publicKey, ttlMs: 60_000 },
  );
  const viewer = await connectNats({
    servers: hub.nats.url,
    creds: formatCreds(jwt, key.seed),
    name: 'viewer',
    inboxPrefix,
    firstConnect: 'fail',
  });
  try {
    const heard: { subject: string; sequence: string; deleted: boolean; text: string }[] = [];
    viewer.subscribe('wall.layout.*', {
      callback: (_, message) => {
        heard.push({
          subject: message.subject,
          sequence: message.headers?.get('Nats-Sequence') ?? '',
          deleted: message.headers?.get('KV-Operation') === 'DEL',
          text: message.string(),
        });
      },
    });
    await viewer.flush();
    const wall = { ...door, name: 'heard' };
    const { body } = await put(wall, isNew);
    await call('DELETE', '/walls/heard', { headers: { 'if-match': `"${body.revision}"` } });
    await eventually(async () => heard.length === 2, 'both changes');
    expect(heard[0]).toMatchObject({ subject: 'wall.layout.heard', sequence: String(body.revision), deleted: false });
    expect(JSON.parse(heard[0]!.text)).toEqual(wall);
    expect(heard[1]).toMatchObject({ subject: 'wall.layout.heard', deleted: true });
  } finally {
    await viewer.close();
  }
});
