/** What services write and what desktops show, read and driven in the page. */
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { vncService } from '../stack/vnc-service.ts';
import { expect, expectAccessible, rest, runFile, story } from './fixtures.ts';

const test = story();
const folder = mkdtempSync(join(tmpdir(), 'scorewall-logs-'));
const feed = join(folder, 'feed');
const write = (from: number, to: number) => {
  for (let number = from; number <= to; number++) appendFileSync(feed, `line ${number}\n`);
};

const MACHINE = ['/usr', '/lib', '/lib64', '/bin'].filter(existsSync).map((path) => `${path}:${path}:ro`);

async function deploy(name: string, device: string, service: object): Promise<void> {
  const put = await rest('PUT', `/deployments/${name}`, {
    headers: { 'if-none-match': '*' },
    body: JSON.stringify({
      apiVersion: 'iot.nationtech.io/v1alpha1',
      kind: 'Deployment',
      metadata: { name },
      spec: { targetDevices: [device], score: { type: 'PodmanV0', data: { services: [service] } } },
    }),
  });
  expect(put.status, await put.clone().text()).toBeLessThan(300);
}

async function remove(name: string): Promise<void> {
  const entry = (await (await rest('GET', `/deployments/${name}`)).json()) as { revision: number };
  await rest('DELETE', `/deployments/${name}`, { headers: { 'if-match': `"${entry.revision}"` } });
}

test.beforeAll(async () => {
  writeFileSync(feed, '');
  write(1, 50);
  await deploy('scribe', 'alice', {
    name: 'scribe',
    image: 'localhost/scorewall/hello:1',
    command: ['/bin/sh', '-c', 'exec tail -n +1 -F /shared/feed'],
    volumes: [...MACHINE, `${folder}:/shared`],
    stopTimeoutSeconds: 0,
  });
  const desk = vncService({
    image: 'localhost/scorewall/hello:1',
    client: "xterm -geometry 90x30+0+0 -e sh -c 'cat > /shared/typed'",
  });
  await deploy('office', 'aria', { ...desk, volumes: [...(desk.volumes ?? []), `${folder}:/shared`] });
});

test.afterAll(async () => {
  await Promise.all([remove('scribe'), remove('office')]);
  rmSync(folder, { recursive: true, force: true });
});

const lines = (page: Page) => page.getByRole('log', { name: 'Logs of scribe on Alice' });
const shown = (page: Page, text: string) => lines(page).getByText(text, { exact: true });

async function downloaded(page: Page): Promise<string[]> {
  const [download] = await Promise.all([page.waitForEvent('download'), lines(page).press('Shift+D')]);
  return readFileSync(await download.path(), 'utf8')
    .split('\n')
    .flatMap((line) => /(?:^| )(line \d+)$/.exec(line)?.[1] ?? []);
}

const numbered = (to: number) => Array.from({ length: to }, (_, index) => `line ${index + 1}`);

test('I see what was written before, then what is written now, each line once', async ({ window }) => {
  await window.goto(`${runFile().url}/d/alice?tab=logs&deployment=scribe&service=scribe`);
  await expect(shown(window, 'line 50')).toBeVisible();
  write(51, 60);
  await expect(shown(window, 'line 60')).toBeVisible();
  expect(await downloaded(window)).toEqual(numbered(60));
  await expectAccessible(window);
});

test('After the page was without a network for a moment, nothing is missing and nothing stands twice', async ({ window }) => {
  await window.context().setOffline(true);
  await expect(window.getByText(/^No connection to the hub\./)).toBeVisible();
  write(61, 70);
  await window.context().setOffline(false);
  write(71, 75);
  await expect(shown(window, 'line 75')).toBeVisible();
  expect(await downloaded(window)).toEqual(numbered(75));
});

