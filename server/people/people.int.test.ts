import { jwtAuthenticator, type NatsConnection, PermissionViolationError } from '@nats-io/nats-core';
import { createUser } from '@nats-io/nkeys';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { subjects } from '#contracts/subjects.ts';
import { digest } from '../auth/secret.ts';
import { readStream } from '../kv/follow-stream.ts';
import { eventually, startTestHub, type TestAnchor, type TestHub } from '../test-anchor.ts';
import { TestBuckets } from '../test-fleet.ts';
import { fromSomewhere, guest, guestLink, invite, joinAs, makeOwner, PASSWORD, pairTv, TestSession } from '../test-people.ts';

const SID = '00112233445566778899aabb';
const TAB = '0123456789abcdef';

let hub: TestHub;
let anchor: TestAnchor;
let owner: TestSession;
let buckets: TestBuckets;
let round = 0;
let name: string;

beforeAll(async () => {
  hub = await startTestHub();
  anchor = hub.first;
  buckets = new TestBuckets(hub.admin);
  owner = await makeOwner(hub);
  await anchor.call('POST', '/devices', { json: { name: 'octavia' } });
});
afterAll(() => hub.stop());
beforeEach(() => {
  name = `sam-${++round}`;
});

const join = (token: string, password = PASSWORD) =>
  anchor.raw('POST', '/join', { json: { token, password }, headers: fromSomewhere() });
const login = (user: string, password = PASSWORD) =>
  anchor.raw('POST', '/login', { json: { user, password }, headers: fromSomewhere() });
const put = (session: TestSession, what: string) =>
  session.call('PUT', `/deployments/${what}`, { yaml: 'kind: Deployment', headers: { 'if-none-match': '*' } });

interface Line {
  connection: NatsConnection;
  uid: string;
}
async function connectAs(session: Pick<TestSession, 'call'>): Promise<Line> {
  const user = createUser();
  const { body } = await session.call('POST', '/nats-credentials', { json: { publicKey: user.getPublicKey(), tab: TAB } });
  const connection = await connect({
    servers: hub.nats.url,
    authenticator: jwtAuthenticator(body.jwt, user.getSeed()),
    inboxPrefix: body.inboxPrefix,
    reconnect: false,
  });
  return { connection, uid: body.uid };
}

/** The server reports a violation before it answers the ping of the flush. */
async function mayPublish({ connection }: Line, subject: string): Promise<boolean> {
  let refused = false;
  const status = connection.status();
  const listening = (async () => {
    for await (const event of status)
      if (event.type === 'error' && event.error instanceof PermissionViolationError) refused ||= event.error.subject === subject;
  })();
  connection.publish(subject);
  await connection.flush();
  (status as AsyncIterable<unknown> & { stop(): void }).stop();
  await listening;
  return !refused;
}

