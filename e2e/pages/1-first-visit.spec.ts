import { expect, expectAccessible, makeOwner, notice, PASSWORD, rest, runFile, story, tile, upgradeStatus } from './fixtures.ts';

const test = story({ signedIn: false });
let link: string;

test.beforeAll(async () => {
  link = runFile().ownerLink;
  // The try before may have used it.
  if (test.info().retry > 0) link = ((await (await rest('POST', '/owner-link')).json()) as { url: string }).url;
});

test('S57 Without a session no page, API or socket answers anything', async ({ window }) => {
  const { url } = runFile();
  await window.goto(`${url}/deployments`);
  await expect(window).toHaveURL(/\/login/);
  await expectAccessible(window);
  for (const path of ['/api/v1/wall', '/api/v1/devices', '/api/v1/deployments', '/api/v1/status']) {
    const response = await fetch(url + path);
    expect(response.status, path).toBe(401);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  }
  expect(await upgradeStatus('/nats')).toBe(401);
});

test('The one-time link makes me the owner and opens my wall', async ({ window }) => {
  await window.goto(link);
  await expect(window).not.toHaveURL(/#./);
  await expectAccessible(window);
  await makeOwner(window, link);
  await expect(window.getByRole('region', { name: 'Title: Workshop' })).toBeVisible();
});

test('The link is good once', async ({ window, browser }) => {
  const stranger = await browser.newPage();
  await makeOwner(stranger, link);
  await expect(notice(stranger, /used/)).toBeVisible();
  await stranger.close();
  await expect(window.getByRole('region', { name: 'Title: Workshop' })).toBeVisible();
});

test('Three local devices take their seats, live', async ({ window }) => {
  for (const name of ['Alice', 'Aria', 'Octavia']) {
    await expect(tile(window, name)).toContainText('Running');
    await expect(tile(window, name)).toContainText('Live');
    await expect(tile(window, name)).toContainText('LOCAL');
  }
  await expectAccessible(window);
});

test('I sign out, and only the password lets me in again', async ({ window }) => {
  await window.getByRole('button', { name: 'Account', exact: true }).click();
  await window.getByRole('menuitem', { name: /sign out/i }).click();
  await expect(window).toHaveURL(/\/login/);
  await window.getByLabel('Password').fill('not the password');
  await window.getByRole('button', { name: 'Open the wall' }).click();
  await expect(notice(window, /password/i)).toBeVisible();
  await window.getByLabel('Password').fill(PASSWORD);
  await window.getByRole('button', { name: 'Open the wall' }).click();
  await expect(window.getByRole('region', { name: 'Title: Workshop' })).toBeVisible();
});
