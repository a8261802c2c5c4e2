import { jwtAuthenticator } from '@nats-io/nats-core';
import { createUser } from '@nats-io/nkeys';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, startTestHub, type TestAnchor, type TestHub, type TestReply } from '../test-anchor.ts';
import { inOneMoment } from '../test-clock.ts';
import { TestBuckets } from '../test-fleet.ts';
import { createOwnerLink, renewLocalToken } from './local-access.ts';
import { digest } from './secret.ts';

let hub: TestHub;
let anchor: TestAnchor;
let buckets: TestBuckets;
const PASSWORD = 'correct horse battery';

beforeAll(async () => {
  hub = await startTestHub();
  anchor = hub.first;
  buckets = new TestBuckets(hub.admin);
});
afterAll(() => hub.stop());

const cookieOf = (headers: Headers) => /^scorewall=([^;]+)/.exec(headers.get('set-cookie') ?? '')?.[1] ?? '';
const login = (password: string, from = '192.0.2.1') =>
  anchor.raw('POST', '/login', { json: { password }, headers: { 'x-forwarded-for': from } });
const signedIn = (cookie: string) => anchor.raw('GET', '/session', { headers: { cookie: `scorewall=${cookie}` } });

describe('the first owner', () => {
  it('is made once by a link that two people use at the same moment', async () => {
    const token = await hub.ownerSecret();
    expect((await anchor.raw('POST', '/owner', { json: { token: 'guess', password: PASSWORD } })).status).toBe(410);
    expect((await anchor.raw('POST', '/owner', { json: { token, password: 'short' } })).status).toBe(422);
    const replies = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        anchor.raw('POST', '/owner', {
          json: { token, password: PASSWORD, wallName: 'Garage' },
          // Who comes too late counts as a guess, and must not make the next one wait.
          headers: { 'x-forwarded-for': `192.0.2.${100 + index}` },
        }),
      ),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410, 410, 410, 410, 410]);
    const winner = replies.find(({ status }) => status === 200)!;
    expect(winner.body).toMatchObject({ user: 'owner', role: 'owner', wallName: 'Garage' });
    // A busy machine takes a while from the beginning of the session to its cookie.
    expect(winner.headers.get('set-cookie')).toMatch(
      /^scorewall=[\w-]{43}; Max-Age=43(?:200|1\d\d); Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect((await signedIn(cookieOf(winner.headers))).status).toBe(200);
    expect(await createOwnerLink(hub.admin, 'http://hub')).toBe('');
  });

  it('has a password that is kept as argon2id only', async () => {
    const { text } = (await buckets.get('users', 'owner'))!;
    expect(text).toContain('$argon2id$');
    expect(text).not.toContain(PASSWORD);
  });

  it('does not get in with a link that is too old', async () => {
    const link = await anchor.call('POST', '/owner-link', { json: {} });
    const stored = JSON.parse((await buckets.get('users', 'owner-link'))!.text);
    await buckets.put('users', 'owner-link', JSON.stringify({ ...stored, expiresAt: new Date(Date.now() - 1).toISOString() }));
    const token = new URL(link.body.url).hash.slice(1);
    expect((await anchor.raw('POST', '/owner', { json: { token, password: PASSWORD } })).status).toBe(410);
  });
});