describe('an invite', () => {
  it('makes one person, however many use it at once', async () => {
    const token = await invite(anchor, name, 'viewer');
    expect((await anchor.call('GET', '/people')).body.invites).toMatchObject([{ name, role: 'viewer', createdBy: 'owner' }]);
    expect((await join(token, 'short')).status).toBe(422);
    const replies = await Promise.all(Array.from({ length: 6 }, () => join(token)));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410, 410, 410]);
    const { body } = replies.find(({ status }) => status === 200)!;
    expect(body).toMatchObject({ user: name, role: 'viewer', kind: 'person', rights: ['see', 'logs', 'watch'] });
    const { items, invites } = (await anchor.call('GET', '/people')).body;
    expect(items).toMatchObject([
      { name: 'owner', role: 'owner' },
      { name, role: 'viewer', invitedBy: 'owner' },
    ]);
    expect(JSON.stringify(items)).not.toMatch(/argon|hash/i);
    expect(invites).toEqual([]);
  });

  it('is taken back, or replaced by the next one for the same name', async () => {
    const first = await invite(anchor, name, 'admin');
    const second = await invite(anchor, name, 'viewer');
    expect((await join(first)).status).toBe(410);
    expect((await anchor.call('DELETE', `/invites/${name}`, { json: {} })).status).toBe(204);
    expect((await anchor.call('DELETE', `/invites/${name}`, { json: {} })).status).toBe(404);
    expect((await join(second)).status).toBe(410);
  });

  it('ends after three days', async () => {
    const token = await invite(anchor, name, 'viewer');
    const key = `invite.${digest(token)}`;
    const stored = JSON.parse((await buckets.get('sessions', key))!.text);
    const days = (Date.parse(stored.expiresAt) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(2.99);
    expect(days).toBeLessThanOrEqual(3);
    await buckets.put('sessions', key, JSON.stringify({ ...stored, expiresAt: new Date(Date.now() - 1).toISOString() }));
    expect((await join(token)).status).toBe(410);
  });

  it('is not made for a name that is taken, or means somebody else', async () => {
    await joinAs(anchor, name, 'viewer');
    for (const taken of [name, 'owner', 'guest', 'tv-1', 'nobody'])
      expect([taken, (await anchor.call('POST', '/invites', { json: { name: taken, role: 'viewer' } })).status]).toEqual([
        taken,
        409,
      ]);
    expect((await anchor.call('POST', '/invites', { json: { name: 'x', role: 'owner' } })).status).toBe(422);
  });

  it('of an admin comes from the owner only, and dies with the rights of who made it', async () => {
    const admin = await joinAs(anchor, name, 'admin');
    const asAdmin = await admin.call('POST', '/invites', { json: { name: `${name}-x`, role: 'admin' } });
    expect(asAdmin.status).toBe(403);
    const token = await invite(anchor, `${name}-y`, 'operator', admin);
    await anchor.call('PATCH', `/people/${name}`, { json: { role: 'operator' } });
    expect((await join(token)).status).toBe(410);
    expect((await anchor.call('GET', '/people')).body.invites).toEqual([]);
  });

  it('does not let a guesser fill the trail', async () => {
    const from = { 'x-forwarded-for': '198.51.100.77' };
    const tries = [];
    for (let i = 0; i < 7; i++)
      tries.push(await anchor.raw('POST', '/join', { json: { token: 'x'.repeat(43), password: PASSWORD }, headers: from }));
    expect(tries.map(({ status }) => status)).toEqual([410, 410, 410, 410, 410, 429, 429]);
  });
});

describe('a person', () => {
  it('signs in by name and password', async () => {
    await joinAs(anchor, name, 'operator');
    const reply = await login(name);
    expect(reply.body).toMatchObject({ user: name, role: 'operator' });
    expect((await login(name, 'wrong password')).status).toBe(401);
    // The same words for a name that nobody has.
    expect((await login(`${name}-nobody`)).body).toEqual((await login(name, 'wrong password')).body);
  });

  it('gets another role at once, on the page and on the live connection', async () => {
    const sam = await joinAs(anchor, name, 'operator');
    const before = await connectAs(sam);
    const typing = subjects.term.in('octavia', SID, before.uid);
    expect(await mayPublish(before, typing)).toBe(true);
    expect((await anchor.call('PATCH', `/people/${name}`, { json: { role: 'viewer' } })).body).toMatchObject({ role: 'viewer' });
    await before.connection.closed();
    expect((await sam.call('GET', '/session')).body).toMatchObject({ role: 'viewer', rights: ['see', 'logs', 'watch'] });
    expect((await put(sam, 'x')).status).toBe(403);
    // NATS dates its JWTs in seconds: one of the second of the revocation is refused too.
    const after = await eventually(() => connectAs(sam).catch(() => undefined), 'the page connects again with its new rights');
    expect(after.uid).toBe(before.uid);
    expect(await mayPublish(after, typing)).toBe(false);
    expect(await mayPublish(after, subjects.term.ack('octavia', SID, after.uid))).toBe(true);
    await after.connection.close();
  });

  it('who is removed is gone from everywhere at once, and a namesake does not inherit', async () => {
    const sam = await joinAs(anchor, name, 'operator');
    const elsewhere = new TestSession(anchor, (await login(name)).headers);
    const visitor = await guest(anchor, await guestLink(anchor, 'octavia', SID, sam));
    const link = await guestLink(anchor, 'octavia', SID, sam);
    const line = await connectAs(sam);
    expect([await sam.status(), await elsewhere.status(), await visitor.status()]).toEqual([200, 200, 200]);
    expect((await anchor.call('DELETE', `/people/${name}`, { json: {} })).status).toBe(204);
    await line.connection.closed();
    expect([await sam.status(), await elsewhere.status(), await visitor.status()]).toEqual([401, 401, 401]);
    expect((await guest(anchor, link)).cookie).toBe('');
    expect((await login(name)).status).toBe(401);
    expect((await anchor.call('DELETE', `/people/${name}`, { json: {} })).status).toBe(404);
    const stored = { user: name, id: 'another', createdAt: new Date().toISOString() };
    const life = { lastSeenAt: new Date().toISOString(), expiresAt: new Date(Date.now() + 60_000).toISOString() };
    await buckets.put('sessions', digest(sam.cookie), JSON.stringify({ ...stored, ...life }));
    await joinAs(anchor, name, 'viewer');
    expect(await sam.status()).toBe(401);
  });

  it('is not changed or removed by who may not', async () => {
    const admin = await joinAs(anchor, name, 'admin');
    await joinAs(anchor, `${name}-b`, 'admin');
    await joinAs(anchor, `${name}-v`, 'viewer');
    const change = (who: string, role: string) => admin.call('PATCH', `/people/${who}`, { json: { role } });
    expect((await change(`${name}-b`, 'viewer')).status).toBe(403);
    expect((await change(`${name}-v`, 'admin')).status).toBe(403);
    expect((await change('owner', 'viewer')).status).toBe(403);
    expect((await change(`${name}-v`, 'operator')).body.role).toBe('operator');
    expect((await admin.call('DELETE', `/people/${name}-b`)).status).toBe(403);
    expect((await anchor.call('DELETE', '/people/owner', { json: {} })).status).toBe(403);
    expect((await owner.call('PATCH', `/people/${name}-b`, { json: { role: 'viewer' } })).status).toBe(200);
  });
});