test('When I scroll up it stands still and counts what comes', async ({ window }) => {
  write(76, 150);
  await expect(shown(window, 'line 150')).toBeVisible();
  await lines(window).hover();
  await window.mouse.wheel(0, -600);
  await expect(shown(window, 'line 150')).toBeHidden();
  write(151, 157);
  const fresh = window.getByRole('button', { name: '7 new lines' });
  await expect(fresh).toBeVisible();
  await expect(shown(window, 'line 157')).toHaveCount(0);
  await expectAccessible(window);
  await fresh.click();
  await expect(shown(window, 'line 157')).toBeVisible();
  await expect(fresh).toBeHidden();
});

test('I find lines by an expression and step from one to the next', async ({ window }) => {
  await lines(window).press('/');
  await window.keyboard.type('line [35]7$');
  await expect(window.getByText('0 lines here')).toBeVisible();
  await window.getByRole('button', { name: 'Regular expression' }).click();
  await expect(window.getByText('2 lines here')).toBeVisible();
  const field = window.getByRole('searchbox', { name: 'Find in the lines' });
  await field.press('Escape');
  await window.keyboard.press('N');
  await expect(lines(window).locator('[aria-current]')).toContainText('line 57');
  await window.keyboard.press('N');
  await expect(lines(window).locator('[aria-current]')).toContainText('line 37');
  await window.getByRole('button', { name: 'Search the whole history' }).click();
  await expect(window.getByText(/in everything kept: 2 of \d+ lines match\./)).toBeVisible();
  await expect(shown(window, 'line 50')).toHaveCount(0);
  await window.getByRole('button', { name: 'Back to the live lines' }).click();
  await field.fill('');
  await expect(shown(window, 'line 157')).toBeVisible();
});

test('A link to a line opens at that line', async ({ window }) => {
  await window.context().grantPermissions(['clipboard-write']);
  await lines(window).press('Home');
  await lines(window)
    .locator('[data-line]', { hasText: /line 20$/ })
    .getByRole('button')
    .click();
  const number = await lines(window).locator('[aria-current]').getAttribute('data-line');
  await lines(window).press('c');
  await expect(window.getByText('Link to the line copied.')).toBeVisible();
  const field = window.getByRole('searchbox', { name: 'Find in the lines' });
  await field.fill('');
  await field.press('Control+v');
  await expect(field).toHaveValue(new RegExp(`/d/alice\\?tab=logs&deployment=scribe&service=scribe&line=${number}$`));
  await window.goto(await field.inputValue());
  await expect(lines(window).locator('[aria-current]')).toContainText('line 20');
  await expect(lines(window).locator('[aria-current]')).toBeInViewport();
  await window.getByRole('button', { name: 'Back to the live lines' }).click();
  await expect(shown(window, 'line 157')).toBeVisible();
});

test('S66 S67 What a service writes to harm the page is text and nothing more', async ({ window }) => {
  const title = await window.title();
  appendFileSync(
    feed,
    '\u001b]0;owned\u0007\u001b]52;c;ZXZpbA==\u0007\u001b[31mred\u001b[0m <img src=x onerror=document.title="owned"> user\u202Egnp.exe\u0000\u001b[2J\n',
  );
  const row = lines(window).locator('[data-line]', { hasText: 'red <img src=x onerror=document.title="owned"> user' });
  await expect(row).toBeVisible();
  await expect(row).toContainText('U+202E');
  await window.screenshot({ path: 'test-results/screens/logs.png' });
  await expect(lines(window).locator('img')).toHaveCount(0);
  expect(await window.title()).toBe(title);
  await expectAccessible(window);
});

test('I search every device at once, and merged by time I see whose line it is', async ({ window }) => {
  await window.goto(`${runFile().url}/logs`);
  await window.getByRole('searchbox', { name: 'Find' }).first().fill('line 4[0-9]$');
  await window.getByRole('button', { name: 'Regular expression' }).first().click();
  await window.getByRole('button', { name: 'Search 3 devices' }).click();
  await expect(window.getByText(/10 of \d[\d,]* lines match\. 3 of 3 devices searched\./)).toBeVisible();
  await expect(window.getByRole('log').getByText('line 49', { exact: true })).toBeVisible();
  await expect(window.getByRole('log').getByText('Alice scribe').first()).toBeVisible();
  await window.screenshot({ path: 'test-results/screens/logs-search.png' });
  await expectAccessible(window);
});

