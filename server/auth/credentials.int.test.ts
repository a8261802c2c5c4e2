import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestHub, type TestAnchor, type TestHub } from '../test-anchor.ts';
import { TestBuckets } from '../test-fleet.ts';
import { connectPerson, joinAs, joinWith, type Line, makeOwner, mayPublish, PASSWORD, TestSession } from '../test-people.ts';
import { digest } from './secret.ts';

/** What drives is made as long as more than 5 s of it are left: a busy machine has ten for that. */
const PROOF_MS = 15_000;
let hub: TestHub;
let anchor: TestAnchor;
let owner: TestSession;
const lines: Line[] = [];

beforeAll(async () => {
  hub = await startTestHub();
  anchor = hub.first;
  owner = await makeOwner(hub);
  for (const [name, site] of [
    ['alice', 'berlin'],
    ['octavia', 'paris'],
  ] as const)
    await anchor.call('POST', '/devices', { json: { name, labels: { site } } });
});
afterAll(async () => {
  await Promise.all(lines.map(({ connection }) => connection.close()));
  await hub.stop();
});

const line = async (session: Pick<TestSession, 'call'>) => {
  const made = await connectPerson(hub, session);
  lines.push(made);
  return made;
};
const stepUp = async (session: TestSession, password = PASSWORD, at = anchor) => {
  const reply = await session.call('POST', '/step-up', { json: { kind: 'password', password } });
  return { reply, session: reply.status === 200 ? new TestSession(at, reply.headers) : session };
};
/** As if what was shown at the sign-in were too long ago. */
const makeStale = async (session: TestSession) => {
  const buckets = new TestBuckets(hub.admin);
  const key = digest(session.cookie);
  const stored = JSON.parse((await buckets.get('sessions', key))!.text);
  const longAgo = new Date(Date.parse(stored.signedInAt) - PROOF_MS).toISOString();
  await buckets.put('sessions', key, JSON.stringify({ ...stored, createdAt: longAgo, signedInAt: longAgo }));
  const { body } = await session.call('GET', '/session');
  expect(Date.parse(body.provenUntil)).toBeLessThan(Date.now());
};
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

describe('a proof', () => {
  it('is asked for again where it matters, and what was wanted goes on after it', async () => {
    const strict = await hub.another({ proofMs: PROOF_MS });
    let ada = await joinAs(strict, 'ada', 'admin');
    const first = await line(ada);
    expect(await mayPublish(first, `device.alice.rpc.exec.${first.uid}`)).toBe(true);
    await makeStale(ada);
    for (const [method, path] of [
      ['DELETE', '/devices/alice'],
      ['POST', '/devices'],
      ['POST', '/devices/alice/credentials'],
      ['POST', '/invites'],
      ['PATCH', '/people/ada'],
      ['POST', '/tokens'],
      ['GET', '/recordings/0123456789abcdef01234567/content'],
    ] as const)
      expect([path, (await ada.call(method, path)).body?.code]).toEqual([path, 'step-up-needed']);
    expect((await ada.call('GET', '/wall')).status).toBe(200);
    const { body } = await ada.call('POST', '/nats-credentials', { json: { publicKey: PUBLIC_KEY } });
    expect(body.proofNeeded).toBe(true);
    const watching = await line(ada);
    expect(await mayPublish(watching, `device.alice.rpc.log.${watching.uid}`)).toBe(true);
    expect(await mayPublish(watching, `device.alice.rpc.exec.${watching.uid}`)).toBe(false);
    expect(await mayPublish(watching, `term.alice.00112233445566778899aabb.in.${watching.uid}`)).toBe(false);

    expect((await stepUp(ada, 'not the password', strict)).reply.status).toBe(401);
    const before = ada;
    const { reply, session } = await stepUp(ada, PASSWORD, strict);
    ada = session;
    expect(Date.parse(reply.body.until)).toBeGreaterThan(Date.now());
    expect(await before.status()).toBe(401);
    expect((await ada.call('POST', '/invites', { json: { name: 'kim', role: 'viewer' } })).status).toBe(201);
    const driving = await line(ada);
    expect(driving.uid).toBe(watching.uid);
    expect(await mayPublish(driving, `device.alice.rpc.exec.${driving.uid}`)).toBe(true);
    // What drives ends with the proof, and is not told apart from any other end.
    await driving.connection.closed();
    expect(Date.parse(reply.body.until) - Date.now()).toBeLessThan(1_500);
  });
});

const PUBLIC_KEY = `U${'A'.repeat(55)}`;