describe('a connection id', () => {
  it('stays with the tab of a session, and nobody else gets it', async () => {
    const sam = await joinAs(anchor, name, 'viewer');
    const other = new TestSession(anchor, (await login(name)).headers);
    const uidOf = async (session: Pick<TestSession, 'call'>, json: object) =>
      (await session.call('POST', '/nats-credentials', { json: { publicKey: createUser().getPublicKey(), ...json } })).body.uid;
    const uid = await uidOf(sam, { tab: TAB });
    expect(uid).toMatch(new RegExp(`^${name}_[0-9a-f]{24}$`));
    expect(await uidOf(sam, { tab: TAB })).toBe(uid);
    const others = [
      await uidOf(sam, { tab: 'f'.repeat(16) }),
      await uidOf(sam, {}),
      await uidOf(sam, {}),
      await uidOf(other, { tab: TAB }),
      await uidOf(anchor, { tab: TAB }),
    ];
    expect(new Set([uid, ...others]).size).toBe(6);
    expect(await uidOf(anchor, { tab: TAB })).toMatch(/^owner_/);
  });

  it('ends with the session', async () => {
    const sam = await joinAs(anchor, name, 'viewer');
    const line = await connectAs(sam);
    await sam.call('POST', '/logout');
    await line.connection.closed();
    expect(await sam.status()).toBe(401);
  });
});