describe('signing in', () => {
  it('takes the password and nothing else', async () => {
    expect((await login('wrong', '192.0.2.9')).status).toBe(401);
    const reply = await login(PASSWORD);
    expect(reply.status).toBe(200);
    expect((await signedIn(cookieOf(reply.headers))).body.wallName).toBe('Garage');
  });

  it('uses the stricter cookie over TLS', async () => {
    const reply = await anchor.raw('POST', '/login', { json: { password: PASSWORD }, headers: { 'x-forwarded-proto': 'https' } });
    expect(reply.headers.get('set-cookie')).toMatch(/^__Host-scorewall=[\w-]{43}; .*Path=\/; HttpOnly; Secure; SameSite=Strict$/);
  });

  it('ends with logout', async () => {
    const cookie = cookieOf((await login(PASSWORD)).headers);
    const headers = { cookie: `scorewall=${cookie}`, origin: anchor.url };
    expect((await anchor.raw('POST', '/logout', { json: {}, headers })).status).toBe(204);
    expect((await signedIn(cookie)).status).toBe(401);
  });

  it.each([
    ['half an hour without a request', { lastSeenAt: new Date(Date.now() - 30 * 60_000).toISOString() }],
    ['twelve hours', { expiresAt: new Date(Date.now() - 1).toISOString() }],
  ])('ends after %s', async (_, change) => {
    const cookie = cookieOf((await login(PASSWORD)).headers);
    const stored = JSON.parse((await buckets.get('sessions', digest(cookie)))!.text);
    await buckets.put('sessions', digest(cookie), JSON.stringify({ ...stored, ...change }));
    expect((await signedIn(cookie)).status).toBe(401);
  });

  it('is remembered at most once a minute', async () => {
    const cookie = cookieOf((await login(PASSWORD)).headers);
    // The first request notes where it is used.
    await signedIn(cookie);
    const first = (await buckets.get('sessions', digest(cookie)))!;
    await signedIn(cookie);
    expect((await buckets.get('sessions', digest(cookie)))!.revision).toBe(first.revision);
    const old = { ...JSON.parse(first.text), lastSeenAt: new Date(Date.now() - 61_000).toISOString() };
    const revision = await buckets.put('sessions', digest(cookie), JSON.stringify(old));
    await Promise.all(Array.from({ length: 5 }, () => signedIn(cookie)));
    expect((await buckets.get('sessions', digest(cookie)))!.revision).toBe(revision + 1);
  });

  it('slows down who guesses, and nobody else', async () => {
    const guesses: TestReply[] = [];
    // A second later the next guess would be let through, and a busy machine takes longer for six.
    await inOneMoment(async () => {
      for (let i = 0; i < 6; i++) guesses.push(await login(`guess ${i}`, '198.51.100.7'));
    });
    expect(guesses.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429]);
    expect(guesses.at(-1)!.headers.get('retry-after')).toBe('1');
    expect((await login(PASSWORD, '198.51.100.8')).status).toBe(200);
  });

  it('slows down who tries links, before the trail of it fills the disk', async () => {
    const tries: TestReply[] = [];
    await inOneMoment(async () => {
      for (let i = 0; i < 7; i++)
        tries.push(
          await anchor.raw('POST', '/owner', {
            json: { token: `guess-${i}`.padEnd(43, 'x'), password: 'a long password' },
            headers: { 'x-forwarded-for': '198.51.100.9' },
          }),
        );
    });
    expect(tries.map(({ status }) => status)).toEqual([410, 410, 410, 410, 410, 429, 429]);
  });

  it('is ended everywhere by a new password', async () => {
    const cookie = cookieOf((await login(PASSWORD)).headers);
    const link = await anchor.call('POST', '/owner-link', {
      json: {},
      headers: { 'x-forwarded-host': 'hub.local:7400', 'x-forwarded-proto': 'https' },
    });
    expect(link.body.url).toMatch(/^https:\/\/hub\.local:7400\/start#[\w-]{43}$/);
    const token = new URL(link.body.url).hash.slice(1);
    const made = await anchor.raw('POST', '/owner', { json: { token, password: 'another horse' } });
    expect(made.body.wallName).toBe('Garage');
    expect((await signedIn(cookie)).status).toBe(401);
    expect((await login(PASSWORD, '192.0.2.50')).status).toBe(401);
    expect((await login('another horse')).status).toBe(200);
  });
});

