/** The ways in, tried as their people and as who wants to be them: passkeys, codes of an app. */
import { X509Certificate } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStream } from '#server/kv/follow-stream.ts';
import { startTestHub, type TestAnchor, type TestCall, type TestHub, type TestReply } from '#server/test-anchor.ts';
import { fromSomewhere, invite, joinAs, PASSWORD, TestSession } from '#server/test-people.ts';
import { issueCa } from '#server/up/certificate.ts';
import { type Mischief, TestPasskey } from './test-passkey.ts';

const HOST = 'wall.localhost:7400';
const ORIGIN = `http://${HOST}`;

let hub: TestHub;
let anchor: TestAnchor;

beforeAll(async () => {
  hub = await startTestHub();
  anchor = hub.first;
  await anchor.raw('POST', '/owner', { json: { token: await hub.ownerSecret(), password: PASSWORD } });
});
afterAll(() => hub.stop());

/** A browser with its cookies, on a page of the hub that is open by its name. */
class Browser {
  readonly #cookies = new Map<string, string>();
  readonly #from = fromSomewhere();
  readonly host: string;

  constructor(host = HOST) {
    this.host = host;
  }

  call = async (method: string, path: string, json: unknown = {}, more: TestCall['headers'] = {}): Promise<TestReply> => {
    const reply = await anchor.raw(method, path, {
      ...(method === 'GET' ? {} : { json }),
      headers: {
        ...this.#from,
        'x-forwarded-host': this.host,
        origin: `http://${this.host}`,
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...more,
      },
    });
    for (const line of reply.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.#cookies.set(name, value);
    }
    return reply;
  };

  get session(): string {
    return this.#cookies.get('scorewall') ?? '';
  }

  login = (user: string, more: object = {}) => this.call('POST', '/login', { user, password: PASSWORD, ...more });

  async loginWith(passkey: TestPasskey, mischief: Mischief = {}): Promise<TestReply> {
    const { body } = await this.call('POST', '/login/passkey-options');
    return this.call('POST', '/login/passkey', { response: passkey.get(body.options, mischief) });
  }

  async addPasskey(name = 'Laptop'): Promise<TestPasskey> {
    const passkey = new TestPasskey(ORIGIN);
    const { body } = await this.call('POST', '/you/passkey-options');
    const added = await this.call('POST', '/you/passkeys', { name, response: passkey.create(body.options) });
    expect([added.status, added.body.name]).toEqual([200, name]);
    return passkey;
  }
}

async function person(name: string): Promise<Browser> {
  // Of the try before.
  await anchor.call('DELETE', `/people/${name}`, { json: {} });
  await joinAs(anchor, name, 'operator');
  const browser = new Browser();
  expect((await browser.login(name)).status).toBe(200);
  return browser;
}

