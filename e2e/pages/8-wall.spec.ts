import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, expectAccessible, rest, runFile, story, tile } from './fixtures.ts';
import { askLocally, deploy, device, drag, JSON_BODY, menu, order, redPixels, remove, savedOrder } from './wall-steps.ts';

const test = story();
const MEET = join(tmpdir(), `scorewall-broadcast-${process.pid}`);

test.afterAll(async () => {
  await rm(MEET, { force: true });
  for (const name of ['ticker', 'red']) await remove(`/deployments/${name}`);
  await remove('/walls/main');
});

test('I move a tile with the keyboard, and after a reload it is still there', async ({ window }) => {
  await window.goto(runFile().url);
  await expect.poll(() => order(window)).toBe('alice aria octavia');
  await device(window, 'alice').focus();
  await window.keyboard.press('Shift+ArrowRight');
  await expect.poll(() => order(window)).toBe('aria alice octavia');
  await expect(device(window, 'alice')).toBeFocused();
  await expect.poll(savedOrder).toBe('aria alice octavia');
  await window.reload();
  await expect.poll(() => order(window)).toBe('aria alice octavia');
  await expectAccessible(window);
});

test('I take the move back and do it again', async ({ window }) => {
  await device(window, 'alice').focus();
  await window.keyboard.press('Shift+ArrowRight');
  await expect.poll(() => order(window)).toBe('aria octavia alice');
  await window.keyboard.press('Control+z');
  await expect.poll(() => order(window)).toBe('aria alice octavia');
  await window.keyboard.press('Control+Shift+z');
  await expect.poll(() => order(window)).toBe('aria octavia alice');
  await window.keyboard.press('=');
  await expect.poll(() => order(window)).toBe('alice aria octavia');
});

test('I move a tile from its menu, and by dragging it', async ({ window }) => {
  await device(window, 'alice').focus();
  await window.keyboard.press('.');
  await expect(window.getByRole('menuitem', { name: 'Move to …' })).toBeVisible();
  await expectAccessible(window);
  await window.getByRole('menuitem', { name: 'Move to …' }).click();
  await window.getByLabel('To the place of').selectOption('octavia');
  await expectAccessible(window);
  await window.getByRole('button', { name: 'Move here' }).click();
  await expect.poll(() => order(window)).toBe('octavia aria alice');
  await drag(window, 'alice', 'aria');
  await expect.poll(() => order(window)).toBe('octavia alice aria');
});

test('A pinned tile stands first, and everybody who looks sees it at once', async ({ window, browser }) => {
  const other = await window.context().newPage();
  await other.goto(runFile().url);
  await expect.poll(() => order(other)).toBe('octavia alice aria');
  await device(window, 'aria').focus();
  await window.keyboard.press('p');
  await expect.poll(() => order(window)).toBe('aria octavia alice');
  await expect.poll(() => order(other)).toBe('aria octavia alice');
  await expect(window.getByRole('article', { name: /^Aria,.*pinned/ })).toBeVisible();
  await device(window, 'aria').focus();
  await window.keyboard.press('p');
  await expect.poll(() => order(other)).toBe('octavia alice aria');
  await other.close();
  expect(browser.isConnected()).toBe(true);
});

test('I group the tiles by a label, with headings', async ({ window }) => {
  for (const [name, site] of [
    ['alice', 'berlin'],
    ['aria', 'bonn'],
    ['octavia', 'berlin'],
  ] as const) {
    const { revision } = (await (await rest('GET', `/devices/${name}`)).json()) as { revision: number };
    await rest('PATCH', `/devices/${name}`, {
      body: JSON.stringify({ labels: { site } }),
      headers: { ...JSON_BODY, 'if-match': `"${revision}"` },
    });
  }
  await window.getByRole('button', { name: 'Layout' }).click();
  await window.getByRole('menuitem', { name: 'Group by site' }).click();
  const berlin = window.getByRole('region', { name: 'site: berlin' });
  await expect(berlin.getByRole('heading', { name: /^site: berlin/ })).toContainText('2 devices');
  await expect(berlin.getByRole('article')).toHaveCount(2);
  await expectAccessible(window);
  await window.getByRole('button', { name: 'Layout' }).click();
  await window.getByRole('menuitem', { name: 'No groups' }).click();
  await expect(berlin).toHaveCount(0);
});