test('A desktop is watched, and driven after I took control of it', async ({ window }) => {
  await window.goto(`${runFile().url}/d/aria?tab=screen`);
  const desktop = window.getByRole('region', { name: 'Desktop of desk on Aria' });
  await expect(desktop.locator('canvas')).toBeVisible();
  await expect(window.getByText('You are watching. Press t to type.')).toBeVisible();
  await expectAccessible(window);
  await desktop.hover();
  await window.keyboard.type('zzzz');
  await window.keyboard.press('t');
  await expect(window.getByText('Typing to Aria')).toBeVisible();
  // Beside the desktop first: the keys still go there.
  await desktop.click({ position: { x: 10, y: 10 } });
  await desktop.locator('canvas').click({ position: { x: 200, y: 150 } });
  await desktop.click({ position: { x: 10, y: 10 } });
  await window.keyboard.type('hello desk\n');
  await expect
    .poll(() => (existsSync(join(folder, 'typed')) ? readFileSync(join(folder, 'typed'), 'utf8') : ''))
    .toContain('hello desk');
  expect(readFileSync(join(folder, 'typed'), 'utf8')).not.toContain('zzzz');
  await window.screenshot({ path: 'test-results/screens/screen-typing.png' });
  // A button of the bar takes the press, not the keys after it.
  await window.getByRole('button', { name: '1:1' }).click();
  await window.keyboard.type('at its own size\n');
  await expect.poll(() => readFileSync(join(folder, 'typed'), 'utf8')).toContain('at its own size');
  await window.keyboard.press('Control+Backquote');
  await expect(window.getByText('You are watching. Press t to type.')).toBeVisible();
});

test('From a phone the desktop gets what the keyboard on its screen writes', async ({ window, browser }) => {
  const context = await browser.newContext({
    storageState: await window.context().storageState(),
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  const phone = await context.newPage();
  await phone.goto(`${runFile().url}/d/aria?tab=screen`);
  await phone.getByRole('button', { name: 'Take control' }).tap();
  await phone.getByRole('button', { name: 'Keyboard' }).tap();
  const field = phone.getByRole('textbox', { name: 'Keys for the desktop on Aria' });
  await expect(field).toBeFocused();
  await phone.keyboard.insertText('from a fone');
  for (let times = 0; times < 4; times++) await phone.keyboard.press('Backspace');
  await phone.keyboard.insertText('phone');
  // A tap on the desktop is a tap there: the keyboard stays.
  await phone
    .getByRole('region', { name: 'Desktop of desk on Aria' })
    .locator('canvas')
    .tap({ position: { x: 60, y: 60 } });
  await expect(field).toBeFocused();
  await phone.keyboard.press('Enter');
  await expect.poll(() => readFileSync(join(folder, 'typed'), 'utf8')).toContain('from a phone\n');
  await expect(phone.getByRole('toolbar', { name: 'Keys' }).getByRole('button', { name: 'Esc' })).toBeVisible();
  await expectAccessible(phone);
  await phone.getByRole('button', { name: 'Stop typing' }).tap();
  await expect(phone.getByRole('toolbar', { name: 'Keys' })).toHaveCount(0);
  await context.close();
});

test('A device without a desktop shows its terminal and how to give it one', async ({ window }) => {
  await window.goto(`${runFile().url}/d/octavia?tab=screen`);
  await expect(window.getByText('Octavia has no desktop. Showing its terminal instead.')).toBeVisible();
  await window.getByRole('button', { name: 'How to give it a screen' }).click();
  await expect(window.getByRole('dialog')).toContainText('screen: { kind: vnc, port: 5900 }');
  await expectAccessible(window);
});