describe('a passkey', () => {
  it('is added by who is signed in, and signs them in without a name', async () => {
    const sam = await person('sam');
    const passkey = await sam.addPasskey();
    await sam.addPasskey('Phone');
    const elsewhere = new Browser();
    const reply = await elsewhere.loginWith(passkey);
    expect([reply.status, reply.body.user, reply.body.role]).toEqual([200, 'sam', 'operator']);
    const trail = await readStream(anchor.anchor.hub.store, 'AUDIT', { filter: 'audit.>', include: 'all' });
    const opened = trail.map((message) => JSON.parse(message.text())).filter(({ action }) => action === 'session.open');
    expect(opened.map(({ target }) => target)).toContain('sam');
    const you = (await elsewhere.call('GET', '/you')).body;
    expect(you.passkeys.map((one: { name: string; lastUsedAt?: string }) => [one.name, one.lastUsedAt !== undefined])).toEqual([
      ['Laptop', true],
      ['Phone', false],
    ]);
    expect(you.passkeys[0].host).toBe('wall.localhost');
    expect((await elsewhere.call('DELETE', `/you/passkeys/${you.passkeys[0].id}`)).status).toBe(204);
    expect((await new Browser().loginWith(passkey)).status).toBe(401);
  });

  it.each<[string, Mischief]>([
    ['for another origin', { origin: 'http://wall.localhost.evil.example' }],
    ['for another host name', { rpId: 'evil.example' }],
    ['without finger, face or PIN', { unverified: true }],
    ['that counts backwards, as a copy does', { counter: 0 }],
  ])('%s lets nobody in', async (what, mischief) => {
    const name = `mis-${what.length}`;
    const passkey = await (await person(name)).addPasskey();
    expect((await new Browser().loginWith(passkey)).status).toBe(200);
    expect((await new Browser().loginWith(passkey, mischief)).status).toBe(401);
  });

  it('is asked by a challenge that is good once, in one browser, for one purpose', async () => {
    const max = await person('max');
    const passkey = await max.addPasskey();
    const browser = new Browser();
    const { body } = await browser.call('POST', '/login/passkey-options');
    const answer = { response: passkey.get(body.options) };
    expect((await new Browser().call('POST', '/login/passkey', answer)).status).toBe(401);
    expect((await browser.call('POST', '/login/passkey', answer)).status).toBe(200);
    expect((await browser.call('POST', '/login/passkey', answer)).status).toBe(401);
    // What was asked for a proof signs nobody in, and the other way round.
    const proof = await max.call('POST', '/you/proof-options');
    expect((await max.call('POST', '/login/passkey', { response: passkey.get(proof.body.options) })).status).toBe(401);
    const made = await max.call('POST', '/login/passkey-options');
    expect(
      (await max.call('POST', '/you/passkeys', { name: 'x', response: new TestPasskey(ORIGIN).create(made.body.options) }))
        .status,
    ).toBe(401);
  });

  it('is offered only where a browser could use one, and says what to do elsewhere', async () => {
    for (const [host, words] of [
      ['192.0.2.7:7400', /belong to a name.*by an address/],
      ['hub.local:7400', /need an encrypted connection/],
    ] as const) {
      const reply = await new Browser(host).call('POST', '/login/passkey-options');
      expect([reply.status, reply.body.title]).toEqual([409, expect.stringMatching(words)]);
    }
  });

  it('finishes an invite and the link of the owner in place of a password', async () => {
    const browser = new Browser();
    const token = await invite(anchor, 'kim', 'viewer');
    const passkey = new TestPasskey(ORIGIN);
    const { body } = await browser.call('POST', '/links/passkey-options', { kind: 'invite', token });
    expect(body.options.user.name).toBe('kim');
    const response = passkey.create(body.options);
    expect((await new Browser().call('POST', '/join', { token, passkey: response })).status).toBe(401);
    const again = await browser.call('POST', '/links/passkey-options', { kind: 'invite', token });
    const joined = await browser.call('POST', '/join', { token, passkey: passkey.create(again.body.options) });
    expect([joined.status, joined.body.user]).toEqual([200, 'kim']);
    const you = (await browser.call('GET', '/you')).body;
    expect([you.hasPassword, you.passkeys.length]).toEqual([false, 1]);
    // The only way in stays.
    expect((await browser.call('DELETE', `/you/passkeys/${you.passkeys[0].id}`)).status).toBe(409);
    expect((await new Browser().login('kim')).status).toBe(401);
    expect((await new Browser().loginWith(passkey)).body.user).toBe('kim');

    const link = await anchor.call('POST', '/owner-link', { json: {} });
    const secret = new URL(link.body.url).hash.slice(1);
    const owner = new Browser();
    const offered = await owner.call('POST', '/links/passkey-options', { kind: 'owner', token: secret });
    const own = new TestPasskey(ORIGIN);
    expect((await owner.call('POST', '/owner', { token: secret, passkey: own.create(offered.body.options) })).status).toBe(200);
    expect((await new Browser().loginWith(own)).body.user).toBe('owner');
    expect((await new Browser().call('POST', '/links/passkey-options', { kind: 'owner', token: secret })).status).toBe(410);
  });

  it('of somebody removed is no passkey of a namesake', async () => {
    const passkey = await (await person('uma')).addPasskey();
    await anchor.call('DELETE', '/people/uma', { json: {} });
    await person('uma');
    expect((await new Browser().loginWith(passkey)).status).toBe(401);
  });
});

describe("the fleet's own certificate", () => {
  it('can be taken by any browser, with the fingerprint that the hub prints', async () => {
    const { certificate, key } = issueCa('Scorewall fleet CA');
    const headers = { 'x-forwarded-proto': 'https' };
    expect((await anchor.raw('GET', '/ca.crt', { headers })).status).toBe(404);
    expect((await anchor.raw('GET', '/doors', { headers })).body.ca).toBeUndefined();
    anchor.anchor.hub.publicNatsCa = certificate;
    const file = await anchor.raw('GET', '/ca.crt', { headers });
    expect([file.text, file.headers.get('content-type')]).toEqual([certificate, 'application/x-x509-ca-cert']);
    expect(file.text).not.toContain(key);
    const { body } = await anchor.raw('GET', '/doors', { headers });
    expect(body.ca.fingerprint).toBe(new X509Certificate(certificate).fingerprint256);
    expect(body.hosts[0]).toMatch(/\.local$/);
  });
});

