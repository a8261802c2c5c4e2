/**
 * `node --import tsx e2e/showcase/showcase.ts`: nine real devices at work, and the pictures of the README made of them: the wall, and a
 * short film of opening a tile, typing into it and coming back. A desktop is on it where the image of deploy/screens is there.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, chromium, type Page } from '@playwright/test';
import { API_VERSION } from '#contracts/deployment.ts';
import { RunFile } from '#contracts/run-file.ts';
import { findBrowser } from '../browser.ts';
import { eventually } from '../stack/eventually.ts';
import { startUp } from '../stack/up.ts';
import { SHOWN, type Shown } from './programs.ts';

const DEVICES = ['alice', 'aria', 'octavia', 'lucidia', 'silas', 'cecilia', 'olympia', 'shellfish', 'anna'];
const PICTURES = fileURLToPath(new URL('../../docs/images', import.meta.url));
const FILM_SIZE = { width: 1280, height: 720 };
const FRAMES_A_SECOND = 6;
const run = promisify(execFile);

const up = await startUp({ firstAddress: '127.0.6.11', devices: DEVICES });
const browser = await launch();
try {
  const hub = RunFile.parse(JSON.parse(await readFile(join(up.home, 'run.json'), 'utf8')));
  const state = await becomeOwner(browser, hub.ownerLink!);
  const shown = [...SHOWN, ...(await desktop())];
  for (const one of shown) await deploy(hub, one);
  await chooseFaces(hub, shown);
  await eventually('everything runs', async () => {
    const response = await fetch(`${hub.url}/api/v1/deployments`, { headers: { authorization: `Bearer ${hub.apiToken}` } });
    const { items } = (await response.json()) as { items: { status?: { aggregate: { targets: number; running: number } } }[] };
    return items.every(({ status }) => status && status.aggregate.running === status.aggregate.targets);
  });
  const talking = keepTalking(up.home);
  const picture = await browser.newPage({ viewport: { width: 1920, height: 1080 }, colorScheme: 'dark', storageState: state });
  await picture.goto(hub.url);
  await picture.waitForTimeout(12_000);
  await picture.screenshot({ path: join(PICTURES, 'wall-dark.png') });
  await picture.close();
  await film(browser, hub.url, state);
  clearInterval(talking);
} finally {
  await browser.close();
  await up.stop();
}

function launch(): Promise<Browser> {
  const path = findBrowser();
  return chromium.launch({
    ...(path ? { executablePath: path } : {}),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}

async function becomeOwner(on: Browser, link: string) {
  const context = await on.newContext({ viewport: { width: 1920, height: 1080 }, colorScheme: 'dark' });
  const page = await context.newPage();
  await page.goto(link);
  for (const box of await page.locator('input[type=password]').all()) await box.fill('nine frames and a plate');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === '/');
  const state = await context.storageState();
  await context.close();
  return state;
}

/** Octavia's agent works in a browser, where somebody has built its image. */
async function desktop(): Promise<Shown[]> {
  const image = 'localhost/scorewall/screen:1';
  const there = await run('podman', ['image', 'exists', image]).then(
    () => true,
    () => false,
  );
  if (!there) return [];
  const page =
    'data:text/html,<body style="font:28px sans-serif;padding:40px"><h1>Order 4711</h1><p>Coffee, 1 kg <b>14.90</b></p><p>Deliver to <input value="Workshop"></p>';
  const env = { SCREEN_SIZE: '1280x800', SCREEN_URL: page };
  return [
    {
      device: 'octavia',
      deployment: 'shopper',
      services: [{ name: 'desk', image, env, screen: { kind: 'vnc', port: 5900 }, stopTimeoutSeconds: 2 }],
    },
  ];
}

async function deploy(hub: RunFile, { device, deployment, services }: Shown): Promise<void> {
  const manifest = {
    apiVersion: API_VERSION,
    kind: 'Deployment',
    metadata: { name: deployment },
    spec: {
      targetDevices: [device],
      score: { type: 'PodmanV0', data: { services } },
      rollout: { strategy: 'Immediate' },
    },
  };
  await put(hub, `/deployments/${deployment}`, manifest, { 'if-none-match': '*' });
}