test('I save a wall of its own for one site, under an address I can share, and delete it', async ({ window }) => {
  await window.getByRole('button', { name: /^Wall: / }).click();
  await window.getByRole('menuitem', { name: 'Save as a new wall …' }).click();
  await window.getByLabel('Name of the wall').fill('Berlin office');
  await window.getByLabel(/^Show only devices with/).fill('site:berlin');
  await expectAccessible(window);
  await window.getByRole('button', { name: 'Save the wall' }).click();
  await expect(window).toHaveURL(/\/w\/berlin-office$/);
  await expect.poll(() => order(window)).toBe('octavia alice');
  await window.reload();
  await expect(window).toHaveTitle(/Berlin office/);
  await expect.poll(() => order(window)).toBe('octavia alice');
  await expectAccessible(window);
  await window.keyboard.press('w');
  await window.keyboard.press('1');
  await expect.poll(() => order(window)).toBe('octavia alice aria');
  await window.goto(`${runFile().url}/w/berlin-office`);
  await window.getByRole('button', { name: /^Wall: Berlin office/ }).click();
  await window.getByRole('menuitem', { name: 'Delete this wall …' }).click();
  await window.getByRole('button', { name: 'Delete Berlin office' }).click();
  await expect(window).toHaveURL(`${runFile().url}/`);
  await window.goto(`${runFile().url}/w/berlin-office`);
  await expect(window.getByText('No wall is called berlin-office.')).toBeVisible();
});

test('A tile shows the lines of a log as they come, and stands still while I freeze it', async ({ window }) => {
  await deploy('ticker', 'alice', 'n=0; while :; do n=$((n+1)); echo "WARN tick $n"; /bin/busybox sleep 0.5; done');
  await window.goto(runFile().url);
  await expect(tile(window, 'Alice')).toHaveAccessibleName(/Running/);
  await menu(window, 'alice', 'Log of ticker');
  const picture = window.locator('[data-tile="alice"] [data-peek="log_ticker_ticker"]');
  const last = async () => Number(/tick (\d+)\s*$/.exec((await picture.textContent()) ?? '')?.[1] ?? 0);
  await expect.poll(last).toBeGreaterThan(2);
  const before = await last();
  await expect.poll(last).toBeGreaterThan(before + 2);
  await expect(tile(window, 'Alice')).toContainText('Live');
  await device(window, 'alice').focus();
  await window.keyboard.press('Space');
  await expect(tile(window, 'Alice')).toContainText(/Frozen by you at \d\d:\d\d:\d\d\./);
  const frozen = await picture.textContent();
  await expectAccessible(window);
  await expect(tile(window, 'Alice')).toContainText(/Frozen, (?![0-2] )\d+ (s|min)/);
  expect(await picture.textContent()).toBe(frozen);
  await tile(window, 'Alice').getByRole('button', { name: 'Continue' }).click();
  await expect.poll(() => picture.textContent()).not.toBe(frozen);
});

test('A service that declares a terminal is shown as its picture, by itself', async ({ window }) => {
  const script = 'while :; do printf "\\033[41m            \\033[0m counting\\r\\n"; /bin/busybox sleep 0.4; done';
  await deploy('red', 'aria', script, '          screen: { kind: terminal }');
  await expect(window.locator('[data-tile="aria"] [data-peek="term_red_red"]')).toBeVisible();
  await expect.poll(() => redPixels(window, 'Aria'), { timeout: 60_000 }).toBeGreaterThan(200);
  await expectAccessible(window);
});

test('A device that asks says so on its tile, and gets my answer', async ({ window }) => {
  const answered = askLocally('alice', { question: 'Pay 14.90 €?', options: ['Pay', 'Not now'] });
  await expect(tile(window, 'Alice')).toHaveAccessibleName(/Needs you/);
  const plate = window.getByRole('region', { name: 'Alice asks' });
  await expect(plate).toContainText('Pay 14.90 €?');
  await expectAccessible(window);
  await plate.getByRole('button', { name: 'Pay', exact: true }).click();
  expect(await answered).toMatch(/\bPay\b/);
  await expect(plate).toHaveCount(0);
});