describe('a guest', () => {
  it('watches one terminal until the link ends', async () => {
    const token = await guestLink(anchor, 'octavia', SID);
    const entered = await anchor.raw('POST', '/guest', { json: { token }, headers: fromSomewhere() });
    expect(entered.body).toMatchObject({ user: 'guest', kind: 'guest', rights: [], guest: { device: 'octavia', sid: SID } });
    const minutes = (Date.parse(entered.body.expiresAt) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(59);
    expect(minutes).toBeLessThanOrEqual(60);
    const visitor = new TestSession(anchor, entered.headers);
    const line = await connectAs(visitor);
    expect(await mayPublish(line, subjects.term.rpc('octavia', SID, line.uid))).toBe(true);
    expect(await mayPublish(line, subjects.term.in('octavia', SID, line.uid))).toBe(false);
    expect(await mayPublish(line, subjects.term.rpc('octavia', 'f'.repeat(24), line.uid))).toBe(false);
    await line.connection.close();
    const key = digest(visitor.cookie);
    const stored = JSON.parse((await buckets.get('sessions', key))!.text);
    await buckets.put('sessions', key, JSON.stringify({ ...stored, expiresAt: new Date(Date.now() - 1).toISOString() }));
    expect(await visitor.status()).toBe(401);
  });

  it('is not what a person becomes who opens the link', async () => {
    const token = await guestLink(anchor, 'octavia', SID);
    const sam = await joinAs(anchor, name, 'viewer');
    const entered = await sam.call('POST', '/guest', { json: { token } });
    expect(entered.body).toMatchObject({ user: name, kind: 'person', guest: { device: 'octavia', sid: SID } });
    expect(entered.headers.get('set-cookie')).toBeNull();
  });

  it('is invited only to a device that is there, for a day at most', async () => {
    const ask = (json: object) => anchor.call('POST', '/guest-links', { json: { device: 'octavia', sid: SID, ...json } });
    expect((await ask({ device: 'ghost' })).status).toBe(404);
    expect((await ask({ minutes: 24 * 60 + 1 })).status).toBe(422);
    expect((await ask({ sid: '*' })).status).toBe(422);
  });
});

describe('a TV', () => {
  const show = () => anchor.raw('POST', '/tv-pairings', { json: {}, headers: fromSomewhere() });
  const claim = (code: string, secret: string) =>
    anchor.raw('POST', `/tv-pairings/${code}/claim`, { json: { secret }, headers: fromSomewhere() });
  const approve = (code: string, title: string) =>
    anchor.call('POST', `/tv-pairings/${code}/approve`, { json: { title, wall: 'main' } });

  it('waits for its approval and is then signed in once', async () => {
    const { code, secret } = (await show()).body;
    expect((await claim(code, secret)).body).toEqual({ paired: false });
    expect((await approve('000000', name)).status).toBe(404);
    expect((await approve(code.toLowerCase(), name)).status).toBe(204);
    expect((await approve(code, name)).status).toBe(409);
    expect((await claim(code, 'x'.repeat(43))).status).toBe(410);
    const claims = await Promise.all(Array.from({ length: 4 }, () => claim(code, secret)));
    expect(claims.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410]);
    const { headers } = claims.find(({ status }) => status === 200)!;
    expect(headers.get('set-cookie')).toContain('Max-Age=2592000');
    expect((await new TestSession(anchor, headers).call('GET', '/session')).body).toMatchObject({
      kind: 'tv',
      role: 'viewer',
      wall: 'main',
    });
  });

  it('gets another wall, renews itself, and is signed out', async () => {
    const tv = await pairTv(anchor, name);
    const { id } = (await anchor.call('GET', '/tvs')).body.items.find(({ title }: { title: string }) => title === name);
    expect((await anchor.call('PATCH', `/tvs/${id}`, { json: { wall: 'doors' } })).body).toMatchObject({
      title: name,
      wall: 'doors',
    });
    expect((await tv.call('GET', '/session')).body.wall).toBe('doors');

    const key = digest(tv.cookie);
    const stored = JSON.parse((await buckets.get('sessions', key))!.text);
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
    const asleep = { lastSeenAt: daysAgo(29), expiresAt: new Date(Date.now() + 86_400_000).toISOString() };
    await buckets.put('sessions', key, JSON.stringify({ ...stored, ...asleep }));
    const renewal = await tv.call('POST', '/nats-credentials', { json: { publicKey: createUser().getPublicKey() } });
    expect(renewal.headers.get('set-cookie')).toContain('Max-Age=2592000');
    await buckets.put('sessions', key, JSON.stringify({ ...stored, lastSeenAt: daysAgo(31), expiresAt: daysAgo(1) }));
    expect(await tv.status()).toBe(401);

    const other = await pairTv(anchor, `${name} again`);
    const line = await connectAs(other);
    expect(await mayPublish(line, subjects.rpc('octavia', 'exec', line.uid))).toBe(false);
    const listed = (await anchor.call('GET', '/tvs')).body.items.find(
      ({ title }: { title: string }) => title === `${name} again`,
    );
    expect((await anchor.call('DELETE', `/tvs/${listed.id}`, { json: {} })).status).toBe(204);
    await line.connection.closed();
    expect(await other.status()).toBe(401);
  });

  it('does not keep its owner out by asking for codes', async () => {
    const from = { 'x-forwarded-for': '198.51.100.99' };
    const codes = [];
    for (let i = 0; i < 7; i++) codes.push(await anchor.raw('POST', '/tv-pairings', { json: {}, headers: from }));
    expect(codes.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 429, 429]);
    const reply = await anchor.raw('POST', '/login', { json: { password: PASSWORD }, headers: from });
    expect(reply.status).toBe(200);
  });
});

it('everything about people is in the audit trail, and no secret of theirs', async () => {
  const texts: string[] = [];
  for (const message of await readStream(anchor.anchor.hub.store, 'AUDIT', { filter: 'audit.>', include: 'all' }))
    texts.push(message.text());
  const actions = new Set(texts.map((text) => JSON.parse(text)).map(({ action, result }) => `${action} ${result}`));
  for (const action of ['invite', 'add', 'join', 'change', 'remove', 'withdraw-invite'])
    expect(actions).toContain(`person.${action} ok`);
  for (const action of ['guest.invite', 'guest.enter', 'tv.show-code', 'tv.approve', 'tv.sign-in', 'tv.change', 'tv.remove'])
    expect(actions).toContain(`${action} ok`);
  expect(texts.join('')).not.toMatch(/horse|argon/);
});
