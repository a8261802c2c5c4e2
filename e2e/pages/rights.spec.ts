import { expect, expectAccessible, PASSWORD, rest, runFile, story, tile } from './fixtures.ts';
import { letTimePass, proof, prove } from './fresh-proof.ts';

const test = story();
const json = { 'content-type': 'application/json' };

test.afterAll(async () => {
  await rest('DELETE', '/people/mia', { body: '{}', headers: json });
  await label('alice', {});
});

async function label(name: string, labels: Record<string, string>): Promise<void> {
  const { revision } = await (await rest('GET', `/devices/${name}`)).json();
  await rest('PATCH', `/devices/${name}`, {
    body: JSON.stringify({ labels }),
    headers: { ...json, 'if-match': `"${revision}"` },
  });
}

test('Somebody who was invited for one site sees its devices, and a new one the moment it is labelled so', async ({
  window,
  browser,
}) => {
  await label('alice', { site: 'berlin' });
  await window.goto(`${runFile().url}/people`);
  await window.getByRole('button', { name: 'Invite somebody' }).click();
  const dialog = window.getByRole('dialog');
  await dialog.getByLabel('Name').fill('mia');
  await dialog.getByLabel('Role').selectOption('operator');
  await dialog.getByLabel('Devices').fill('berlin');
  await dialog.getByRole('button', { name: 'Make a link' }).click();
  await expect(dialog).toContainText('site=berlin');
  await dialog.getByLabel('Devices').fill('site=berlin');
  await dialog.getByRole('button', { name: 'Make a link' }).click();
  await expect(dialog).toContainText('becomes operator on site=berlin here');
  const link = (await dialog.locator('code').textContent()) ?? '';
  await dialog.getByRole('button', { name: 'Done' }).click();
  const context = await browser.newContext();
  const mia = await context.newPage();
  await mia.goto(link);
  await mia.getByLabel('Choose a password').fill(PASSWORD);
  await mia.getByRole('button', { name: 'Open the wall' }).click();
  await expect(tile(mia, 'Alice')).toContainText('Live');
  await expect(tile(mia, 'Aria')).toHaveCount(0);
  await label('aria', { site: 'berlin' });
  await expect(tile(mia, 'Aria')).toContainText('Live');
  await label('aria', {});
  await expect(tile(mia, 'Aria')).toHaveCount(0);
  await expect(tile(mia, 'Alice')).toContainText('Live');
  await context.close();
});

test('Signed in long ago I am asked once more, and what I wanted goes on by itself', async ({ window }) => {
  await letTimePass();
  await window.goto(`${runFile().url}/you`);
  await window.getByRole('button', { name: 'Make a token' }).click();
  const dialog = window.getByRole('dialog', { name: 'Make a token' });
  await dialog.getByLabel('What it is for').fill('backup');
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  await expect(proof(window)).toBeVisible();
  await proof(window).getByLabel('Your password').fill('not the password');
  await proof(window).getByRole('button', { name: 'Go on' }).click();
  await expect(proof(window)).toContainText('This is not your password.');
  await prove(window);
  await expect(window.getByRole('dialog')).toContainText('It is not shown again.');
  await window.getByRole('button', { name: 'Done' }).click();
  const token = window.getByRole('listitem', { name: 'backup' });
  await expect(token).toContainText('viewer');
  await expectAccessible(window);
  await token.getByRole('button', { name: 'Take back backup' }).click();
  await expect(token).toHaveCount(0);
});

test('Typing into a device asks as well, and then the terminal is mine', async ({ window }) => {
  await letTimePass();
  // Without a graphics card the terminal is drawn as text, which a test can read.
  await window.addInitScript(() => {
    const original = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...more: unknown[]) {
      return kind === 'webgl2' ? null : (original as (...all: unknown[]) => unknown).call(this, kind, ...more);
    } as typeof original;
  });
  await window.goto(`${runFile().url}/?tile=alice&view=terminal`);
  await expect(window.getByRole('button', { name: 'New shell' }).first()).toBeVisible();
  await window.keyboard.press('t');
  await prove(window);
  const bar = window.getByRole('region', { name: 'Terminal of Alice', exact: true }).locator('footer').getByRole('status');
  await expect(bar).toContainText('Typing to Alice');
  await window.keyboard.type('echo $((6*7))-proven');
  await window.keyboard.press('Enter');
  await expect(window.locator('[data-terminal-screen] .xterm-rows')).toContainText('42-proven');
  await window.keyboard.press('Control+Backquote');
});

test('I see where I am signed in and end it there', async ({ window, browser }) => {
  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(`${runFile().url}/login`);
  await other.getByLabel('Password').fill(PASSWORD);
  await other.getByRole('button', { name: 'Open the wall' }).click();
  await expect(tile(other, 'Alice')).toContainText('Live');
  await window.goto(`${runFile().url}/you`);
  await expect(window.getByText('(this one)')).toBeVisible();
  await window.getByRole('button', { name: 'Sign out there' }).first().click();
  await expect(other).toHaveURL(/\/login/);
  await context.close();
});
