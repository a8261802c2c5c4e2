/** Row S74: secrets that are put everywhere a secret belongs are found nowhere else, after a day's work of a whole hub. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestAgent, type TestAgent } from '#agent/test-agent.ts';
import { DeviceIdentity, NewJoin } from '#contracts/api-identity.ts';
import { parseJoinToken } from '#roadchain/join-token.ts';
import { createOwnerLink, renewLocalToken } from '#server/auth/local-access.ts';
import { findBrowser } from '../browser.ts';
import { HubFront } from '../command-line/hub-front.ts';
import { sleeper } from '../faults/services.ts';
import { eventually } from '../stack/eventually.ts';
import { CLIENT, passProvider, TestProvider } from '../stack/oidc-provider.ts';
import { Program } from '../stack/program.ts';
import { Stack } from '../stack/stack.ts';
import { Web } from '../stack/web.ts';
import { Canaries, Places, seedOf, storageOfPage } from './canaries.ts';

/** What Program keeps of a program's words. */
const ALL_LINES = 2_000;
/** A name the provider sends people back to. */
const BY_NAME = 'wall.localhost:7400';
const PASSWORDS = { owner: 'canary-owner-heather-91', sam: 'canary-sam-juniper-37', later: 'canary-sam-bramble-58' } as const;
const UNSEEN = 'canary-typed-unseen-4471';
const UNSEEN_THERE = 'canary-browser-unseen-6620';
/** Paths that are meant to hold a secret, and why. Everything else is searched. */
const MEANT = {
  // Mode 0700: seeds of the fleet's NATS accounts and creds, the anchor's seed, and the key that seals codes of apps.
  home: ['keys'],
  // The two slots of the device's own chain: there is no other place where its key could be.
  device: ['state/identity/a', 'state/identity/b'],
} as const;

const canaries = new Canaries();
let stack: Stack;
let web: Web;
let hub: HubFront;
let provider: TestProvider;
let agent: TestAgent;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let apart: string;
const said: Record<string, () => string> = {};

