import { createUser } from '@nats-io/nkeys';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { subjects } from '#contracts/subjects.ts';
import { digest } from '../auth/secret.ts';
import { eventually, type TestAnchor, type TestHub, type TestReply } from '../test-anchor.ts';
import { inOneMoment } from '../test-clock.ts';
import type { TestBuckets } from '../test-fleet.ts';
import {
  connectPerson,
  fromSomewhere,
  guest,
  guestLink,
  invite,
  joinAs,
  mayPublish,
  newName,
  PASSWORD,
  readAudit,
  startPeopleHub,
  TestSession,
} from '../test-people.ts';

const SID = '00112233445566778899aabb';
const TAB = '0123456789abcdef';

let hub: TestHub;
let anchor: TestAnchor;
let owner: TestSession;
let buckets: TestBuckets;
let name: string;

beforeAll(async () => {
  ({ hub, anchor, owner, buckets } = await startPeopleHub());
});
afterAll(() => hub?.stop());
beforeEach(() => {
  name = newName();
});

const join = (token: string, password = PASSWORD) =>
  anchor.raw('POST', '/join', { json: { token, password }, headers: fromSomewhere() });
const login = (user: string, password = PASSWORD) =>
  anchor.raw('POST', '/login', { json: { user, password }, headers: fromSomewhere() });
const put = (session: TestSession, what: string) =>
  session.call('PUT', `/deployments/${what}`, { yaml: 'kind: Deployment', headers: { 'if-none-match': '*' } });

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
    const tries: TestReply[] = [];
    await inOneMoment(async () => {
      for (let i = 0; i < 7; i++)
        tries.push(await anchor.raw('POST', '/join', { json: { token: 'x'.repeat(43), password: PASSWORD }, headers: from }));
    });
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
    const before = await connectPerson(hub, sam);
    const typing = subjects.term.in('octavia', SID, before.uid);
    expect(await mayPublish(before, typing)).toBe(true);
    expect((await anchor.call('PATCH', `/people/${name}`, { json: { role: 'viewer' } })).body).toMatchObject({ role: 'viewer' });
    await before.connection.closed();
    expect((await sam.call('GET', '/session')).body).toMatchObject({ role: 'viewer', rights: ['see', 'logs', 'watch'] });
    expect((await put(sam, 'x')).status).toBe(403);
    // NATS dates its JWTs in seconds: one of the second of the revocation is refused too.
    const after = await eventually(
      () => connectPerson(hub, sam).catch(() => undefined),
      'the page connects again with its new rights',
    );
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
    const line = await connectPerson(hub, sam);
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
    const line = await connectPerson(hub, sam);
    await sam.call('POST', '/logout');
    await line.connection.closed();
    expect(await sam.status()).toBe(401);
  });
});

it('everything about people is in the audit trail, and no secret of theirs', async () => {
  const { actions, text } = await readAudit(anchor);
  for (const action of ['invite', 'add', 'join', 'change', 'remove', 'withdraw-invite'])
    expect(actions).toContain(`person.${action} ok`);
  expect(text).not.toMatch(/horse|argon/);
});
