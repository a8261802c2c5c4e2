import type { BrowserContext, Page } from '@playwright/test';
import { expect, expectAccessible, rest, runFile, story, tile } from './fixtures.ts';

const test = story();
const PASSWORD = 'a harbour in the fog';
const ESC = '\\033';
let kimsContext: BrowserContext;
let kim: Page;
/** Input that each page sent to devices, in bytes of messages. */
const sent = new Map<Page, number>();
/** Breaks the line of a page to the hub. */
const lines = new Map<Page, () => Promise<void>>();

/** Without a graphics card the terminal is drawn as text, which a test can read. */
async function prepare(page: Page): Promise<void> {
  await page.context().grantPermissions(['clipboard-write']);
  await page.context().addInitScript(() => {
    const original = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...more: unknown[]) {
      return kind === 'webgl2' ? null : (original as (...all: unknown[]) => unknown).call(this, kind, ...more);
    } as typeof original;
  });
  sent.set(page, 0);
  await page.routeWebSocket(/\/nats$/, (socket) => {
    const server = socket.connectToServer();
    lines.set(page, () => socket.close());
    socket.onMessage((message) => {
      if (/(?:^|\n)H?PUB term\.[^ ]+\.in\./.test(String(message))) sent.set(page, (sent.get(page) ?? 0) + message.length);
      server.send(message);
    });
  });
}

test.beforeAll(async ({ browser }) => {
  kimsContext = await browser.newContext();
  kim = await kimsContext.newPage();
  await prepare(kim);
});
test.afterAll(async () => {
  await kimsContext?.close();
  await rest('DELETE', '/people/kim', { body: '{}', headers: { 'content-type': 'application/json' } });
});

const screen = (page: Page) => page.locator('[data-terminal-screen] .xterm-rows');
const footer = (page: Page) => page.getByRole('region', { name: 'Terminal of Alice', exact: true }).locator('footer');
const bar = (page: Page) => footer(page).getByRole('status');
const asks = (page: Page) => page.getByRole('alert').filter({ hasText: /kim wants to take over in \d s/ });
const openTerminal = (page: Page) => page.goto(`${runFile().url}/?tile=alice&view=terminal`);
const type = async (page: Page, line: string) => {
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
};
const take = async (page: Page) => {
  await page.keyboard.press('t');
  await expect(bar(page)).toContainText('Typing to Alice');
};
const leave = async (page: Page) => {
  await page.keyboard.press('Control+Backquote');
  await expect(bar(page)).toContainText('You are watching.');
};

test('I open a tile, press t, and type to the device', async ({ window }) => {
  await prepare(window);
  await window.reload();
  await expect(tile(window, 'Alice')).toContainText('Live');
  await window.locator('[data-device="alice"]').focus();
  await window.keyboard.press('Enter');
  await expect(window.getByRole('dialog', { name: 'Alice' })).toBeVisible();
  await window.getByRole('tab', { name: 'Terminal' }).click();
  if (test.info().retry === 0) {
    await expect(window.getByText('Terminal of Alice. You are watching. Press t to type.')).toBeVisible();
    await expectAccessible(window);
    await take(window);
  } else {
    // The shell of the try before is in whatever state it was left in.
    await window.getByRole('button', { name: 'New shell' }).click();
    await window.getByRole('menuitem', { name: 'On the device itself' }).click();
    await expect(bar(window)).toContainText('Typing to Alice');
  }
  await expect(bar(window)).toContainText('Leave: Ctrl+`');
  await type(window, 'echo $((6*7))-nine');
  await expect(screen(window)).toContainText('42-nine');
  await expect(window).toHaveTitle('⌨ Alice');
  await expect(window.getByText(/REC 00:\d\d:\d\d/)).toBeVisible();
  await expect(footer(window)).toContainText(/\d+ ms/);
  await expectAccessible(window);
});

test('Esc goes to the device, Ctrl+` gives the keys back to the page', async ({ window }) => {
  await type(window, 'cat -v');
  await window.keyboard.press('Escape');
  await window.keyboard.press('Enter');
  await expect(screen(window)).toContainText('^[');
  await expect(bar(window)).toContainText('Typing to Alice');
  await window.keyboard.press('Control+c');
  await leave(window);
  await expect(window).not.toHaveTitle(/⌨/);
  const before = sent.get(window);
  await window.keyboard.type('xyz');
  await window.keyboard.press('s');
  await expect(window.getByRole('tab', { name: 'Services' })).toHaveAttribute('aria-selected', 'true');
  expect(sent.get(window)).toBe(before);
  await window.keyboard.press('Escape');
  await expect(window.getByRole('dialog')).toHaveCount(0);
  await expect(window.locator('[data-device="alice"]')).toBeFocused();
});