test('I send one line to two devices and leave one out', async ({ window }) => {
  test.setTimeout(240_000);
  for (const name of ['aria', 'octavia']) await menu(window, name, 'Terminal of the device');
  for (const name of ['alice', 'aria', 'octavia']) {
    await device(window, name).focus();
    await window.keyboard.press('x');
  }
  await expect(window.getByRole('region', { name: 'Selection' })).toContainText('3 selected: Alice, Aria and Octavia');
  await expectAccessible(window);
  await window.keyboard.press('b');
  const bar = window.getByRole('region', { name: 'Broadcast' });
  await device(window, 'alice').click({ modifiers: ['Shift'], position: { x: 200, y: 15 } });
  await expect(bar.getByRole('listitem').filter({ hasText: 'Alice' })).toContainText('left out');
  await expect(window.locator('article[data-broadcast="target"]')).toHaveCount(2);
  await expect(window.locator('article[data-broadcast="left-out"]')).toHaveCount(1);
  await expectAccessible(window);
  const line = `echo "met $((6*7))" >> ${MEET}; for i in 1 2 3 4 5 6; do printf '\\033[41m%40s\\033[0m\\n' .; done`;
  await bar.getByLabel('Line to send').fill(line);
  await window.keyboard.press('Enter');
  for (const name of ['Aria', 'Octavia']) await expect(bar.getByRole('listitem').filter({ hasText: name })).toContainText('sent');
  await expect(bar.getByRole('listitem')).toHaveCount(3);
  await bar.getByLabel('Line to send').focus();
  await window.keyboard.press('Escape');
  await expect(bar).toHaveCount(0);
  await expect(window.getByRole('region', { name: 'Selection' })).toContainText('3 selected');
  await window.keyboard.press('Escape');
  await expect(window.getByRole('region', { name: 'Selection' })).toHaveCount(0);
  // The shells are login shells, and the profile of whoever runs this may take its time.
  await expect.poll(() => readFile(MEET, 'utf8').catch(() => ''), { timeout: 90_000 }).toBe('met 42\nmet 42\n');
  for (const name of ['Aria', 'Octavia']) await expect.poll(() => redPixels(window, name)).toBeGreaterThan(500);
});

test('Broadcasting ends by itself after a minute without use', async ({ window }) => {
  const page = await window.context().newPage();
  await page.clock.install();
  await page.goto(runFile().url);
  await device(page, 'aria').focus();
  await page.keyboard.press('x');
  await page.keyboard.press('b');
  const bar = page.getByRole('region', { name: 'Broadcast' });
  await expect(bar.getByLabel('Line to send')).toBeFocused();
  await page.clock.fastForward(50_000);
  await bar.getByLabel('Line to send').fill('echo not sent');
  await page.clock.fastForward(50_000);
  await expect(bar).toBeVisible();
  await page.clock.fastForward(11_000);
  await expect(bar).toHaveCount(0);
  await expect(page.locator('article[data-broadcast]')).toHaveCount(0);
  await page.close();
});

test('A TV shows a code, and once I typed it under People it shows the wall', async ({ window, browser }) => {
  const context = await browser.newContext();
  const tv = await context.newPage();
  await tv.goto(`${runFile().url}/tv`);
  const code = tv.getByText(/^[0-9A-HJKMNP-TV-Z]{3} [0-9A-HJKMNP-TV-Z]{3}$/);
  await expect(code).toBeVisible();
  await expectAccessible(tv);
  const shown = (await code.textContent()) ?? '';
  await window.goto(`${runFile().url}/people`);
  await window.getByRole('button', { name: 'Pair a TV' }).click();
  const dialog = window.getByRole('dialog');
  await dialog.getByLabel('Code on the TV').fill(shown);
  await dialog.getByLabel('Which TV it is').fill('Kitchen');
  await dialog.getByRole('button', { name: 'Pair the TV' }).click();
  await expect(window.getByRole('listitem', { name: 'Kitchen' })).toBeVisible();
  for (const name of ['Alice', 'Aria', 'Octavia']) await expect(tile(tv, name)).toBeVisible();
  await expect(tv.getByRole('banner')).toHaveCount(0);
  await expect(tv.getByRole('button')).toHaveCount(0);
  const nameSize = await tile(tv, 'Alice')
    .getByRole('heading')
    .evaluate((heading) => Number.parseFloat(getComputedStyle(heading).fontSize));
  expect(nameSize).toBeGreaterThanOrEqual(32);
  await expect.poll(() => redPixels(tv, 'Aria'), { timeout: 60_000 }).toBeGreaterThan(200);
  await expectAccessible(tv);
  await tv.reload();
  await expect(tile(tv, 'Octavia')).toBeVisible();
  await expect(code).toHaveCount(0);
  for (const key of ['ArrowDown', 'x', 'b', 't', '.']) await tv.keyboard.press(key);
  await expect(tv.locator('[data-selected], [data-broadcast], [role="dialog"], [role="menu"], input')).toHaveCount(0);
  await tv.keyboard.press('ArrowUp');
  await expect(tile(tv, 'Octavia')).toContainText('Running');
  await context.close();
});

test('TV mode is one key away, and Esc leads back', async ({ window }) => {
  await window.goto(runFile().url);
  await expect(tile(window, 'Alice')).toBeVisible();
  await window.keyboard.press('k');
  await expect(window).toHaveURL(/\/tv\?wall=main$/);
  await expect(tile(window, 'Alice')).toBeVisible();
  await window.keyboard.press('Escape');
  await expect(window.getByRole('region', { name: 'Seats' })).toBeVisible();
  await expect(window).toHaveURL(`${runFile().url}/`);
});
