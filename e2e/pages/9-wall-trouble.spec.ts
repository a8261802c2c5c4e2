import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, home, rest, runFile, signIn, story, tile } from './fixtures.ts';
import { deploy, device, JSON_BODY, order, remove } from './wall-steps.ts';

const test = story();
const CROWD = Array.from({ length: 52 }, (_, index) => `crowd-${String(index + 1).padStart(2, '0')}`);
const WAITS = 'while :; do /bin/busybox sleep 0.5; done';

test.afterAll(async () => {
  await remove('/deployments/gauge');
  await remove('/walls/main');
  for (const name of CROWD) await rest('DELETE', `/devices/${name}`, { body: '{}', headers: JSON_BODY });
  await rest('DELETE', '/people/vera', { body: '{}', headers: JSON_BODY });
});

const pidOf = async (agent: string): Promise<number> =>
  (JSON.parse(await readFile(join(home(), 'run', 'pids', `agent-${agent}.json`), 'utf8')) as { pid: number }).pid;

const savedWall = async () =>
  ((await (await rest('GET', '/walls/main')).json()) as { wall: { order: string[]; pinned: string[] } }).wall;

const gauge = async () =>
  ((await (await rest('GET', '/deployments/gauge/devices')).json()) as { items: { state: string }[] }).items[0]?.state;

test('A revision that fails can be left from the wall, and a viewer is not offered to', async ({ window, browser }) => {
  test.setTimeout(240_000);
  await deploy('gauge', 'alice', WAITS);
  await window.goto(runFile().url);
  await expect.poll(gauge, { timeout: 90_000 }).toBe('running');
  // A name that was used before counts on: 1, unless this is a second try.
  const made = (await (await rest('GET', '/deployments/gauge')).json()) as { deployment: { metadata: { generation: number } } };
  const good = made.deployment.metadata.generation;
  const problems = (page: Page) => page.getByRole('region', { name: 'Problems' });
  const goBack = (page: Page) => problems(page).getByRole('button', { name: `Go back to #${good}: Alice` });
  await expect(goBack(window)).toHaveCount(0);
  const first = (await (await rest('GET', `/deployments/gauge/revisions/${good}`)).json()) as { manifest: string };
  const etag = (await rest('GET', '/deployments/gauge')).headers.get('etag')!;
  const failing = first.manifest.replace(WAITS, 'exit 3');
  expect((await rest('PUT', '/deployments/gauge', { headers: { 'if-match': etag }, body: failing })).status).toBe(200);
  await expect(goBack(window)).toBeVisible({ timeout: 90_000 });

  const invited = await rest('POST', '/invites', { body: JSON.stringify({ name: 'vera', role: 'viewer' }), headers: JSON_BODY });
  const context = await browser.newContext();
  const vera = await context.newPage();
  await vera.goto(((await invited.json()) as { url: string }).url);
  await vera.getByLabel('Choose a password').fill('a lantern at dusk');
  await vera.getByRole('button', { name: 'Open the wall' }).click();
  await expect(problems(vera).getByRole('button', { name: 'Open: Alice' })).toBeVisible();
  await expect(goBack(vera)).toHaveCount(0);
  await context.close();

  await expectAccessible(window);
  await goBack(window).click();
  const dialog = window.getByRole('dialog', { name: `Go back to #${good} on 1 device?` });
  await expect(dialog).toContainText('Alice. 1 device: it gets it now.');
  await expectAccessible(window);
  await dialog.getByRole('button', { name: `Go back to #${good}` }).click();
  await expect(dialog).toHaveCount(0);
  await expect(
    window.getByRole('region', { name: `gauge is back on #${good}.` }).getByRole('button', { name: 'Undo' }),
  ).toBeVisible();
  await expect.poll(gauge, { timeout: 90_000 }).toBe('running');
  await expect(goBack(window)).toHaveCount(0);
  await expect(tile(window, 'Alice')).toHaveAccessibleName(/Running/);
  const third = (await (await rest('GET', `/deployments/gauge/revisions/${good + 2}`)).json()) as Record<string, string>;
  expect(third).toMatchObject({ manifest: first.manifest, message: `Back to #${good}`, author: 'owner' });
  await remove('/deployments/gauge');
});

