/** What every page test needs: the running hub, an owner who is signed in, and a page that is checked for accessibility. */
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test';
import { RunFile } from '#contracts/run-file.ts';

const PASSWORD = 'nine frames and a plate';

export const home = () => process.env.SCOREWALL_E2E_HOME ?? '';
export const runFile = (): RunFile => RunFile.parse(JSON.parse(readFileSync(join(home(), 'run.json'), 'utf8')));

/** The REST API with the owner's token, as a script would use it. */
export async function rest(
  method: string,
  path: string,
  more: { body?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  const { url, apiToken } = runFile();
  return fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/yaml', ...more.headers },
    ...(more.body === undefined ? {} : { body: more.body }),
  });
}

/** The answer to a websocket that knocks without a session: an HTTP status, or 101 where it was let in. */
export function upgradeStatus(path: string): Promise<number> {
  const { url } = runFile();
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    origin: url,
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.from('scorewall-knocks').toString('base64'),
  };
  return new Promise((resolve, reject) => {
    const knock = request(url + path, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    knock.once('upgrade', (_, socket) => {
      socket.destroy();
      resolve(101);
    });
    knock.once('error', reject);
    knock.end();
  });
}

/** What the services answer on a device's address: the page a maker would open, or undefined while nobody listens. */
export async function answer(address: string, port: number): Promise<string | undefined> {
  try {
    const response = await fetch(`http://${address}:${port}/`, { signal: AbortSignal.timeout(2_000) });
    return await response.text();
  } catch {
    return undefined;
  }
}

export async function expectAnswer(port: number, text: string | RegExp | undefined, devices = runFile().devices): Promise<void> {
  for (const device of devices) {
    const poll = expect.poll(() => answer(device.address, port), { message: `${device.id} on port ${port}`, timeout: 60_000 });
    if (text === undefined) await poll.toBeUndefined();
    else await poll.toMatch(text);
  }
}

/** Signs the owner in; where this file runs alone, the one-time link first makes one. */
export async function signIn(page: Page): Promise<void> {
  const { url, ownerLink } = runFile();
  const token = ownerLink.split('#')[1];
  if (token)
    await rest('POST', '/owner', {
      body: JSON.stringify({ token, password: PASSWORD }),
      headers: { 'content-type': 'application/json' },
    });
  await page.goto(`${url}/login`);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Open the wall' }).click();
  await expect(page.getByRole('region', { name: 'Seats' })).toBeVisible();
}

export async function makeOwner(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByLabel('Name your wall').fill('Workshop');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Open the wall' }).click();
}

export async function expectAccessible(page: Page): Promise<void> {
  // What is still fading in has the contrast of a moment.
  await page.evaluate(settle);
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
  expect(violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([]);
}

/** On the page: until what fades in or out for a moment has done so. */
async function settle(): Promise<void> {
  const moving = document
    .getAnimations()
    .filter(({ effect, playState }) => playState === 'running' && Number(effect?.getComputedTiming().endTime) <= 1_000);
  await Promise.allSettled(moving.map(({ finished }) => finished));
}

export const notice = (page: Page, text: RegExp) => page.getByRole('alert').filter({ hasText: text });

export const tile = (page: Page, name: string) => page.getByRole('article', { name: new RegExp(`^${name},`) });

/** One browser window for a whole file: its tests are one story, and the owner signs in once. */
export function story(options: { signedIn: boolean } = { signedIn: true }) {
  const held: { context?: BrowserContext; page?: Page } = {};
  const test = base.extend<{ window: Page }>({
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from this pattern
    window: async ({}, use) => use(held.page as Page),
  });
  test.describe.configure({ mode: 'serial' });
  test.beforeAll(async ({ browser }) => {
    held.context = await browser.newContext();
    held.page = await held.context.newPage();
    if (options.signedIn) await signIn(held.page);
  });
  test.afterAll(() => held.context?.close());
  return test;
}

export { expect, PASSWORD };