describe('codes of an app', () => {
  const codeOf = (key: string, inS = 0) =>
    new TOTP({ secret: Secret.fromBase32(key) }).generate({ timestamp: Date.now() + inS * 1000 });

  async function withCodes(name: string) {
    const browser = await person(name);
    const { body } = await browser.call('POST', '/you/totp');
    expect(body.uri).toMatch(new RegExp(`^otpauth://totp/.*${name}.*secret=${body.key}`));
    const used = codeOf(body.key);
    const { status, body: turnedOn } = await browser.call('POST', '/you/totp/confirm', { code: used });
    expect([status, new Set(turnedOn.recoveryCodes).size]).toEqual([200, 10]);
    return { browser, used, key: body.key as string, recovery: turnedOn.recoveryCodes as string[] };
  }

  it('are asked for with the password, and each is good once', async () => {
    const { key, used } = await withCodes('ada');
    const first = await new Browser().login('ada');
    expect([first.status, first.body.code]).toEqual([401, 'code-needed']);
    // The code that turned them on is used up; the next step is within the window.
    expect((await new Browser().login('ada', { code: used })).status).toBe(401);
    const code = codeOf(key, 30);
    const replies = await Promise.all([1, 2, 3].map(() => new Browser().login('ada', { code })));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    expect((await new Browser().login('ada', { code: codeOf(key, 120) })).status).toBe(401);
  });

  it('say nothing to who does not know the password', async () => {
    const { key } = await withCodes('bea');
    const replies = [
      await new Browser().login('bea', { password: 'wrong password' }),
      await new Browser().login('bea', { password: 'wrong password', code: codeOf(key, 30) }),
    ];
    expect(replies.map(({ body }) => body.code)).toEqual(['unauthenticated', 'unauthenticated']);
    expect((await new Browser().login('bea', { code: codeOf(key, 30) })).status).toBe(200);
  });

  it('are replaced by a recovery code, once each, until there are new ones', async () => {
    const { browser, recovery } = await withCodes('cyd');
    const typed = recovery[0]!.toUpperCase().replace('-', ' ');
    expect((await new Browser().login('cyd', { code: typed })).status).toBe(200);
    expect((await new Browser().login('cyd', { code: typed })).status).toBe(401);
    expect((await browser.call('GET', '/you')).body.totp.recoveryCodesLeft).toBe(9);
    const renewed = await browser.call('POST', '/you/totp/recovery-codes');
    expect((await new Browser().login('cyd', { code: recovery[1]! })).status).toBe(401);
    expect((await new Browser().login('cyd', { code: renewed.body.recoveryCodes[0] })).status).toBe(200);
  });

  it('do not count before one was shown, and end when they are turned off', async () => {
    const dan = await person('dan');
    await dan.call('POST', '/you/totp');
    expect((await new Browser().login('dan')).status).toBe(200);
    expect((await dan.call('POST', '/you/totp/confirm', { code: '000000' })).status).toBe(401);
    const { browser } = await withCodes('eve');
    expect((await browser.call('POST', '/you/totp')).status).toBe(409);
    expect((await browser.call('DELETE', '/you/totp')).status).toBe(204);
    expect((await new Browser().login('eve')).status).toBe(200);
  });

  it('of somebody who lost the phone are turned off by the owner, on the record', async () => {
    await withCodes('fay');
    const codesOf = (reply: TestReply): string[] =>
      reply.body.items.filter(({ codes }: { codes?: boolean }) => codes).map(({ name }: { name: string }) => name);
    expect(codesOf(await anchor.call('GET', '/people'))).toContain('fay');
    const admin = new TestSession(anchor, (await (await joinAdmin()).login('gus')).headers);
    expect((await admin.call('DELETE', '/people/fay/totp')).status).toBe(403);
    expect(codesOf(await admin.call('GET', '/people'))).toEqual([]);
    expect((await anchor.call('DELETE', '/people/fay/totp', { json: {} })).status).toBe(204);
    expect((await new Browser().login('fay')).status).toBe(200);
    const trail = await readStream(anchor.anchor.hub.store, 'AUDIT', { filter: 'audit.>', include: 'all' });
    expect(
      trail
        .map((message) => message.text())
        .filter((text) => text.includes('totp.reset'))
        .join(),
    ).toMatch(/fay/);
  });

  it('leave neither key nor recovery code in storage', async () => {
    const { key, recovery } = await withCodes('hal');
    const { store } = anchor.anchor.hub;
    const dump: string[] = [];
    for (const stream of ['KV_users', 'KV_sessions', 'AUDIT'])
      for (const message of await readStream(store, stream, { filter: '>', include: 'all' })) dump.push(message.text());
    const text = dump.join('\n');
    expect(text).toContain('hal');
    const raw = Buffer.from(Secret.fromBase32(key).bytes);
    for (const secret of [key, raw.toString('hex'), raw.toString('base64'), raw.toString('base64url'), ...recovery])
      expect(text).not.toContain(secret);
  });
});

const joinAdmin = async () => {
  await joinAs(anchor, 'gus', 'admin');
  return new Browser();
};
