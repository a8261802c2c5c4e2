import { CarriedDevice } from './carried-device.ts';
import { expect, expectAccessible, expectAnswer, rest, runFile, story, tile } from './fixtures.ts';
import { remove } from './wall-steps.ts';

const test = story();
const ADDRESS = '127.0.4.41';
let shellfish: CarriedDevice;

test.afterAll(async () => {
  await shellfish?.kill();
  await remove('/deployments/labelled');
  await remove('/devices/shellfish');
});

test('I add a device, carry its two files over, start its agent, and it takes its seat', async ({ window }) => {
  await window.getByRole('button', { name: 'Add a device' }).first().click();
  const dialog = window.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Carry files by hand instead' }).click();
  await dialog.getByLabel('Name').fill('*');
  await dialog.getByRole('button', { name: 'Add device' }).click();
  await expect(dialog).toContainText(/cannot be a name/);
  await dialog.getByLabel('Name').fill('shellfish');
  await expectAccessible(window);
  await dialog.getByRole('button', { name: 'Add device' }).click();
  await expect(dialog).toContainText('Waiting for the first hello from Shellfish.');
  await expectAccessible(window);
  const file = async (name: RegExp) => {
    const [download] = await Promise.all([window.waitForEvent('download'), dialog.getByRole('button', { name }).click()]);
    return (await (await download.createReadStream()).toArray()).join('');
  };
  shellfish = await CarriedDevice.at(ADDRESS, {
    name: 'shellfish',
    config: await file(/^Download .*\.toml$/),
    creds: await file(/^Download .*\.creds$/),
  });
  shellfish.start();
  await expect(dialog).toContainText('Welcome, Shellfish.');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(tile(window, 'Shellfish')).toHaveAccessibleName(/Running, no services, live/);
});

test('It gets what its label asks for, and loses it with the label', async ({ window }) => {
  const put = await rest('PUT', '/deployments/labelled', {
    headers: { 'if-none-match': '*' },
    body: `apiVersion: iot.nationtech.io/v1alpha1
kind: Deployment
metadata: { name: labelled }
spec:
  targetSelector: { role: camera }
  score: { type: PodmanV0, data: { services: [{ name: labelled, image: localhost/scorewall/hello:1, ports: ["8097:80"], stopTimeoutSeconds: 1 }] } }
`,
  });
  expect(put.status).toBeLessThan(300);
  await window.goto(`${runFile().url}/d/shellfish`);
  await expectAccessible(window);
  await window.getByRole('button', { name: /label/i }).first().click();
  await window.getByLabel('Label 1', { exact: true }).fill('role');
  await window.getByLabel('Value of label 1').fill('camera');
  await window.getByRole('button', { name: /save/i }).click();
  await expectAnswer(8097, /hello/i, [{ id: 'shellfish', address: ADDRESS, engineSocket: '' }]);
  await expect(window.getByText('labelled').first()).toBeVisible();
});

test('When its plug is pulled, its tile says so honestly, and nothing else moves', async ({ window }) => {
  await window.goto(runFile().url);
  await expect(tile(window, 'Shellfish')).toHaveAccessibleName(/1 of 1 services, live/);
  await shellfish.kill();
  await expect(tile(window, 'Shellfish')).toHaveAccessibleName(/Offline/);
  await expect(tile(window, 'Shellfish')).toContainText(/Offline since \d\d:\d\d/);
  await expect(tile(window, 'Shellfish')).toContainText('Its services keep running as far as we know.');
  await expect(tile(window, 'Alice')).toContainText('Running');
  await expectAnswer(8097, /hello/i, [{ id: 'shellfish', address: ADDRESS, engineSocket: '' }]);
  await expectAccessible(window);
  await window.screenshot({ path: 'test-results/screens/wall-offline.png' });
});

test('A deployment that was deleted meanwhile stops when the device is back', async ({ window }) => {
  const entry = (await (await rest('GET', '/deployments/labelled')).json()) as { revision: number };
  await rest('DELETE', '/deployments/labelled', { headers: { 'if-match': `"${entry.revision}"` } });
  shellfish.start();
  await expect(tile(window, 'Shellfish')).toHaveAccessibleName(/Running, no services, live/);
  await expectAnswer(8097, undefined, [{ id: 'shellfish', address: ADDRESS, engineSocket: '' }]);
});

test('I remove it by typing its name, and its key opens nothing any more', async ({ window }) => {
  await window.goto(`${runFile().url}/d/shellfish`);
  await window.getByRole('button', { name: 'More for Shellfish' }).click();
  await window.getByRole('menuitem', { name: 'Remove from the wall' }).click();
  await window.getByLabel(/Type shellfish to confirm/).fill('shellfish');
  await expectAccessible(window);
  await window
    .getByRole('dialog')
    .getByRole('button', { name: /Remove/ })
    .click();
  await expect(window).toHaveURL(`${runFile().url}/`);
  await expect(tile(window, 'Shellfish')).toHaveCount(0);
});

test('Everything is within reach of the keyboard', async ({ window }) => {
  await window.keyboard.press('?');
  await expect(window.getByRole('dialog')).toContainText('Open the tile');
  await expectAccessible(window);
  await window.keyboard.press('Escape');
  await window.locator('[data-seat]').first().focus();
  await window.keyboard.press('ArrowRight');
  await expect(window.locator('[data-device="aria"]')).toBeFocused();
  await window.keyboard.press('Enter');
  await expect(window.getByRole('dialog', { name: /Aria/ })).toBeVisible();
  await expectAccessible(window);
  await window.keyboard.press('Escape');
  await expect(window.locator('[data-device="aria"]')).toBeFocused();
  await window.keyboard.press('Control+k');
  await window.keyboard.type('deployments');
  await expectAccessible(window);
  await window.keyboard.press('Enter');
  await expect(window).toHaveURL(/\/deployments$/);
});

test('The wall comes alive although the network loses the files it loads later', async ({ window }) => {
  const html = await (await window.request.get(runFile().url)).text();
  const lost = new Map<string, number>();
  await window.route('**/_next/static/chunks/*.js', (route) => {
    const file = new URL(route.request().url()).pathname;
    const times = lost.get(file) ?? 0;
    if (html.includes(file) || times >= 2) return route.continue();
    lost.set(file, times + 1);
    return route.abort('internetdisconnected');
  });
  await window.goto(runFile().url);
  await expect(tile(window, 'Alice')).toContainText('Running');
  await expect(window.getByText(/Hub live/)).toBeVisible();
  expect(lost.size).toBeGreaterThan(0);
  await window.unrouteAll();
});

test('A page whose own files were lost on the way loads itself again', async ({ window }) => {
  let lost = 0;
  await window.route('**/_next/static/chunks/*.js', (route) =>
    lost++ < 2 ? route.abort('internetdisconnected') : route.continue(),
  );
  await window.goto(`${runFile().url}/deployments`);
  await expect(window.getByRole('heading', { name: 'Deployments' })).toBeVisible();
  await window.goto(runFile().url);
  await expect(tile(window, 'Alice')).toContainText('Running');
  expect(lost).toBeGreaterThan(2);
  await window.unrouteAll();
});