test('After a reload the screen is still there', async ({ window }) => {
  await openTerminal(window);
  await expect(screen(window)).toContainText('42-nine');
  await window.reload();
  await expect(screen(window)).toContainText('42-nine');
  await expect(bar(window)).toHaveText('You are watching. Press t to type.');
});

test('I read the output as plain text', async ({ window }) => {
  await window.keyboard.press('o');
  await expect(window.getByRole('region', { name: 'Output' })).toContainText('42-nine');
  await expectAccessible(window);
  await window.keyboard.press('Escape');
  await expect(screen(window)).toBeVisible();
});

test('Kim watches, asks for control, and I keep it', async ({ window }) => {
  const headers = { 'content-type': 'application/json' };
  const invite = await rest('POST', '/invites', { body: JSON.stringify({ name: 'kim', role: 'operator' }), headers });
  await kim.goto(((await invite.json()) as { url: string }).url);
  await kim.getByLabel('Choose a password').fill(PASSWORD);
  await kim.getByRole('button', { name: 'Open the wall' }).click();
  await expect(tile(kim, 'Alice')).toContainText('Live');
  await openTerminal(kim);
  await expect(screen(kim)).toContainText('42-nine');
  await take(window);
  await expect(footer(window)).toContainText('kim watching');
  await expect(bar(kim)).toContainText('owner types. Press t to ask for control.');
  await expect(footer(kim)).not.toContainText('owner watching');
  await expect(kim.getByRole('tab', { name: 'Shell · owner types' })).toBeVisible();
  // The answer has five seconds, so it is on its way before the question.
  const kept = asks(window).getByRole('button', { name: 'Keep control' }).click();
  await kim.keyboard.press('t');
  await kept;
  await expect(kim.getByRole('alert').filter({ hasText: 'owner keeps control of Alice.' })).toBeVisible();
  await expect(bar(window)).toContainText('Typing to Alice');
});

test('Kim asks again, gets control, and what she types stands on both screens', async ({ window }) => {
  const given = asks(window).getByRole('button', { name: 'Give control' }).click();
  await kim.keyboard.press('t');
  await given;
  await expect(bar(kim)).toContainText('Typing to Alice');
  await expect(window.getByText(/kim took control of Alice at \d\d:\d\d\. You are watching\./)).toBeVisible();
  await type(kim, 'echo $((8*8))-kim');
  await expect(screen(kim)).toContainText('64-kim');
  await expect(screen(window)).toContainText('64-kim');
});

test('The line breaks while Kim types: nothing is lost and nothing is drawn twice', async ({ window }) => {
  await type(kim, 'for i in 1 2 3 4 5 6 7 8; do echo line-$i-$((i*111)); sleep 0.5; done');
  await expect(screen(kim)).toContainText('line-2-222');
  await lines.get(kim)?.();
  await expect(screen(kim)).toContainText('line-8-888');
  await expect(screen(window)).toContainText('line-8-888');
  expect(((await screen(kim).textContent()) ?? '').match(/line-\d-\d{3}/g)).toEqual(
    [1, 2, 3, 4, 5, 6, 7, 8].map((i) => `line-${i}-${i * 111}`),
  );
  // A device that hears nothing of her for ten seconds, on a busy machine, lets go of her.
  await expect(bar(kim)).toContainText(/Typing to Alice|Press t to type/);
  if (!(await bar(kim).textContent())?.includes('Typing')) await take(kim);
  await type(kim, 'echo $((5*5))-still');
  await expect(screen(window)).toContainText('25-still');
});

test('S67 Hostile output sends nothing back while I watch', async ({ window }) => {
  const mine = sent.get(window);
  const hers = sent.get(kim) ?? 0;
  const queries = [
    '[c',
    '[>c',
    '[6n',
    '[5n',
    '[?25$p',
    '[14t',
    '[21t',
    '[?1004h',
    '[?1003h',
    'P$qm\\033\\\\',
    ']11;?\\007',
    ']52;c;?\\007',
  ];
  await type(kim, `printf '${queries.map((one) => ESC + one).join('')}'; echo $((9*9))-hostile`);
  await expect(screen(window)).toContainText('81-hostile');
  await window.mouse.move(700, 500);
  await window.mouse.click(700, 500);
  await window.mouse.wheel(0, 300);
  expect(sent.get(window)).toBe(mine);
  // The count sees what a page does send.
  expect(sent.get(kim)).toBeGreaterThan(hers);
  // What her page answers is typed into the shell: all of it first, then away with it.
  await expect(screen(kim)).toContainText('81-hostile');
  await kim.keyboard.press('Control+c');
  await type(kim, `printf '${ESC}[?1004l${ESC}[?1003l'`);
  await leave(kim);
});

