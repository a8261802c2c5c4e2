import { readFile } from 'node:fs/promises';
import { expect, expectAccessible, rest, runFile, story } from './fixtures.ts';

const test = story();

test('The record says who did what, is filtered, and is carried away', async ({ window }) => {
  // The record keeps what a try before did.
  const name = test.info().retry === 0 ? 'ola' : 'oma';
  await rest('POST', '/invites', {
    body: JSON.stringify({ name, role: 'viewer' }),
    headers: { 'content-type': 'application/json' },
  });
  await window.getByRole('button', { name: 'Account', exact: true }).click();
  await window.getByRole('menuitem', { name: 'Audit' }).click();
  await expect(window.getByRole('heading', { name: 'Audit', level: 1 })).toBeVisible();
  await expect(window.getByRole('status').filter({ hasText: 'Chain intact' })).toBeVisible();
  await window.getByRole('textbox', { name: 'Action' }).fill('person');
  await window.getByRole('textbox', { name: 'On what' }).fill(name);
  await window.getByRole('button', { name: 'Filter', exact: true }).click();
  const row = window.getByRole('row').filter({ hasText: 'person.invite' });
  await expect(row).toHaveCount(1);
  await expect(row).toContainText('owner');
  await expect(row).toContainText(`${name} as viewer`);
  await expect(row).toContainText('done');
  await expectAccessible(window);
  const [download] = await Promise.all([
    window.waitForEvent('download'),
    window.getByRole('link', { name: 'Export CSV' }).click(),
  ]);
  const csv = await readFile(await download.path(), 'utf8');
  expect(csv.split('\r\n')[1]).toContain('person.invite');
  await window.getByRole('textbox', { name: 'On what' }).fill('nobody of this name');
  await window.getByRole('button', { name: 'Filter', exact: true }).click();
  await expect(window.getByText('Nothing matches.')).toBeVisible();
  await rest('DELETE', `/invites/${name}`, { body: '{}', headers: { 'content-type': 'application/json' } });
});

test('Who does not manage is told so, and gets no line of it', async ({ window }) => {
  const { url } = runFile();
  const stranger = await window.request.get(`${url}/api/v1/audit`, { headers: { cookie: '' } });
  expect(stranger.status()).toBe(401);
});