test('Two people change one wall at once: the second is told, and what both did can stay', async ({ window, browser }) => {
  const context = await browser.newContext();
  const kim = await context.newPage();
  await signIn(kim);
  await window.goto(runFile().url);
  for (const pinned of [['octavia'], []]) {
    await device(window, 'octavia').focus();
    await window.keyboard.press('p');
    await expect.poll(async () => (await savedWall()).pinned).toEqual(pinned);
  }
  await expect.poll(() => order(kim)).toBe('alice aria octavia');

  let sent = 0;
  let letGo: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await kim.route('**/api/v1/walls/main', async (route) => {
    if (route.request().method() === 'PUT' && ++sent === 1) await slow;
    await route.continue();
  });
  await device(kim, 'alice').focus();
  await kim.keyboard.press('Shift+ArrowRight');
  await expect.poll(() => sent).toBe(1);
  // A second change, while the first is still on its way.
  await kim.keyboard.press('Shift+ArrowRight');
  await expect.poll(() => order(kim)).toBe('aria octavia alice');
  await device(window, 'octavia').focus();
  await window.keyboard.press('p');
  await expect.poll(async () => (await savedWall()).pinned).toEqual(['octavia']);
  letGo();

  const told = kim.getByRole('region', { name: 'The wall main was changed by somebody else in the meantime.' });
  await expect(told).toContainText('Your change was not saved');
  await expect.poll(() => order(kim)).toBe('octavia alice aria');
  expect((await savedWall()).order).toEqual([]);
  // Pointed at, it stays for as long as it is looked at.
  await told.hover();
  await expectAccessible(kim);
  await told.getByRole('button', { name: 'Change it all the same' }).click();
  for (const page of [kim, window]) await expect.poll(() => order(page)).toBe('octavia aria alice');
  expect(await savedWall()).toMatchObject({ order: ['aria', 'octavia', 'alice'], pinned: ['octavia'] });
  await expect(told).toHaveCount(0);
  await context.close();
  await remove('/walls/main');
});

test('A device whose agent hangs is late as soon as its report is too old, and live again once it speaks', async ({ window }) => {
  const page = await window.context().newPage();
  await page.clock.install();
  await page.goto(runFile().url);
  for (const name of ['Alice', 'Aria']) await expect(tile(page, name)).toHaveAccessibleName(/, live\b/);
  const pid = await pidOf('alice');
  process.kill(pid, 'SIGSTOP');
  try {
    // In steps that leave the link time to answer.
    for (let step = 0; step < 12; step++) {
      await page.clock.fastForward(3_000);
      await expect(tile(page, 'Aria')).not.toHaveAccessibleName(/hub lost/);
    }
    await expect(tile(page, 'Alice')).toHaveAccessibleName(/, late\b/);
    await expect(tile(page, 'Alice')).toContainText(/Late, \d+ s ago/);
    await expectAccessible(page);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await expect(tile(page, 'Alice')).toHaveAccessibleName(/, live\b/, { timeout: 90_000 });
  await page.close();
});

test('In a crowd a press on a shape leaves the keyboard on its tile', async ({ window }) => {
  test.setTimeout(240_000);
  for (const name of CROWD) {
    const added = await rest('POST', '/devices', { body: JSON.stringify({ name }), headers: JSON_BODY });
    expect(added.status).toBe(201);
  }
  await window.goto(runFile().url);
  const strip = window.getByRole('navigation', { name: 'All devices' });
  await expect(strip.getByRole('button', { name: /^Crowd / })).toHaveCount(CROWD.length);
  await expect(device(window, 'alice')).toBeVisible();
  await expect(device(window, 'crowd-52')).toHaveCount(0);
  await strip.getByRole('button', { name: /^Crowd 52/ }).click();
  await expect(device(window, 'crowd-52')).toBeFocused();
  await window.keyboard.press('ArrowUp');
  await expect(device(window, 'crowd-50')).toBeFocused();
  await expectAccessible(window);

  await strip.getByRole('button', { name: /^Crowd 48/ }).click();
  await expect(window.getByRole('dialog')).toBeVisible();
  await window.keyboard.press('Escape');
  await expect(window.getByRole('dialog')).toHaveCount(0);
  await expect(device(window, 'crowd-48')).toBeFocused();

  // The arrows of an open tile lead over the end of a page, and the wall behind follows.
  await strip.getByRole('button', { name: /^Crowd 46/ }).click();
  await expect(device(window, 'crowd-46')).toBeFocused();
  await window.keyboard.press('Enter');
  await expect(window.getByRole('dialog')).toBeVisible();
  await window.keyboard.press('ArrowRight');
  await expect(window.getByRole('dialog')).toContainText('Crowd 47');
  await window.keyboard.press('Escape');
  await expect(window.getByRole('dialog')).toHaveCount(0);
  await expect(device(window, 'crowd-47')).toBeFocused();
});