beforeAll(async () => {
  apart = await mkdtemp(join(tmpdir(), 'sw-canary-'));
  provider = await TestProvider.start([`http://${BY_NAME}`], { mia: { groups: ['wall-operators'] } });
  const lines = ['name = "Works"', `issuer = "${provider.issuer}"`, `client_id = "${CLIENT.id}"`];
  const more = ['client_secret_file = "client.secret"', '[roles]', 'wall-operators = "operator"'];
  await writeFile(join(apart, 'client.secret'), canaries.word('secret of the OIDC client', CLIENT.secret));
  await writeFile(join(apart, 'oidc.toml'), [...lines, ...more].join('\n'));
  stack = await Stack.start({
    devices: ['alice'],
    env: {
      SCOREWALL_LOG_LEVEL: 'trace',
      SCOREWALL_OIDC_FILE: join(apart, 'oidc.toml'),
      SCOREWALL_IDENTITY_SETTLE_SECONDS: '0.05',
      SCOREWALL_IDENTITY_RETIRE_SECONDS: '2',
    },
  });
  const { anchor, nats } = stack;
  web = await Web.start({ anchor, nats, program: ['--import', 'tsx', 'server/web.ts'] });
  const found = findBrowser();
  browser = await chromium.launch({
    ...(found ? { executablePath: found } : {}),
    // Chromium's sandbox refuses to run as root; the pages under test are our own.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  context = await browser.newContext();
  page = await context.newPage();
  said.anchor = () => anchor.lastWords(ALL_LINES);
  said['nats-server'] = () => nats.lastWords(ALL_LINES);
  said.web = () => web.lastWords(ALL_LINES);
  said['agent with creds'] = () => stack.device.agent.lastWords(ALL_LINES);
});

afterAll(async () => {
  await browser?.close();
  await agent?.remove();
  await hub?.close();
  await web?.stop();
  await stack?.stop();
  await provider?.stop();
  if (apart) await rm(apart, { recursive: true, force: true });
});

/** As a script in somebody's page of the hub. */
async function call(cookie: string, method: string, path: string, json: unknown = {}, host = new URL(web.url).host) {
  const answer = await fetch(`${stack.anchor.url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', origin: `http://${host}`, 'x-forwarded-host': host, cookie },
    ...(method === 'GET' ? {} : { body: JSON.stringify(json) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`);
  return {
    cookies: answer.headers.getSetCookie().map((line) => line.split(';')[0]!),
    // biome-ignore lint/suspicious/noExplicitAny: tests look into many kinds of answers
    body: (text ? JSON.parse(text) : {}) as any,
  };
}

const secretIn = (cookie: string | undefined) => cookie?.slice(cookie.indexOf('=') + 1);

describe('a day of work', () => {
  it('signs in: the owner in a browser, a person by password and code, another at the provider', async () => {
    const link = await createOwnerLink(stack.store.connection, web.url);
    canaries.word("the owner's link", new URL(link).hash.slice(1));
    await page.goto(link);
    await page.getByLabel('Name your wall').fill('Workshop');
    await page.getByLabel('Password').fill(canaries.word("the owner's password", PASSWORDS.owner));
    await page.getByRole('button', { name: 'Open the wall' }).click();
    await page.getByRole('region', { name: 'Title: Workshop' }).waitFor();
    const cookie = (await context.cookies()).find(({ name }) => name.includes('scorewall'));
    const owner = `${cookie?.name}=${canaries.word("the owner's session", cookie?.value)}`;

    const invited = await call(owner, 'POST', '/invites', { name: 'sam', role: 'operator' });
    const token = canaries.word('an invite', new URL(invited.body.url).hash.slice(1));
    const password = canaries.word("a person's password", PASSWORDS.sam);
    const joined = await call('', 'POST', '/join', { token, password });
    const sam = joined.cookies[0]!;
    canaries.word("a person's session", secretIn(sam));
    const { body: totp } = await call(sam, 'POST', '/you/totp');
    const key = Secret.fromBase32(canaries.word('key of an app for codes', totp.key));
    canaries.bytes('key of an app for codes, raw', Buffer.from(key.bytes).toString('base64url'));
    const { body: recovery } = await call(sam, 'POST', '/you/totp/confirm', { code: new TOTP({ secret: key }).generate() });
    for (const one of recovery.recoveryCodes) canaries.word('a recovery code', one);
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const { body: made } = await call(sam, 'POST', '/tokens', { name: 'script', grants: [{ role: 'viewer' }], expiresAt });
    canaries.word('an API token', made.secret);
    const change = { current: PASSWORDS.sam, password: canaries.word('a new password', PASSWORDS.later) };
    await call(sam, 'PUT', '/you/password', change);

    const started = await call('', 'POST', '/oidc/start', {}, BY_NAME);
    const query = await passProvider(started.body.url, 'mia');
    canaries.word('a code of the provider', new URLSearchParams(query).get('code') ?? undefined);
    const mia = await call(started.cookies.join('; '), 'POST', '/oidc/finish', { query }, BY_NAME);
    canaries.word('a session by the provider', secretIn(mia.cookies.find((one) => /^scorewall=/.test(one))));
  });

  it('runs a deployment, lets a device in, gives it its next key, types unseen, replays, and keeps the device out', async () => {
    canaries.word('token of the machine', await renewLocalToken(stack.store.connection));
    hub = await HubFront.open(stack);
    await stack.deploy('app', [sleeper('box')]);
    const device = `lucidia-${stack.fleet}`;
    agent = await createTestAgent({
      device,
      credentials: { section: 'type = "roadchain"\ntick_ms = 400' },
      hostIp: stack.device.address,
      engineSocket: stack.engine.socket,
    });
    said['agent with a chain'] = agent.log;
    const { token } = NewJoin.parse((await stack.anchor.expect('POST', '/join-tokens', {})).body);
    canaries.bytes('secret of a join token', parseJoinToken(token)!.secret);
    const joining = new Program({
      name: 'join',
      command: process.execPath,
      args: ['--import', 'tsx', 'agent/main.ts', 'join', token, '--config', agent.configPath],
      env: { HOME: agent.folder },
    });
    said['agent that joins'] = () => joining.lastWords(ALL_LINES);
    joining.start();
    await joining.ended();
    canaries.epochSeed('seed of the first epoch', await seedOf(agent.folder, 0));
    agent.start();
    await eventually('it reports', async () => stack.store.status(device));
    await stack.anchor.expect('POST', `/devices/${device}/rotate`, {});
    await eventually('it has its next key', async () => {
      const { body } = await stack.anchor.expect('GET', `/devices/${device}/identity`);
      return DeviceIdentity.parse(body).epoch === 1;
    });
    canaries.epochSeed('seed of the second epoch', await seedOf(agent.folder, 1));

    const typed = hub.type(['shell', device]);
    // What is typed before it is ours to type is lost.
    await typed.typesUntil('echo mi""ne\r', 'mine');
    typed.types('read -rsp wo""rd: word\r');
    await typed.says('word:');
    typed.types(`${canaries.word('what was typed unseen', UNSEEN)}\r`);
    typed.types('echo sh""own\r');
    await typed.says('shown');
    typed.types('exit\r');
    expect(await typed.ends()).toBe(0);
    const id = await eventually('the recording is here', async () => {
      const { items } = (await stack.anchor.expect('GET', '/recordings')).body as { items: { id: string; device: string }[] };
      const mine = items.find((one) => one.device === device);
      return mine?.id;
    });
    expect((await hub.run(['recordings', 'play', id, '--speed', '1000'])).stdout).toContain('shown');
    await stack.anchor.expect('POST', `/devices/${device}/keep-out`, {});
    await eventually('it hears that it is out', () => /kept-out|kept out/.test(agent.log()));
  });

  it('is looked at on every page', async () => {
    const device = stack.device.name;
    const pages = ['', `d/${device}`, 'deployments', 'deployments/app', 'people', 'you', 'recordings', 'audit', 'logs'];
    for (const path of pages) {
      await page.goto(`${web.url}/${path}`);
      await page.locator('h1, [role="region"]').first().waitFor();
    }
  });

  it('is typed to in the browser', async () => {
    // Without a graphics card the terminal is drawn as text, which a test can read.
    await page.addInitScript(() => {
      HTMLCanvasElement.prototype.getContext = new Proxy(HTMLCanvasElement.prototype.getContext, {
        apply: (original, canvas, words) => (words[0] === 'webgl2' ? null : Reflect.apply(original, canvas, words)),
      });
    });
    await page.goto(`${web.url}/?tile=${stack.device.name}&view=terminal`);
    const screen = page.locator('[data-terminal-screen] .xterm-rows');
    await page.getByText('Press t to type').first().waitFor();
    await page.keyboard.press('t');
    // The first terminal of a device starts its host, here from the sources.
    await page.getByText('Typing to').first().waitFor({ timeout: 60_000 });
    await screen.getByText(/[$#]/).first().waitFor();
    await page.keyboard.type('read -rsp wo""rd: word\n');
    await screen.getByText('word:').first().waitFor();
    await page.keyboard.type(`${canaries.word('what was typed unseen in the browser', UNSEEN_THERE)}\n`);
    await page.keyboard.type('echo sh""own\n');
    await screen.getByText(/shown/).first().waitFor();
  });
});

describe('S74 who has everything that was written', () => {
  it('knows no secret: nothing in storage, logs, recordings, on the device or in the browser', async () => {
    const places = await lookEverywhere();
    const names = [...places.names];
    // It looked where it says it did.
    for (const [where, least] of [
      [/^home\/.*\.blk$/, 5],
      [/^stream OBJ_/, 1],
      [/^stream AUDIT /, 10],
      [/^stream KV_/, 10],
      [/^words of /, 5],
      [/^device with a chain\//, 3],
      [/^browser$/, 1],
    ] as const)
      expect([where, names.filter((name) => where.test(name)).length >= least]).toEqual([where, true]);
    expect(canaries.names.length).toBeGreaterThan(25);
    expect(places.hits(canaries)).toEqual([]);
    // Where they may be is only the one in use: a key of the past is gone for good.
    const slots = await Promise.all(MEANT.device.map((slot) => readFile(join(agent.folder, slot))));
    const kept = canaries.in(Buffer.concat(slots));
    expect(kept).toContain('seed of the second epoch');
    expect(kept.filter((what) => what.includes('first epoch'))).toEqual([]);
  });

  it('is a test that can fail: what is left behind on purpose is found, as it is and in letters', async () => {
    const inHome = join(stack.home, 'left-behind.log');
    const atDevice = join(agent.folder, 'state', 'left-behind');
    const manager = await jetstreamManager(stack.store.connection);
    await writeFile(inHome, JSON.stringify({ msg: `signed in with ${PASSWORDS.owner}` }));
    await writeFile(atDevice, Buffer.from(UNSEEN).toString('hex'));
    // Of the try before.
    await manager.streams.delete('LEFT').catch(() => undefined);
    await manager.streams.add({ name: 'LEFT', subjects: ['left.behind'] });
    await stack.store.connection.request('left.behind', Buffer.from(PASSWORDS.sam).toString('base64'));
    // NATS says that it has a message some moments before it is in the file.
    await eventually('it is on the disk', async () => {
      const places = new Places();
      await places.folder('home', stack.home, MEANT.home);
      return places.hits(canaries).some((hit) => hit.includes('.blk: '));
    });
    await page.evaluate((password) => localStorage.setItem('left', password), PASSWORDS.later);
    await readFile(join(stack.home, 'keys', 'device-signing.seed')).then((seed) => writeFile(`${inHome}.2`, seed));
    const hits = (await lookEverywhere()).hits(canaries);
    expect(hits.map((hit) => hit.replace(/^home\/.*\.blk/, 'home/….blk')).sort()).toEqual(
      [
        "home/left-behind.log: the owner's password",
        'home/left-behind.log.2: NATS seed in device-signing.seed',
        'home/left-behind.log.2: some NATS seed',
        'device with a chain/state/left-behind: what was typed unseen',
        "home/….blk: a person's password",
        "stream LEFT 1: a person's password",
        'browser: a new password',
      ].sort(),
    );
  });
});

async function lookEverywhere(): Promise<Places> {
  for (const file of await readdir(join(stack.home, 'keys'))) {
    const text = (await readFile(join(stack.home, 'keys', file), 'utf8')).trim();
    const seed = /\bS[A-Z2-7]{57}\b/.exec(text)?.[0];
    if (seed) canaries.word(`NATS seed in ${file}`, seed);
    else if (/^[\w-]{43}$/.test(text)) canaries.bytes(`key in ${file}`, text);
  }
  const places = new Places();
  await places.folder('home', stack.home, MEANT.home);
  await places.folder('device with a chain', agent.folder, MEANT.device);
  await places.folder('device with creds', stack.device.stateDir);
  for (const [who, words] of Object.entries(said)) places.text(`words of ${who}`, words());
  for (const [who, pid] of Object.entries({ anchor: stack.anchor.pid, web: web.pid, nats: stack.nats.pid }))
    places.text(`arguments of ${who}`, await readFile(`/proc/${pid}/cmdline`, 'utf8'));
  const manager = await jetstreamManager(stack.store.connection);
  await places.streams(manager);
  places.text('browser', await page.evaluate(storageOfPage));
  return places;
}