/** Two tiles show a log; the others what they show by themselves. */
async function chooseFaces(hub: RunFile, shown: readonly Shown[]): Promise<void> {
  const response = await fetch(`${hub.url}/api/v1/walls/main`, { headers: { authorization: `Bearer ${hub.apiToken}` } });
  const { wall } = (await response.json()) as { wall: object };
  const faces = Object.fromEntries(
    shown
      .filter(({ services }) => services[0]!.screen === undefined)
      .map(({ device, deployment, services }) => [device, { kind: 'log', deployment, service: services[0]!.name }]),
  );
  await put(hub, '/walls/main', { ...wall, faces }, { 'if-match': response.headers.get('etag') ?? '"0"' });
}

async function put({ url, apiToken }: RunFile, path: string, body: object, headers: Record<string, string>): Promise<void> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

/** What the programs on the devices say through their local sockets. */
function keepTalking(home: string): NodeJS.Timeout {
  const say = (device: string, verb: string, body: object | string) => {
    const socketPath = join(home, 'devices', device, 'state', 'agent.sock');
    const asking = request({ socketPath, path: `/${verb}`, method: 'POST' }, (response) => response.resume());
    asking.on('error', () => undefined);
    asking.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  say('alice', 'say', 'counting visitors');
  say('octavia', 'say', 'filling the order form');
  say('lucidia', 'say', 'answering Aria');
  say('silas', 'say', 'keeping the tomatoes at 21 °C');
  for (const [text, state] of [
    ['read the mail', 'done'],
    ['open the shop', 'done'],
    ['fill the order form', 'doing'],
  ])
    say('octavia', 'step', { text, state });
  say('octavia', 'ask', { question: 'Pay 14.90 €?', options: ['Pay', 'Not now'] });
  let frame = 8_813;
  return setInterval(() => say('alice', 'call', { to: 'aria', text: `check frame ${frame++}` }), 4_000);
}

/** Frames are taken one by one and put together by ffmpeg: the browsers of distributions bring no recorder of their own. */
async function film(on: Browser, url: string, storageState: Awaited<ReturnType<typeof becomeOwner>>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sw-film-'));
  const page = await on.newPage({ viewport: FILM_SIZE, colorScheme: 'dark', storageState });
  await page.goto(url);
  await page.waitForTimeout(4_000);
  let playing = true;
  const taking = (async () => {
    for (let frame = 0; playing; frame++) {
      const nextAt = performance.now() + 1_000 / FRAMES_A_SECOND;
      await page.screenshot({ path: join(folder, `${String(frame).padStart(4, '0')}.png`) });
      await page.waitForTimeout(Math.max(0, nextAt - performance.now()));
    }
  })();
  await play(page);
  playing = false;
  await taking;
  await page.close();
  const frames = ['-framerate', String(FRAMES_A_SECOND), '-i', join(folder, '%04d.png')];
  const colours = 'scale=960:-1:flags=lanczos,split[a][b];[a]palettegen=max_colors=96[p];[b][p]paletteuse=dither=none';
  await run('ffmpeg', ['-y', ...frames, '-filter_complex', colours, join(PICTURES, 'wall-live.gif')]);
  await rm(folder, { recursive: true, force: true });
}

/** Look at the wall, open a tile, type, read, come back. */
async function play(page: Page): Promise<void> {
  await page.waitForTimeout(2_500);
  await page.getByRole('button', { name: 'Open Shellfish' }).click();
  await page.waitForTimeout(1_500);
  await page.getByRole('tab', { name: 'Terminal' }).click();
  await page.getByRole('button', { name: 'New shell' }).click();
  await page.getByRole('menuitem', { name: 'On the device itself' }).click();
  await page.getByText('Typing to').waitFor();
  await page.waitForTimeout(2_500);
  await page.keyboard.type('uptime', { delay: 90 });
  await page.keyboard.press('Enter');
  await page.waitForTimeout(1_800);
  await page.keyboard.press('Control+Backquote');
  await page.waitForTimeout(1_000);
  await page.keyboard.press('Escape');
  await page.waitForTimeout(4_000);
}
