import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, rest, runFile, story, tile } from './fixtures.ts';
import { letTimePass, prove } from './fresh-proof.ts';
import { AGENT_FILE, carryAgent, InstalledDevice } from './installed-device.ts';

const test = story();
const FALLS_OVER = Buffer.from('process.exit(1);\n');
/** On the line, on the tile, and in the end: each only for seconds. */
const TRAVEL = ['Agent 0.2.0: 0 of 1.', 'Updating its agent', '1 device runs agent 0.2.0.'];
const devices: Record<string, InstalledDevice> = {};

/** With the agent 0.1.0, as its package brought it. */
async function install(name: string, address: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const made = await rest('POST', '/join-tokens', { headers, body: JSON.stringify({ name, labels: {} }) });
  const { line } = (await made.json()) as { line: string };
  const device = await InstalledDevice.with('0.1.0', address);
  devices[name] = device;
  await device.join(/rcj1\.\S+/.exec(line)?.[0] ?? '');
  device.start();
}

const strip = (page: Page) => page.getByRole('region', { name: 'Agents of the devices' });
const toWall = (page: Page) => page.goto(runFile().url);

/** The command line, as somebody would type it: what it wrote, and how it ended. */
const scorewall = (...args: string[]) =>
  new Promise<{ text: string; code: number }>((resolve) => {
    const { url: SCOREWALL_URL, apiToken: SCOREWALL_TOKEN } = runFile();
    execFile(
      process.execPath,
      ['cli/bin.mjs', ...args],
      { env: { ...process.env, SCOREWALL_URL, SCOREWALL_TOKEN } },
      (error, out, err) => resolve({ text: out + err, code: Number(error?.code ?? 0) }),
    );
  });

test.afterAll(async () => {
  await scorewall('updates', 'stop');
  for (const [name, device] of Object.entries(devices)) {
    await device.kill();
    await rest('DELETE', `/devices/${name}`);
  }
});

test('A new agent is offered, I read what will happen, and watch it arrive', async ({ window }) => {
  await install('silas', '127.0.4.44');
  await expect(tile(window, 'Silas')).toHaveAccessibleName(/Running, no services, live/);
  await carryAgent('0.2.0', await readFile(AGENT_FILE));
  await toWall(window);
  await expect(strip(window)).toContainText('A new agent is here: 0.2.0. 1 device runs an older one.');
  await expectAccessible(window);
  await strip(window).getByRole('button', { name: 'Update 1 device' }).click();
  const dialog = window.getByRole('dialog');
  await expect(dialog).toContainText('Containers and terminals keep running.');
  await expect(dialog).toContainText('Not from here');
  await expectAccessible(window);
  await window.evaluate(rememberWords, TRAVEL);
  await letTimePass();
  await dialog.getByRole('button', { name: 'Update 1 device' }).click();
  await prove(window);
  await expect.poll(() => window.evaluate(() => sessionStorage.getItem('seen'))).toBe(TRAVEL.join('\n'));
  await expect(strip(window)).toBeHidden();
  await window.goto(`${runFile().url}/d/silas`);
  await expect(window.getByRole('region', { name: 'Agent' })).toContainText('0.2.0 runs. It is the one that this hub carries.');
});

test('One that does not report healthy goes back, and nobody else gets it until I say so', async ({ window }) => {
  await install('cecilia', '127.0.4.45');
  await expect.poll(async () => (await rest('GET', '/devices/cecilia/status')).status).toBe(200);
  await carryAgent('0.3.0', FALLS_OVER);
  await toWall(window);
  await strip(window).getByRole('button', { name: 'Update 2 devices' }).click();
  const dialog = window.getByRole('dialog');
  await expect(dialog).toContainText('One device gets it first');
  await dialog.getByRole('button', { name: 'Update 2 devices' }).click();
  await expect(strip(window)).toContainText(/paused at 0 of 2\. Cecilia went back to the agent before/);
  await expectAccessible(window);
  await strip(window).getByRole('button', { name: 'Show' }).click();
  await expect(dialog.getByRole('listitem').first()).toContainText('Cecilia went back.');
  await expect(dialog.getByRole('listitem').last()).toContainText('Silas waits for its turn.');
  await expectAccessible(window);
  await window.keyboard.press('Escape');
  await strip(window).getByRole('button', { name: 'Stop' }).click();
  await strip(window).getByRole('button', { name: 'Not now' }).click();
  await expect(strip(window)).toBeHidden();
  await window.goto(`${runFile().url}/d/cecilia`);
  const agent = window.getByRole('region', { name: 'Agent' });
  await expect(agent).toContainText('0.3.0 did not report healthy here.');
  await expect(agent.getByRole('button', { name: 'Try 0.3.0 again' })).toBeVisible();
  await expectAccessible(window);
});

test('The command line does and says the same', async () => {
  const update = await scorewall('device', 'update', 'cecilia', 'silas', '--watch');
  expect(update).toEqual({ code: 1, text: expect.stringContaining('npx scorewall updates go-on') });
  expect(update.text).toContain('Cecilia went back.');
  const list = await scorewall('updates');
  expect(list.text).toMatch(/This hub carries agent 0\.3\.0/);
  expect(list.text).toMatch(/Silas +0\.2\.0 +waits for its turn/);
  expect((await scorewall('updates', 'stop')).code).toBe(0);
  expect((await scorewall('updates')).text).toMatch(/Silas +0\.2\.0 +runs an older one/);
});

/** On the page: notes which of these words stood there at any moment, in the order given. */
function rememberWords(words: readonly string[]): void {
  const seen = new Set<string>();
  const look = () => {
    for (const one of words) if (!seen.has(one) && document.body.textContent.includes(one)) seen.add(one);
    sessionStorage.setItem('seen', words.filter((one) => seen.has(one)).join('\n'));
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
}
