/** A hub for the network, seen by a browser that trusts its certificate and opens it by name, and by address. */
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, expect, type Page, test } from '@playwright/test';
import { HubHome, type Up } from '#server/up/running-hub.ts';
import { addAuthenticator } from './authenticator.ts';
import { expectAccessible } from './fixtures.ts';

test.describe.configure({ mode: 'serial' });

const NAME = `${hostname().toLowerCase().split('.')[0]}.local`;
const hub = new HubHome(['lan-one']);
const profile = mkdtempSync(join(tmpdir(), 'scorewall-browser-'));
let up: Up;
let context: BrowserContext;
let page: Page;

/** What a browser has to trust: the hub's own key. */
function trusted(): string {
  const { publicKey } = new X509Certificate(readFileSync(join(hub.home, 'keys', 'server.pem')));
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
}

const at = (host: string, path: string) => `https://${host}:${hub.port}${path}`;
const key = () => hub.runFile.ownerLink.split('#')[1] ?? '';

test.beforeAll(async ({ launchOptions }) => {
  await hub.choosePorts();
  up = await hub.start('--lan').ready();
  const address = new URL(hub.runFile.url).hostname;
  const args = [
    ...(launchOptions.args ?? []),
    `--ignore-certificate-errors-spki-list=${trusted()}`,
    `--host-resolver-rules=MAP ${NAME} 127.0.0.1, MAP ${address} 127.0.0.1`,
  ];
  // Chromium takes a key to trust only for a profile of its own.
  context = await chromium.launchPersistentContext(profile, { ...launchOptions, args, colorScheme: 'dark', locale: 'en-GB' });
  page = context.pages()[0] ?? (await context.newPage());
  await addAuthenticator(page);
});
test.afterAll(async () => {
  await context?.close();
  if (up && !up.ended) await up.end('SIGTERM');
  hub.remove();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
});

test('By its address the link tells how to get a passkey, and does not lose its key on the way', async () => {
  await page.goto(hub.runFile.ownerLink);
  await expect(page.getByText('Passkeys belong to a name, and this page is open by an address.')).toBeVisible();
  const byName = page.getByRole('link', { name: NAME });
  await expect(byName).toHaveAttribute('href', at(NAME, `/start#${key()}`));
  await expectAccessible(page);
  const [guide] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('link', { name: 'Trust this wall’s certificate' }).click(),
  ]);
  const { fingerprint256 } = new X509Certificate(readFileSync(hub.runFile.caFile ?? ''));
  await expect(guide.getByRole('region', { name: /Compare its fingerprint/ })).toContainText(fingerprint256);
  await expectAccessible(guide);
  const [file] = await Promise.all([
    guide.waitForEvent('download'),
    guide.getByRole('link', { name: 'Download the certificate' }).click(),
  ]);
  expect(new X509Certificate(readFileSync(await file.path())).fingerprint256).toBe(fingerprint256);
  await guide.close();
  await byName.click();
  await expect(page).toHaveURL(at(NAME, '/start'));
});

test('By its name I become the owner with a passkey, and the wall is live over TLS', async () => {
  await page.getByRole('button', { name: 'Use a passkey instead' }).click();
  await expect(page.getByText('Hub live')).toBeVisible();
  await expect(page.getByRole('article', { name: /^Lan One, Running/ })).toBeVisible();
});

test('I sign out, and in again with the passkey', async () => {
  await page.getByRole('button', { name: 'Account', exact: true }).click();
  await page.getByRole('menuitem', { name: /sign out/i }).click();
  await page.getByRole('button', { name: 'Use a passkey', exact: true }).click();
  await expect(page.getByText('Hub live')).toBeVisible();
});

test('Typed without https the address leads to the wall all the same', async () => {
  await page.goto(at(NAME, '/?q=lan').replace('https', 'http'));
  await expect(page).toHaveURL(at(NAME, '/?q=lan'));
  await expect(page.getByText('Hub live')).toBeVisible();
});

test('What else runs on the machine of the hub still opens under its name, by plain http', async () => {
  const neighbour = createServer((_, response) => response.end('frames counted: 9')).listen(0, '127.0.0.1');
  try {
    await once(neighbour, 'listening');
    await page.goto(`http://${NAME}:${(neighbour.address() as AddressInfo).port}/`);
    await expect(page.getByText('frames counted: 9')).toBeVisible();
  } finally {
    neighbour.close();
  }
});
