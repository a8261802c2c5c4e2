import type { BrowserContext, Page } from '@playwright/test';
import { expect, expectAccessible, notice, rest, runFile, story, tile } from './fixtures.ts';

const test = story();
const PASSWORD = 'a lighthouse at noon';
let invitation: string;
let samsContext: BrowserContext;
let sam: Page;

test.beforeAll(async ({ browser }) => {
  samsContext = await browser.newContext();
  sam = await samsContext.newPage();
});
test.afterAll(async () => {
  await samsContext?.close();
  await rest('DELETE', '/people/sam', { body: '{}', headers: { 'content-type': 'application/json' } });
});

/** As a script in Sam's own page would try it. */
const samPuts = () =>
  sam.evaluate(async () => {
    const headers = { 'content-type': 'application/yaml', 'if-none-match': '*' };
    return (await fetch('/api/v1/deployments/sams', { method: 'PUT', body: 'kind: Deployment', headers })).status;
  });

const newDeployment = (page: Page) => page.getByRole('link', { name: 'New deployment' });

async function join(page: Page): Promise<void> {
  await page.getByLabel('Choose a password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Open the wall' }).click();
}

test('I invite Sam as a viewer and get a link to send', async ({ window }) => {
  await window.getByRole('button', { name: 'Account', exact: true }).click();
  await window.getByRole('menuitem', { name: 'People' }).click();
  await expect(window.getByRole('listitem', { name: 'owner' })).toContainText('(you)');
  await expectAccessible(window);
  await window.getByRole('button', { name: 'Invite somebody' }).click();
  const dialog = window.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Make a link' }).click();
  await expect(dialog).toContainText('Give it a name');
  await dialog.getByLabel('Name').fill('sam');
  await expectAccessible(window);
  await dialog.getByRole('button', { name: 'Make a link' }).click();
  await expect(dialog).toContainText('Send this link to sam');
  await expectAccessible(window);
  invitation = (await dialog.locator('code').textContent()) ?? '';
  expect(invitation).toMatch(/\/join#[\w-]{43}$/);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(window.getByRole('listitem', { name: 'sam' })).toContainText('as viewer');
});

test('Sam opens the link, chooses a password and sees my wall', async () => {
  await sam.goto(invitation);
  await expect(sam.getByLabel('Choose a password')).toBeVisible();
  await expect(sam).not.toHaveURL(/#./);
  await expectAccessible(sam);
  await join(sam);
  for (const name of ['Alice', 'Aria', 'Octavia']) await expect(tile(sam, name)).toContainText('Live');
});

test('The link is good once', async ({ browser }) => {
  const stranger = await browser.newPage();
  await stranger.goto(invitation);
  await join(stranger);
  await expect(notice(stranger, /used already/)).toBeVisible();
  await stranger.goto(`${runFile().url}/deployments`);
  await expect(stranger).toHaveURL(/\/login/);
  await stranger.close();
});

test('S58 Sam looks at deployments and is not offered to change any', async () => {
  await sam.goto(`${runFile().url}/deployments`);
  await expect(sam.getByRole('heading', { name: 'Deployments', level: 1 })).toBeVisible();
  await expect(newDeployment(sam)).toHaveCount(0);
  expect(await samPuts()).toBe(403);
  await sam.goto(`${runFile().url}/deployments/new`);
  await expect(sam.getByText('You may look at deployments, not change them.')).toBeVisible();
  await expectAccessible(sam);
});

test('Sam sees who is here and cannot invite anybody', async () => {
  await sam.goto(`${runFile().url}/people`);
  await expect(sam.getByRole('listitem', { name: 'sam' })).toContainText('(you)');
  await expect(sam.getByRole('listitem', { name: 'owner' })).toBeVisible();
  await expect(sam.getByRole('button', { name: /invite|remove/i })).toHaveCount(0);
  await expect(sam.getByRole('combobox')).toHaveCount(0);
  await expect(sam.getByRole('heading', { name: 'TVs' })).toHaveCount(0);
});

test('I make Sam an operator, and what that brings is there without a reload', async ({ window }) => {
  await sam.goto(`${runFile().url}/deployments`);
  await expect(newDeployment(sam)).toHaveCount(0);
  await sam.evaluate(() => {
    document.body.dataset.same = 'page';
  });
  await window.reload();
  await window.getByLabel('Role of sam').selectOption('operator');
  await expect(
    newDeployment(sam)
      .or(sam.getByRole('link', { name: 'Use the hello example' }))
      .first(),
  ).toBeVisible();
  await expect(sam.locator('body')).toHaveAttribute('data-same', 'page');
  // Let in, and refused only for what it says.
  expect(await samPuts()).toBe(422);
});

test('Sam signs out, and in again by name', async () => {
  await sam.getByRole('button', { name: 'Account', exact: true }).click();
  await sam.getByRole('menuitem', { name: /sign out/i }).click();
  await expect(sam).toHaveURL(/\/login/);
  await expect(sam.getByLabel('Name')).toHaveValue('sam');
  await expectAccessible(sam);
  await sam.getByLabel('Name').fill('owner');
  await sam.getByLabel('Password').fill(PASSWORD);
  await sam.getByRole('button', { name: 'Open the wall' }).click();
  await expect(notice(sam, /password/i)).toBeVisible();
  await sam.getByLabel('Name').fill('sam');
  await sam.getByLabel('Password').fill(PASSWORD);
  await sam.getByRole('button', { name: 'Open the wall' }).click();
  // Back to the page they left.
  await expect(sam.getByRole('heading', { name: 'Deployments', level: 1 })).toBeVisible();
  await sam.goto(runFile().url);
  await expect(tile(sam, 'Alice')).toContainText('Live');
});

test('A link for a guest opens one terminal and nothing else', async ({ browser }) => {
  const { url } = runFile();
  const made = await rest('POST', '/guest-links', {
    body: JSON.stringify({ device: 'alice', sid: '00112233445566778899aabb' }),
    headers: { 'content-type': 'application/json' },
  });
  const link = new URL((await made.json()).url);
  const context = await browser.newContext();
  const guest = await context.newPage();
  await guest.goto(`${url}${link.pathname}${link.hash}`);
  await expect(guest.getByRole('heading', { name: 'Terminal of Alice' })).toBeVisible();
  await expect(guest).not.toHaveURL(/#./);
  await expectAccessible(guest);
  await guest.reload();
  await expect(guest.getByRole('heading', { name: 'Terminal of Alice' })).toBeVisible();
  await guest.goto(`${url}/deployments`);
  await expect(guest).toHaveURL(/\/guest$/);
  for (const path of ['/wall', '/devices', '/people', '/recordings'])
    expect((await guest.request.get(`${url}/api/v1${path}`)).status(), path).toBe(403);
  await context.close();
});

test('I pair a TV by the code it shows, and sign it out again', async ({ window, browser }) => {
  const { url } = runFile();
  const context = await browser.newContext();
  const tv = await context.newPage();
  const { code, secret } = await (await tv.request.post(`${url}/api/v1/tv-pairings`, { data: {} })).json();
  const claim = async () =>
    (await (await tv.request.post(`${url}/api/v1/tv-pairings/${code}/claim`, { data: { secret } })).json()).paired;
  expect(await claim()).toBe(false);
  await window.getByRole('button', { name: 'Pair a TV' }).click();
  const dialog = window.getByRole('dialog');
  await dialog.getByLabel('Code on the TV').fill(code.toLowerCase());
  await dialog.getByLabel('Which TV it is').fill('Hall');
  await expectAccessible(window);
  await dialog.getByRole('button', { name: 'Pair the TV' }).click();
  await expect(dialog).toBeHidden();
  expect(await claim()).toBe(true);
  const hall = window.getByRole('listitem', { name: 'Hall' });
  await expect(hall).toContainText('Paired by owner');
  await expectAccessible(window);
  await tv.goto(`${url}/deployments`);
  await expect(tv).toHaveURL(/\/tv$/);
  expect((await tv.request.get(`${url}/api/v1/wall`)).status()).toBe(200);
  expect((await tv.request.get(`${url}/api/v1/recordings`)).status()).toBe(403);
  await hall.getByRole('button', { name: 'Remove Hall' }).click();
  await expect(hall).toHaveCount(0);
  expect((await tv.request.get(`${url}/api/v1/wall`)).status()).toBe(401);
  await context.close();
});

test('I remove Sam by typing the name, and the page of Sam is signed out at once', async ({ window }) => {
  await expect(tile(sam, 'Alice')).toBeVisible();
  await window.getByRole('button', { name: 'Remove sam' }).click();
  const dialog = window.getByRole('dialog');
  const remove = dialog.getByRole('button', { name: 'Remove sam' });
  await expect(remove).toBeDisabled();
  await dialog.getByLabel('Type sam to confirm').fill('sam');
  await expectAccessible(window);
  await remove.click();
  await expect(sam).toHaveURL(/\/login/);
  await expect(window.getByRole('listitem', { name: 'sam' })).toHaveCount(0);
  await sam.getByLabel('Password').fill(PASSWORD);
  await sam.getByRole('button', { name: 'Open the wall' }).click();
  await expect(notice(sam, /do not belong together/)).toBeVisible();
});
