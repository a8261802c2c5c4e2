/** Signing in at a provider: a real one with its pages, and one that lies. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestHub, type TestAnchor, type TestHub } from '#server/test-anchor.ts';
import { fromSomewhere, invite, PASSWORD } from '#server/test-people.ts';
import { CLIENT, passProvider, TestProvider } from '../stack/oidc-provider.ts';
import { HostileProvider, type Lie } from './hostile-provider.ts';

const ORIGIN = 'http://wall.localhost:7400';
let folder: string;
let provider: TestProvider;
let hostile: HostileProvider;
let hub: TestHub;
let anchor: TestAnchor;
let fooled: TestAnchor;

const settings = (issuer: string) => `
name = "Works"
issuer = "${issuer}"
client_id = "${CLIENT.id}"
client_secret_file = "client.secret"
role_claim = "groups"

[roles]
wall-viewers = "viewer"
wall-operators = "operator"
wall-admins = "admin"
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sw-oidc-'));
  provider = await TestProvider.start([ORIGIN], {
    mia: { groups: ['wall-viewers', 'wall-operators'] },
    nobody: { groups: ['something-else'] },
    'Zoë Müller': { groups: ['wall-viewers'], preferred_username: 'Zoë Müller' },
  });
  hostile = await HostileProvider.start();
  await writeFile(join(folder, 'client.secret'), `${CLIENT.secret}\n`);
  await writeFile(join(folder, 'real.toml'), settings(provider.issuer));
  await writeFile(join(folder, 'hostile.toml'), settings(hostile.issuer));
  hub = await startTestHub();
  await hub.first.raw('POST', '/owner', { json: { token: await hub.ownerSecret(), password: PASSWORD } });
  const withFile = (file: string) => ({ env: { SCOREWALL_NATS_URL: hub.nats.url, SCOREWALL_OIDC_FILE: join(folder, file) } });
  anchor = await hub.another(withFile('real.toml'));
  fooled = await hub.another(withFile('hostile.toml'));
});
afterAll(async () => {
  await hub?.stop();
  await Promise.all([provider?.stop(), hostile?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

class Browser {
  readonly #anchor: TestAnchor;
  readonly #from = fromSomewhere();
  readonly #cookies = new Map<string, string>();

  constructor(at: TestAnchor = anchor) {
    this.#anchor = at;
  }

  call = async (method: string, path: string, json: unknown = {}) => {
    const reply = await this.#anchor.raw(method, path, {
      ...(method === 'GET' ? {} : { json }),
      headers: {
        ...this.#from,
        'x-forwarded-host': new URL(ORIGIN).host,
        origin: ORIGIN,
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
    });
    for (const line of reply.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.#cookies.set(name, value);
    }
    return reply;
  };

  start = async (more: object = {}): Promise<string> => (await this.call('POST', '/oidc/start', more)).body.url;
  finish = (query: string) => this.call('POST', '/oidc/finish', { query });
  signIn = async (login: string) => this.finish(await passProvider(await this.start({ next: '/logs' }), login));
  session = async () => (await this.call('GET', '/session')).body;
}

describe('a provider of accounts', () => {
  it('lets people in who have a role there, under a name that is valid here', async () => {
    expect((await new Browser().call('GET', '/doors')).body.oidc).toEqual({ name: 'Works' });
    const mia = new Browser();
    const reply = await mia.signIn('mia');
    expect([reply.status, reply.body]).toEqual([200, { user: 'mia', next: '/logs' }]);
    expect(await mia.session()).toMatchObject({ user: 'mia', role: 'operator', kind: 'person' });
    expect((await mia.call('GET', '/you')).body).toMatchObject({ source: 'oidc', hasPassword: false });
    const zoe = new Browser();
    expect((await zoe.signIn('Zoë Müller')).body.user).toBe('zoe-muller');
    // The same account is the same person.
    expect((await new Browser().signIn('mia')).body.user).toBe('mia');
  });

  it('gives nobody the name of somebody who is here', async () => {
    await invite(hub.first, 'ines', 'admin');
    provider.people.set('ines', { groups: ['wall-viewers'] });
    provider.people.set('owner', { groups: ['wall-viewers'] });
    const ines = new Browser();
    expect((await ines.signIn('ines')).body.user).toBe('ines-2');
    expect((await ines.session()).role).toBe('viewer');
    expect((await new Browser().signIn('owner')).body.user).toBe('owner-2');
  });

  it('says at each sign-in what they may do, and ends what they had', async () => {
    const before = new Browser();
    await before.signIn('mia');
    provider.people.set('mia', { groups: ['wall-admins'] });
    const after = new Browser();
    await after.signIn('mia');
    expect((await after.session()).role).toBe('admin');
    expect((await before.call('GET', '/session')).status).toBe(401);
    provider.people.set('mia', { groups: [] });
    const refused = await new Browser().signIn('mia');
    expect([refused.status, refused.body.title]).toEqual([403, expect.stringMatching(/Works.*no role on this wall/)]);
    expect((await after.call('GET', '/session')).status).toBe(401);
    expect((await anchor.call('GET', '/people')).body.items.map(({ name }: { name: string }) => name)).not.toContain('mia');
  });

  it('lets nobody in without a role, and keeps no trace of them as a person', async () => {
    const reply = await new Browser().signIn('nobody');
    expect(reply.status).toBe(403);
    expect((await anchor.call('GET', '/people')).text).not.toContain('nobody');
  });

  it('is their only way in: no password, passkey or code beside it', async () => {
    const zoe = new Browser();
    await zoe.signIn('Zoë Müller');
    expect((await zoe.call('PUT', '/you/password', { password: 'a password of my own' })).status).toBe(409);
    expect((await zoe.call('POST', '/you/passkey-options')).status).toBe(409);
    expect((await zoe.call('POST', '/you/totp')).status).toBe(409);
    expect((await new Browser().call('POST', '/login', { user: 'zoe-muller', password: 'undefined' })).status).toBe(401);
  });

  it('is believed once, in the browser that went there, with the state it was given', async () => {
    const browser = new Browser();
    const query = await passProvider(await browser.start(), 'Zoë Müller');
    const forged = new URLSearchParams(query);
    forged.set('state', 'x'.repeat(43));
    expect((await browser.finish(`?${forged}`)).status).toBe(401);
    const stranger = new Browser();
    await stranger.start();
    expect((await stranger.finish(query)).status).toBe(401);
    expect((await browser.finish(query)).status).toBe(200);
    expect((await browser.finish(query)).status).toBe(401);
  });

  it('asks for the password again where it is to show that it is still them', async () => {
    const browser = new Browser();
    const url = new URL(await browser.start({ again: true }));
    expect([url.searchParams.get('prompt'), url.searchParams.get('max_age')]).toEqual(['login', '0']);
    expect((await browser.finish(await passProvider(url.href, 'Zoë Müller'))).status).toBe(200);
  });

  it('asks for a proof key, a nonce and a state each time', async () => {
    const [one, other] = await Promise.all([new Browser().start(), new Browser().start()].map(async (url) => new URL(await url)));
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(one!.searchParams.get(name)?.length, name).toBeGreaterThan(30);
      expect(one!.searchParams.get(name)).not.toBe(other!.searchParams.get(name));
    }
    expect(one!.searchParams.get('code_challenge_method')).toBe('S256');
  });

  it('is told that they sign out, where they come from there', async () => {
    const zoe = new Browser();
    await zoe.signIn('Zoë Müller');
    const out = await zoe.call('POST', '/logout');
    const url = new URL(out.body.url);
    expect([out.status, url.origin, url.searchParams.get('post_logout_redirect_uri')]).toEqual([
      200,
      provider.issuer,
      `${ORIGIN}/login`,
    ]);
    expect((await fetch(url)).status).toBe(200);
    expect((await zoe.call('GET', '/session')).status).toBe(401);
  });

  it('that did not let them in is told in words', async () => {
    const browser = new Browser();
    const state = new URL(await browser.start()).searchParams.get('state');
    const reply = await browser.finish(`?error=access_denied&state=${state}&iss=${encodeURIComponent(provider.issuer)}`);
    expect([reply.status, reply.body.title]).toEqual([401, 'You did not allow it at Works.']);
  });
});

describe('what is not to be believed', () => {
  const now = () => Math.floor(Date.now() / 1000);

  async function lies(lie: Lie) {
    hostile.lie = lie;
    const browser = new Browser(fooled);
    const url = new URL(await browser.start());
    hostile.nonce = url.searchParams.get('nonce') ?? '';
    return browser.finish(`?code=any&state=${url.searchParams.get('state')}`);
  }

  it('begins where a right answer lets somebody in', async () => {
    expect((await lies({})).status).toBe(200);
  });

  it.each<[string, () => Lie]>([
    ['the nonce of another sign-in', () => ({ claims: { nonce: 'of-another-one' } })],
    ['another issuer', () => ({ claims: { iss: 'https://evil.example' } })],
    ['a token for somebody else', () => ({ claims: { aud: 'another-client' } })],
    ['a token of yesterday', () => ({ claims: { iat: now() - 86_400, exp: now() - 86_000 } })],
    ['a token without a signature', () => ({ alg: 'none' })],
    ['the signature of a stranger', () => ({ foreignKey: true })],
  ])('%s', async (_, lie) => {
    const reply = await lies(lie());
    expect([reply.status, reply.body.title]).toEqual([401, expect.stringMatching(/cannot be trusted/)]);
  });

  it('a provider that calls itself by another name, or is not there', async () => {
    const liar = await HostileProvider.start();
    await writeFile(join(folder, 'liar.toml'), settings(liar.issuer));
    const late = await hub.another({ env: { SCOREWALL_NATS_URL: hub.nats.url, SCOREWALL_OIDC_FILE: join(folder, 'liar.toml') } });
    liar.lie = { issuer: 'https://evil.example' };
    const first = await new Browser(late).call('POST', '/oidc/start');
    expect([first.status, first.body.title]).toEqual([503, expect.stringMatching(/not what this wall expects/)]);
    await liar.stop();
    const second = await new Browser(late).call('POST', '/oidc/start');
    expect([second.status, second.body.title]).toEqual([503, expect.stringMatching(/Works does not answer/)]);
  });
});
