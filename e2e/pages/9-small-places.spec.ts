import type { Browser, BrowserContextOptions, CDPSession, Page } from '@playwright/test';
import { expect, expectAccessible, runFile, story } from './fixtures.ts';

const test = story();
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** The same person somewhere else. */
async function another(browser: Browser, window: Page, options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({ ...options, storageState: await window.context().storageState() });
  await context.addInitScript(() => {
    const original = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...more: unknown[]) {
      return kind === 'webgl2' ? null : (original as (...all: unknown[]) => unknown).call(this, kind, ...more);
    } as typeof original;
  });
  return context.newPage();
}

const asideOf = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

async function swipe(hand: CDPSession, y: number, from: number, to: number): Promise<void> {
  await hand.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x: from, y }] });
  for (const part of [0.25, 0.5, 0.75, 1])
    await hand.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x: from + (to - from) * part, y }] });
  await hand.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}

test('On a phone I type with the keys its keyboard lacks', async ({ window, browser }) => {
  const page = await another(browser, window, PHONE);
  await page.goto(`${runFile().url}/?tile=octavia&view=terminal`);
  await page.getByRole('button', { name: 'New shell' }).tap();
  await page.getByRole('menuitem', { name: 'On the device itself' }).tap();
  await expect(page.getByText('Typing to Octavia')).toBeVisible();
  const rows = page.locator('[data-terminal-screen] .xterm-rows');
  await page.keyboard.type('cat -v');
  await page.keyboard.press('Enter');
  const keys = page.getByRole('toolbar', { name: 'Keys' });
  for (const name of ['Esc', 'Up', '|']) await keys.getByRole('button', { name, exact: true }).tap();
  await page.keyboard.press('Enter');
  await expect(rows).toContainText('^[^[[A|');
  await keys.getByRole('button', { name: 'Ctrl', exact: true }).tap();
  await page.keyboard.type('c');
  await page.keyboard.type('exit');
  await expectAccessible(page);
  expect(await asideOf(page)).toBe(0);
  await page.keyboard.press('Enter');
  await expect(page.getByText('This terminal of Octavia has ended')).toBeVisible();
  await page.context().close();
});

test('A swipe leads to the neighbour, but not where a finger moves long lines', async ({ window, browser }) => {
  const page = await another(browser, window, PHONE);
  const hand = await page.context().newCDPSession(page);
  await page.goto(`${runFile().url}/?tile=alice&view=services`);
  await expect(page.getByRole('dialog', { name: 'Alice' })).toBeVisible();
  await swipe(hand, 400, 320, 60);
  await expect(page.getByRole('dialog', { name: 'Aria' })).toBeVisible();
  await swipe(hand, 400, 60, 320);
  await expect(page.getByRole('dialog', { name: 'Alice' })).toBeVisible();
  // Wider than its place by one long word, as a log is by its lines.
  await page.getByRole('heading', { name: 'What happened' }).evaluate((heading) => {
    const wide = document.createElement('pre');
    wide.dataset.wide = '';
    wide.style.cssText = 'overflow-x: auto; width: 300px';
    wide.textContent = 'x'.repeat(400);
    heading.after(wide);
  });
  const wide = await page.locator('[data-wide]').boundingBox();
  await swipe(hand, (wide?.y ?? 0) + 8, 280, 40);
  // A tap on something that still glides only stops it.
  await expect(async () => {
    await page.getByRole('tab', { name: 'Info' }).tap();
    await expect(page).toHaveURL(/tile=alice&view=info$/, { timeout: 1_000 });
  }).toPass();
  await page.getByRole('button', { name: 'Back to the wall' }).tap();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.context().close();
});

test('At 200 % everything of an open tile can be reached, and ? lists its keys', async ({ window, browser }) => {
  const page = await another(browser, window, { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });
  await page.goto(`${runFile().url}/?tile=alice&view=logs`);
  await expect(page.getByRole('log')).toBeVisible();
  await page.getByText(/^(Following|Standing still)/).scrollIntoViewIfNeeded();
  await expect(page.getByText(/^(Following|Standing still)/)).toBeInViewport();
  await expect(page.getByRole('button', { name: 'Back to the wall' })).toBeInViewport();
  await page.getByRole('dialog', { name: 'Alice' }).focus();
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keys' });
  await sheet.getByPlaceholder('Find a key').fill('read the output');
  await expect(sheet.getByText('Read the output of the terminal as text')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await expect(page.getByRole('dialog', { name: 'Alice' })).toBeVisible();
  expect(await asideOf(page)).toBe(0);
  await page.context().close();
});