describe('S63 a session', () => {
  it('is listed with where it is from, and ended with its live connections by its person', async () => {
    const kim = await joinAs(anchor, 'kims', 'viewer');
    const again = await anchor.raw('POST', '/login', {
      json: { user: 'kims', password: PASSWORD },
      headers: { 'user-agent': 'a browser', 'x-forwarded-for': '198.51.100.7' },
    });
    const other = new TestSession(anchor, again.headers);
    const headers = { 'user-agent': 'a browser', 'x-forwarded-for': '198.51.100.7' };
    expect((await other.call('GET', '/session', { headers })).status).toBe(200);
    const live = await line(other);
    const { body } = await kim.call('GET', '/sessions');
    expect(body.items).toHaveLength(2);
    expect(body.items[0]).toMatchObject({ current: true, user: 'kims' });
    expect(body.items[1]).toMatchObject({ current: false, from: '198.51.100.7', client: 'a browser' });
    expect(JSON.stringify(body)).not.toContain(other.cookie);
    const stranger = await joinAs(anchor, 'eve', 'viewer');
    expect((await stranger.call('DELETE', `/sessions/${body.items[1].id}`)).status).toBe(404);
    expect((await kim.call('DELETE', `/sessions/${body.items[1].id}`)).status).toBe(204);
    await live.connection.closed();
    expect(await other.status()).toBe(401);
    expect(await kim.status()).toBe(200);
    expect((await stepUp(owner)).reply.status).toBe(200);
  });

  it('is refused after signing out, with the NATS user it made', async () => {
    const bob = await joinAs(anchor, 'bob', 'viewer');
    const { nats } = hub;
    const made = await line(bob);
    expect((await bob.call('POST', '/logout')).status).toBe(204);
    await made.connection.closed();
    expect(await bob.status()).toBe(401);
    // Not only cut: what a thief kept of it opens nothing any more.
    await expect(made.reconnect(nats.url)).rejects.toThrow(/authorization|revoked|closed/i);
  });

  it("the owner sees everybody's", async () => {
    const { body } = await anchor.call('GET', '/sessions');
    expect(new Set(body.items.map((one: { user: string }) => one.user))).toContain('owner');
    expect(new Set(body.items.map((one: { user: string }) => one.user))).toContain('kims');
  });
});

describe('a token', () => {
  it('has at most the rights of whoever makes it, ends, and is stored as a digest', async () => {
    const pat = await joinWith(anchor, 'pat', [{ role: 'operator', selector: { site: 'berlin' } }]);
    const wanted = { name: 'ci', grants: [{ role: 'operator', selector: { site: 'berlin' } }], expiresAt: inDays(30) };
    for (const [grants, expiresAt] of [
      [[{ role: 'operator' }], inDays(1)],
      [[{ role: 'admin', selector: { site: 'berlin' } }], inDays(1)],
      [[{ role: 'viewer', selector: { site: 'paris' } }], inDays(1)],
    ])
      expect((await pat.call('POST', '/tokens', { json: { ...wanted, grants, expiresAt } })).status).toBe(403);
    for (const expiresAt of [inDays(400), inDays(-1), undefined])
      expect((await pat.call('POST', '/tokens', { json: { ...wanted, expiresAt } })).status).toBe(422);
    const made = await pat.call('POST', '/tokens', { json: wanted });
    expect(made.status).toBe(201);
    const { secret, token } = made.body;
    const call = (method: string, path: string, json?: unknown) =>
      anchor.raw(method, path, { headers: { authorization: `Bearer ${secret}` }, ...(json ? { json } : {}) });
    expect((await call('GET', '/devices')).body.items).toHaveLength(1);
    expect((await call('POST', '/tokens', wanted)).status).toBe(403);
    expect((await call('POST', '/invites', { name: 'x', role: 'viewer' })).status).toBe(403);
    const live = await line({ call: (method, path, more) => call(method, path, more?.json) });
    expect(await mayPublish(live, `device.alice.rpc.exec.${live.uid}`)).toBe(true);
    expect(await mayPublish(live, `device.octavia.rpc.log.${live.uid}`)).toBe(false);
    const listed = (await pat.call('GET', '/tokens')).text;
    expect(listed).toContain(token.id);
    expect(JSON.parse(listed).items[0].lastUsedAt).toBeTruthy();
    expect(listed).not.toContain(secret);
    const stored = await anchor.anchor.hub.buckets.tokens.list('token.*');
    expect(JSON.stringify(stored)).not.toContain(secret);

    // It shrinks with whoever made it.
    await anchor.call('PATCH', '/people/pat', { json: { role: 'viewer' } });
    expect((await call('GET', '/session')).body.role).toBe('viewer');
    const eve = await joinAs(anchor, 'eva', 'admin');
    expect((await eve.call('DELETE', `/tokens/${token.id}`)).status).toBe(404);
    const again = await line({ call: (method, path, more) => call(method, path, more?.json) });
    expect((await pat.call('DELETE', `/tokens/${token.id}`)).status).toBe(204);
    await again.connection.closed();
    expect((await call('GET', '/session')).status).toBe(401);
  });
});
