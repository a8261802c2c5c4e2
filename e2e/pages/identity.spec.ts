import { expect, expectAccessible, rest, runFile, story, tile } from './fixtures.ts';
import { JoiningDevice } from './joining-device.ts';

const test = story();
const ADDRESS = '127.0.4.43';
let lucidia: JoiningDevice;

test.afterAll(async () => {
  await lucidia?.kill();
  await rest('DELETE', '/devices/lucidia');
});

test('I paste the line on a new device, compare four words, and it takes its seat', async ({ window }) => {
  await window.getByRole('button', { name: 'Add a device' }).first().click();
  const dialog = window.getByRole('dialog');
  const line = dialog.getByRole('region', { name: 'The line for the device' });
  await expect(line).toContainText(/curl .*\/join \| sh -s -- rcj1\./);
  await expectAccessible(window);
  await dialog.getByText('Name, labels, approval').click();
  await dialog.getByLabel('Name', { exact: true }).fill('lucidia');
  await dialog.getByLabel('Labels').fill('role=canvas');
  await dialog.getByLabel(/Ask me before it gets in/).check();
  const before = await line.textContent();
  await dialog.getByRole('button', { name: 'Make a new line with this' }).click();
  await expect(line).not.toHaveText(before ?? '');
  await expect(dialog).toContainText('Waiting for the device.');
  const token = /rcj1\.\S+/.exec((await line.textContent()) ?? '')?.[0] ?? '';

  lucidia = await JoiningDevice.at(ADDRESS);
  const joined = lucidia.join(token);
  await expect(dialog).toContainText('Same words on both?');
  const words = (await dialog.locator('strong.font-mono').textContent())?.split(' · ') ?? [];
  expect(words).toHaveLength(4);
  // Each: the first may be in what it said before, and more than one write may bring them.
  for (const word of words) await expect.poll(() => lucidia.said).toContain(word);
  await expectAccessible(window);
  await dialog.getByRole('button', { name: 'They match' }).click();
  await joined;
  lucidia.start();
  await expect(dialog).toContainText('Welcome, Lucidia.');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(tile(window, 'Lucidia')).toHaveAccessibleName(/Running, no services, live/);
});

test('Its chain is checked in my own browser, and grows when I renew its key', async ({ window }) => {
  await window.goto(`${runFile().url}/d/lucidia?tab=identity`);
  const chain = window.getByRole('list').filter({ hasText: 'joined' });
  await expect(chain.getByRole('listitem').first()).toContainText('joined');
  const before = await chain.getByRole('listitem').count();
  await expect(window.getByText(/Verified in this browser to entry \d+/)).toBeVisible();
  await expectAccessible(window);
  await window.getByRole('button', { name: 'Renew now' }).click();
  await expect(chain.getByRole('listitem')).toHaveCount(before + 1);
  await expect(window.getByText(/1 renewal\./)).toBeVisible();
  await expect(window.getByText(/Verified in this browser to entry \d+/)).toBeVisible();
});

test('Its disk was copied: I see both, say which one is right, and the other one is out', async ({ window }) => {
  const copy = await lucidia.copy('127.0.4.44');
  copy.start();
  try {
    await window.goto(runFile().url);
    await expect(tile(window, 'Lucidia')).toHaveAccessibleName(/Failed/, { timeout: 60_000 });
    await window.goto(`${runFile().url}/d/lucidia`);
    await window.getByRole('link', { name: 'Look at its identity' }).click();
    const both = window.getByRole('list', { name: 'Connected as Lucidia' }).getByRole('listitem');
    await expect(both).toHaveCount(2, { timeout: 60_000 });
    await expect(both.first()).toContainText('was here first');
    await expectAccessible(window);
    await both.first().getByRole('button', { name: 'This is the right one' }).click();
    await expect(window.getByText('Identity check failed.')).toBeHidden();
    await expect(window.getByRole('list').filter({ hasText: 'joined' })).toContainText('trusted again');
    await expect.poll(() => copy.said).toMatch(/second copy of this device/);
    expect(lucidia.said).not.toMatch(/second copy of this device/);
    await expect(window.getByText(/Verified in this browser to entry \d+/)).toBeVisible();
  } finally {
    await copy.kill();
  }
});

test('I keep it out: the seconds are told, and it stays out', async ({ window }) => {
  await window.goto(`${runFile().url}/d/lucidia?tab=identity`);
  await window.getByRole('button', { name: 'Keep out' }).click();
  const dialog = window.getByRole('dialog');
  await dialog.getByLabel('Type lucidia to confirm').fill('lucidia');
  await dialog.getByRole('button', { name: 'Keep Lucidia out' }).click();
  await expect(dialog).toContainText(/1 connection cut after \d+\.\d\d s\./);
  await expectAccessible(window);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(window.getByText('Lucidia is kept out.')).toBeVisible();
  await expect
    .poll(async () => ((await (await rest('GET', '/devices/lucidia/identity')).json()) as { standing: string }).standing)
    .toBe('kept-out');
  await lucidia.restart();
  await expect.poll(() => lucidia.said).toMatch(/kept out|refuse/i);
});

test('I take it back by a new line: its name and its history go on', async ({ window }) => {
  await window.goto(`${runFile().url}/d/lucidia?tab=identity`);
  await window.getByRole('button', { name: 'Take it back' }).click();
  const line = window.getByRole('region', { name: 'The line for the device' });
  await expect(line).toContainText('rcj1.');
  const token = /rcj1\.\S+/.exec((await line.textContent()) ?? '')?.[0] ?? '';
  await lucidia.kill();
  await lucidia.join(token);
  lucidia.start();
  const chain = window.getByRole('list').filter({ hasText: 'joined' });
  await expect(chain).toContainText('taken back');
  await expect(window.getByText(/Verified in this browser to entry \d+/)).toBeVisible();
});
