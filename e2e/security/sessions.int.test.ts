/** Rows S62-S65: what becomes of sessions, what guessing gets, and how the first visitor comes in. */
import { jwtAuthenticator, type NatsConnection } from '@nats-io/nats-core';
import { createUser } from '@nats-io/nkeys';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, startTestHub, type TestAnchor, type TestHub } from '#server/test-anchor.ts';
import { fromSomewhere, joinAs, newName, PASSWORD, TestSession } from '#server/test-people.ts';

let hub: TestHub;
let anchor: TestAnchor;

beforeAll(async () => {
  hub = await startTestHub();
  anchor = hub.first;
});
afterAll(() => hub.stop());

const login = (user: string, password = PASSWORD, headers: Record<string, string> = fromSomewhere()) =>
  anchor.raw('POST', '/login', { json: { user, password }, headers });
const signIn = async (user: string) => new TestSession(anchor, (await login(user)).headers);

/** A page's live connection. `cut` settles when it was closed and may not come back. */
async function liveConnection(session: TestSession): Promise<{ nc: NatsConnection; jwt: string; seed: Uint8Array }> {
  const user = createUser();
  const { body } = await session.call('POST', '/nats-credentials', { json: { publicKey: user.getPublicKey() } });
  const nc = await connect({
    servers: hub.nats.url,
    authenticator: jwtAuthenticator(() => body.jwt, user.getSeed()),
    inboxPrefix: body.inboxPrefix,
    reconnect: false,
  });
  return { nc, jwt: body.jwt, seed: user.getSeed() };
}

async function expectCut({ nc, jwt, seed }: Awaited<ReturnType<typeof liveConnection>>): Promise<void> {
  await nc.closed();
  await expect(
    connect({ servers: hub.nats.url, authenticator: jwtAuthenticator(() => jwt, seed), reconnect: false }),
  ).rejects.toThrow();
}

describe('S65 the first visitor', () => {
  it.each(['owner', 'admin', 'root'])('finds no account called %s', async (user) => {
    for (const password of ['', 'admin', 'password', 'scorewall', user])
      expect((await login(user, password)).status, password).toBeGreaterThanOrEqual(401);
  });

  it('makes the owner with the code of the console, and nobody does so a second time', async () => {
    const token = await hub.ownerSecret();
    expect((await anchor.raw('POST', '/owner', { json: { token: 'x'.repeat(43), password: PASSWORD } })).status).toBe(410);
    expect((await anchor.raw('POST', '/owner', { json: { token, password: PASSWORD } })).status).toBe(200);
    for (const again of [token, 'x'.repeat(43)])
      expect(
        (await anchor.raw('POST', '/owner', { json: { token: again, password: 'of somebody else' }, headers: fromSomewhere() }))
          .status,
      ).toBe(410);
    expect((await login('owner', 'of somebody else')).status).toBe(401);
    expect((await login('owner')).status).toBe(200);
  });
});

