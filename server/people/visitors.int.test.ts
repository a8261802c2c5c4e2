import { createUser } from '@nats-io/nkeys';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { subjects } from '#contracts/subjects.ts';
import { digest } from '../auth/secret.ts';
import type { TestAnchor, TestHub, TestReply } from '../test-anchor.ts';
import { inOneMoment } from '../test-clock.ts';
import type { TestBuckets } from '../test-fleet.ts';
import {
  connectPerson,
  fromSomewhere,
  guestLink,
  joinAs,
  mayPublish,
  newName,
  PASSWORD,
  pairTv,
  readAudit,
  startPeopleHub,
  TestSession,
} from '../test-people.ts';

const SID = '00112233445566778899aabb';

let hub: TestHub;
let anchor: TestAnchor;
let buckets: TestBuckets;
let name: string;

beforeAll(async () => {
  ({ hub, anchor, buckets } = await startPeopleHub());
});
afterAll(() => hub?.stop());
beforeEach(() => {
  name = newName();
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
    const line = await connectPerson(hub, visitor);
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
    const line = await connectPerson(hub, other);
    for (const verb of ['exec', 'log', 'screen', 'term'] as const)
      expect(await mayPublish(line, subjects.rpc('octavia', verb, line.uid))).toBe(false);
    expect(await mayPublish(line, subjects.rpc('octavia', 'peek', line.uid))).toBe(true);
    const listed = (await anchor.call('GET', '/tvs')).body.items.find(
      ({ title }: { title: string }) => title === `${name} again`,
    );
    expect((await anchor.call('DELETE', `/tvs/${listed.id}`, { json: {} })).status).toBe(204);
    await line.connection.closed();
    expect(await other.status()).toBe(401);
  });

  it('does not keep its owner out by asking for codes', async () => {
    const from = { 'x-forwarded-for': '198.51.100.99' };
    const codes: TestReply[] = [];
    await inOneMoment(async () => {
      for (let i = 0; i < 7; i++) codes.push(await anchor.raw('POST', '/tv-pairings', { json: {}, headers: from }));
    });
    expect(codes.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 429, 429]);
    const reply = await anchor.raw('POST', '/login', { json: { password: PASSWORD }, headers: from });
    expect(reply.status).toBe(200);
  });
});

it('everything about guests and TVs is in the audit trail, and no secret of theirs', async () => {
  const { actions, text } = await readAudit(anchor);
  for (const action of ['guest.invite', 'guest.enter', 'tv.show-code', 'tv.approve', 'tv.sign-in', 'tv.change', 'tv.remove'])
    expect(actions).toContain(`${action} ok`);
  expect(text).not.toMatch(/horse|argon/);
});