describe('S59 requests that another site could forge', () => {
  it.each<[string, Record<string, string>, number]>([
    ['its own page', {}, 201],
    ['its own page, told by the browser', { 'sec-fetch-site': 'same-origin' }, 201],
    ['no origin', { origin: '' }, 403],
    ['another origin', { origin: 'https://evil.example' }, 403],
    ['the same host on another port', { origin: 'http://127.0.0.1:1' }, 403],
    ['an opaque origin', { origin: 'null' }, 403],
    ['another site, told by the browser', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a sister host, told by the browser', { 'sec-fetch-site': 'same-site' }, 403],
    ['a form', { 'content-type': 'text/plain' }, 415],
  ])('from %s', async (_, more, status) => {
    const cookie = cookieOf((await login('another horse')).headers);
    const headers: Record<string, string> = { cookie: `scorewall=${cookie}`, origin: anchor.url, ...more };
    if (headers.origin === '') delete headers.origin;
    const name = `forged-${Math.random().toString(36).slice(2)}`;
    expect((await anchor.raw('POST', '/devices', { json: { name }, headers })).status).toBe(status);
  });

  it('sign nobody in', async () => {
    const reply = await anchor.raw('POST', '/login', {
      json: { password: 'another horse' },
      headers: { origin: 'https://evil.example' },
    });
    expect(reply.status).toBe(403);
  });

  it('make no new link, even with a session', async () => {
    const cookie = cookieOf((await login('another horse')).headers);
    const headers = { cookie: `scorewall=${cookie}`, origin: anchor.url };
    expect((await anchor.raw('POST', '/owner-link', { json: {}, headers })).status).toBe(403);
  });
});

describe('the local token', () => {
  it('ends with the next start', async () => {
    const first = await renewLocalToken(hub.admin);
    const asked = (token: string) => anchor.raw('GET', '/session', { headers: { authorization: `Bearer ${token}` } });
    expect((await asked(first)).status).toBe(200);
    const second = await renewLocalToken(hub.admin);
    expect([(await asked(first)).status, (await asked(second)).status]).toEqual([401, 200]);
  });
});

describe('a NATS user for a browser', () => {
  it('sees the wall and nothing that is stored', async () => {
    const token = await renewLocalToken(hub.admin);
    const user = createUser();
    const { body } = await anchor.raw('POST', '/nats-credentials', {
      json: { publicKey: user.getPublicKey() },
      headers: { authorization: `Bearer ${token}` },
    });
    expect(Date.parse(body.expiresAt) - Date.now()).toBeLessThanOrEqual(15 * 60_000);
    const nc = await connect({
      servers: hub.nats.url,
      authenticator: jwtAuthenticator(() => body.jwt, user.getSeed()),
      inboxPrefix: body.inboxPrefix,
    });
    const heard: string[] = [];
    nc.subscribe('wall.device.*', { callback: (error, message) => void (error ? undefined : heard.push(message.subject)) });
    const refused: string[] = [];
    nc.subscribe('$KV.users.>', { callback: (error) => void (error ? refused.push(error.name) : undefined) });
    await nc.flush();
    await anchor.raw('POST', '/devices', { json: { name: 'seen' }, headers: { authorization: `Bearer ${token}` } });
    await eventually(async () => heard.includes('wall.device.seen'), 'the wall hears of the device');
    expect(refused).toEqual(['PermissionViolationError']);
    await nc.close();
  });
});

describe('the audit trail', () => {
  it('holds who did what and how it ended, and no secret', async () => {
    const texts: string[] = [];
    const { readStream } = await import('../kv/follow-stream.ts');
    for (const message of await readStream(anchor.anchor.hub.store, 'AUDIT', { filter: 'audit.>', include: 'all' }))
      texts.push(message.text());
    const actions = texts
      .map((text) => JSON.parse(text))
      .map(({ action, user, via, result }) => `${user} ${via} ${action} ${result}`);
    expect(actions).toEqual(
      expect.arrayContaining([
        'nobody none owner.make ok',
        'nobody none owner.make link-used',
        'nobody none login unauthenticated',
        'nobody none login ok',
        'owner session logout ok',
        'owner session device.add ok',
        'owner session owner.link forbidden',
        'owner token owner.link ok',
      ]),
    );
    expect(texts.join('')).not.toMatch(/horse|guess/);
  });
});