test('A paste of several lines is shown before it goes', async ({ window }) => {
  await window.locator('[data-terminal-screen]').click();
  await take(window);
  await window.evaluate(() => navigator.clipboard.writeText('echo $((2+3))-one\necho $((3+4))-two\n'));
  await window.keyboard.press('Control+v');
  const dialog = window.getByRole('dialog', { name: 'Paste 2 lines to Alice?' });
  await expect(dialog.getByRole('region', { name: 'What would be pasted' })).toContainText('echo $((3+4))-two');
  await expectAccessible(window);
  await dialog.getByRole('button', { name: 'Paste 2 lines' }).click();
  await window.keyboard.press('Enter');
  await expect(screen(window)).toContainText('5-one');
  await expect(screen(window)).toContainText('7-two');
  await expect(bar(window)).toContainText('Typing to Alice');
});

test('A program fills my clipboard only after I said yes', async ({ window }) => {
  await type(window, `printf '${ESC}]52;c;ZnJvbSB0aGUgZGV2aWNl${ESC}\\\\'; echo $((6*6))-asked`);
  const asked = window.getByRole('status').filter({ hasText: 'A program on Alice wants to fill your clipboard.' });
  await expect(asked).toBeVisible();
  await expectAccessible(window);
  await asked.getByRole('button', { name: 'Allow it in this terminal' }).click();
  await expect(asked).toHaveCount(0);
  await expect(bar(window)).toContainText('Typing to Alice');
  await window.keyboard.press('Control+Shift+F');
  const field = window.getByRole('searchbox', { name: 'Find in this terminal' });
  await field.press('Control+v');
  await expect(field).toHaveValue('from the device');
  await field.fill('36-asked');
  await expect(window.getByRole('tabpanel', { name: 'Terminal' }).getByText('1 of 1', { exact: true })).toBeVisible();
  await field.press('Escape');
  await type(window, 'echo $((5*7))-after');
  await expect(screen(window)).toContainText('35-after');
});

test('A guest with a link watches this terminal and nothing else', async ({ window, browser }) => {
  await leave(window);
  await window.getByRole('button', { name: 'Share read-only link' }).click();
  await window.getByRole('button', { name: 'Make the link' }).click();
  const address = window.getByText(/\/guest#[\w-]+$/);
  await expectAccessible(window);
  const context = await browser.newContext();
  const guest = await context.newPage();
  await prepare(guest);
  await guest.goto((await address.textContent()) ?? '');
  await expect(screen(guest)).toContainText('7-two');
  await expect(bar(guest)).toHaveText('You are watching.');
  await guest.keyboard.type('t');
  await guest.keyboard.type('id');
  expect(sent.get(guest)).toBe(0);
  await expectAccessible(guest);
  await context.close();
  await window.keyboard.press('Escape');
  await expect(window.getByRole('dialog', { name: 'Share a read-only link' })).toHaveCount(0);
});

test('What was typed is replayed, found, and linked to', async ({ window }) => {
  await take(window);
  await type(window, 'exit');
  await expect(bar(window)).toContainText('This terminal of Alice has ended');
  await window.goto(`${runFile().url}/recordings`);
  const row = window.getByRole('link', { name: /Alice/ }).filter({ hasText: 'Typed by' }).first();
  await expect(row).toBeVisible({ timeout: 90_000 });
  await expect(row).toContainText('kim');
  await expectAccessible(window);
  await row.click();
  await expect(window.getByRole('heading', { name: 'Alice · Shell of the device' })).toBeVisible();
  await expect(window.getByRole('button', { name: /kim took control/ }).first()).toBeVisible();
  await window.getByPlaceholder(/Find in this recording/).fill('42-nine');
  await expect(window.getByText(/^\d+ hits?$/)).toBeVisible();
  await window.getByRole('button', { name: 'Next hit' }).click();
  await expect(screen(window)).toContainText('42-nine');
  await expect(screen(window)).not.toContainText('64-kim');
  await expectAccessible(window);
  const replayed = sent.get(window);
  await window.getByRole('button', { name: /Copy link at/ }).click();
  // Pages may not read the clipboard; a person pastes.
  const field = window.getByPlaceholder(/Find in this recording/);
  await field.fill('');
  await field.press('Control+v');
  const link = await field.inputValue();
  expect(link).toMatch(/\/r\/[0-9a-f]{24}\?t=[\d.]+$/);
  await window.goto(link);
  await expect(screen(window)).toContainText('6*7');
  await window.locator('body').press('9');
  await expect(screen(window)).toContainText('64-kim');
  await window.keyboard.press('0');
  await expect(window.locator('[data-replay-time]')).toContainText('00:00 /');
  await window.keyboard.press('k');
  await expect(window.getByRole('button', { name: 'Pause' })).toBeVisible();
  expect(sent.get(window)).toBe(replayed);
});