describe('S62 a session id somebody knows beforehand', () => {
  it('is not taken over by signing in, and ends with it', async () => {
    await joinAs(anchor, 'ann', 'operator');
    const planted = await signIn('ann');
    const invented = 'x'.repeat(43);
    for (const known of [planted.cookie, invented]) {
      const headers = { ...fromSomewhere(), cookie: `scorewall=${known}`, origin: anchor.url };
      const fresh = new TestSession(anchor, (await login('owner', PASSWORD, headers)).headers);
      expect(fresh.cookie).toMatch(/^[\w-]{43}$/);
      expect(fresh.cookie).not.toBe(known);
      expect(await fresh.status()).toBe(200);
      const old = await anchor.raw('GET', '/session', { headers: { cookie: `scorewall=${known}` } });
      expect(old.status).toBe(401);
    }
  });

  it('changes when other rights are given, and signs nobody out', async () => {
    const name = newName();
    await joinAs(anchor, name, 'viewer');
    const before = await signIn(name);
    expect((await anchor.call('PATCH', `/people/${name}`, { json: { role: 'operator' } })).status).toBe(200);
    const ask = () => before.call('POST', '/nats-credentials', { json: { publicKey: createUser().getPublicKey() } });
    const [asked, others] = await Promise.all([
      Promise.all([ask(), ask(), ask()]),
      Promise.all([1, 2, 3].map(() => before.call('GET', '/session'))),
    ]);
    expect([...asked, ...others].map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    const given = asked.filter(({ headers }) => headers.has('set-cookie'));
    expect(given).toHaveLength(1);
    const after = new TestSession(anchor, given[0]!.headers);
    expect(after.cookie).not.toBe(before.cookie);
    const { body } = await after.call('GET', '/session');
    expect([body.user, body.role]).toEqual([name, 'operator']);
    expect((await ask()).headers.has('set-cookie')).toBe(false);
    expect((await after.call('GET', '/sessions')).body.items).toHaveLength(2);
    await eventually(async () => (await before.status()) === 401, 'the old secret ends');
    expect(await after.status()).toBe(200);
  });

  it('that was given other rights ends with its new secret and its old one', async () => {
    const name = newName();
    await joinAs(anchor, name, 'viewer');
    const before = await signIn(name);
    await anchor.call('PATCH', `/people/${name}`, { json: { role: 'operator' } });
    const made = await before.call('POST', '/nats-credentials', { json: { publicKey: createUser().getPublicKey() } });
    const after = new TestSession(anchor, made.headers);
    expect(await before.status()).toBe(200);
    await after.call('POST', '/logout');
    expect([await before.status(), await after.status()]).toEqual([401, 401]);
  });

  it('changes when somebody shows again who they are, and when the password changes', async () => {
    const before = await signIn('ann');
    const live = await liveConnection(before);
    const proof = { kind: 'password', password: PASSWORD };
    const stepped = new TestSession(anchor, (await before.call('POST', '/step-up', { json: proof })).headers);
    expect(stepped.cookie).not.toBe(before.cookie);
    expect([await before.status(), await stepped.status()]).toEqual([401, 200]);
    // The pages that are open stay, and are cut with the session under its new secret.
    expect(live.nc.isClosed()).toBe(false);
    await live.nc.flush();
    const change = await stepped.call('PUT', '/you/password', { json: { current: PASSWORD, password: 'another long one' } });
    const after = new TestSession(anchor, change.headers);
    expect([change.status, await stepped.status(), await after.status()]).toEqual([204, 401, 200]);
    expect((await after.call('PUT', '/you/password', { json: { current: 'another long one', password: PASSWORD } })).status).toBe(
      204,
    );
    await live.nc.close();
  });
});

describe('S63 who stole a session', () => {
  const ways: [string, (session: TestSession) => Promise<unknown>][] = [
    ['signing out', (session) => session.call('POST', '/logout')],
    [
      'a new password, from another browser',
      async () => {
        const other = await signIn('bob');
        const { status } = await other.call('PUT', '/you/password', {
          json: { current: PASSWORD, password: 'a second password' },
        });
        expect(status).toBe(204);
      },
    ],
    ['the removal of the person', () => anchor.call('DELETE', '/people/bob', { json: {} })],
  ];

  it.each(ways)('has nothing after %s: no call, no live connection', async (_, end) => {
    if ((await login('bob')).status !== 200) {
      await anchor.call('DELETE', '/people/bob', { json: {} });
      await joinAs(anchor, 'bob', 'operator');
    }
    const session = await signIn('bob');
    const live = await liveConnection(session);
    await end(session);
    expect((await session.call('GET', '/session')).status).toBe(401);
    expect((await session.call('GET', '/wall')).status).toBe(401);
    expect((await session.call('POST', '/nats-credentials', { json: { publicKey: createUser().getPublicKey() } })).status).toBe(
      401,
    );
    await expectCut(live);
  });
});

describe('S64 a guesser', () => {
  it('from one address waits longer and longer, while those who are signed in go on', async () => {
    const owner = await signIn('owner');
    const guesser = fromSomewhere();
    const begun = performance.now();
    const replies = await Promise.all(Array.from({ length: 20 }, (_, n) => login('owner', `guess number ${n}`, guesser)));
    // Whoever waits has one more guess after 1 s, 3 s, 7 s: so has one whose 20 took as long to arrive.
    const free = 5 + Math.floor(Math.log2(1 + (performance.now() - begun) / 1_000));
    const guessed = replies.filter(({ status }) => status === 401).length;
    expect(guessed).toBeGreaterThanOrEqual(5);
    expect(guessed).toBeLessThanOrEqual(free);
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(20 - guessed);
    expect(replies.find(({ status }) => status === 429)!.headers.get('retry-after')).toBe('1');
    expect(await owner.status()).toBe(200);
    expect((await login('owner')).status).toBe(200);
  });

  it('from many addresses is held back on one account, and its person still comes in, from anywhere', async () => {
    await joinAs(anchor, 'cat', 'viewer');
    const known = fromSomewhere();
    expect((await login('cat', PASSWORD, known)).status).toBe(200);
    const session = await signIn('cat');
    const { throttle } = anchor.anchor.hub;
    const guesses = await Promise.all(Array.from({ length: 11 }, () => login('cat', 'a wrong password')));
    expect(guesses.every(({ status }) => status === 401)).toBe(true);
    const address = (headers: Record<string, string>) => headers['x-forwarded-for'] ?? '';
    expect(throttle.hold('cat', address(fromSomewhere()), Date.now())).toBeGreaterThan(0);
    expect(throttle.hold('cat', address(known), Date.now())).toBe(0);
    expect(await session.status()).toBe(200);
    expect((await login('cat', PASSWORD, known)).status).toBe(200);
    expect((await login('cat')).status).toBe(200);
  });

  it('learns from no answer who is here', async () => {
    await joinAs(anchor, 'dee', 'viewer');
    const [here, notHere] = await Promise.all([
      login('dee', 'a wrong password'),
      login('nobody-of-this-name', 'a wrong password'),
    ]);
    expect(notHere.body).toEqual(here.body);
    expect([...notHere.headers.keys()].sort()).toEqual([...here.headers.keys()].sort());
  });

  it('learns from no clock who is here: a password is computed either way', async () => {
    const [here, notHere] = [newName(), newName()];
    await joinAs(anchor, here, 'viewer');
    const took = new Map<string, number[]>([
      [here, []],
      [notHere, []],
    ]);
    // In turns: a machine that becomes busy in the middle is so for both.
    for (let n = 0; n < 9; n++)
      for (const [user, times] of took) {
        const begun = performance.now();
        await login(user, 'a wrong password');
        times.push(performance.now() - begun);
      }
    const median = (user: string) => took.get(user)!.sort((a, b) => a - b)[4]!;
    // Without the computation it is ten times faster; a busy machine does not make it so.
    expect(median(notHere)).toBeGreaterThan(median(here) / 4);
  });

  it('sees one thousand names once each refused alike', async () => {
    const replies = [];
    for (let n = 0; n < 1_000; n += 40)
      replies.push(
        ...(await Promise.all(
          Array.from({ length: 8 }, (_, k) =>
            login(`user-${n + k}`, 'summer of this year', { 'x-forwarded-for': '203.0.113.50' }),
          ),
        )),
      );
    expect(replies.filter(({ status }) => status === 401).length).toBeLessThan(10);
    expect(replies.every(({ status }) => status === 401 || status === 429)).toBe(true);
    await eventually(async () => (await login('owner')).status === 200, 'the owner comes in');
  });
});
