import type { Page } from '@playwright/test';
import { expect, expectAccessible, expectAnswer, rest, runFile, signIn, story, tile } from './fixtures.ts';
import { remove } from './wall-steps.ts';

const test = story();
const PORT = 8091;
const NEXT_PORT = 8092;

/** Of a try before, too: each begins with nothing deployed. */
test.beforeAll(async () => {
  for (const name of ['hello', 'grafana']) await remove(`/deployments/${name}`);
});

const editor = (page: Page) => page.locator('.cm-content');
const service = (page: Page) => page.getByRole('article', { name: 'Service hello' });

test('I deploy the hello example to all three devices from the form', async ({ window }) => {
  await window.goto(`${runFile().url}/deployments`);
  await expect(window.getByText('Nothing deployed from here yet.', { exact: false })).toBeVisible();
  await expectAccessible(window);
  await window
    .getByRole('link', { name: 'Use the hello example' })
    .or(window.getByRole('button', { name: 'Use the hello example' }))
    .click();
  await service(window).getByLabel('Ports, 1').fill(`${PORT}:80`);
  await expect(editor(window)).toContainText(`${PORT}:80`);
  for (const name of ['Alice', 'Aria', 'Octavia']) {
    await expect(window.getByRole('checkbox', { name: new RegExp(name) })).toBeChecked();
  }
  await expectAccessible(window);
  await window.getByRole('button', { name: /^Review/ }).click();
  await expectAccessible(window);
  await window.getByRole('button', { name: 'Deploy to 3 devices' }).click();
  await expect(window).toHaveURL(/\/deployments\/hello$/);
  await expectAnswer(PORT, /version 1|hello/i);
});

test('Each tile shows that it runs', async ({ window }) => {
  await window.goto(runFile().url);
  for (const name of ['Alice', 'Aria', 'Octavia']) {
    await expect(tile(window, name)).toHaveAccessibleName(/Running, 1 of 1 services, live/);
    await expect(tile(window, name)).toContainText('hello');
    await expect(tile(window, name).getByRole('link', { name: new RegExp(String(PORT)) })).toBeVisible();
  }
});

test('A comment and an unknown note in the YAML survive what I change in the form', async ({ window }) => {
  await window.goto(`${runFile().url}/deployments/hello/edit`);
  await editor(window).click();
  await window.keyboard.press('Control+Home');
  await window.keyboard.insertText('# keep the door open, kim\n');
  await service(window).getByLabel('Image').fill('localhost/scorewall/hello:2');
  await expect(editor(window)).toContainText('# keep the door open, kim');
  await expect(editor(window)).toContainText('localhost/scorewall/hello:2');
});

test('My draft is still there after a reload', async ({ window }) => {
  await window.reload();
  await expect(window.getByText(/Draft, saved/)).toBeVisible();
  await expect(editor(window)).toContainText('# keep the door open, kim');
});

test('A port that another service has is refused at the field, at the line and in the list, with a way out', async ({
  window,
}) => {
  await rest('PUT', '/deployments/grafana', {
    headers: { 'if-none-match': '*' },
    body: manifest('grafana', 8093),
  });
  await service(window).getByLabel('Ports, 1').fill('8093:80');
  await expect(service(window)).toContainText(/8093 is taken on .*grafana/);
  await expect(window.locator('.cm-lintRange-error, .cm-lint-marker-error').first()).toBeVisible();
  await expectAccessible(window);
  await window
    .getByRole('button', { name: /^Use 8094/ })
    .first()
    .click();
  await expect(service(window).getByLabel('Ports, 1')).toHaveValue('8094:80');
  await service(window).getByLabel('Ports, 1').fill(`${NEXT_PORT}:80`);
});

test('I see the change in sentences and deploy it; the old container makes room for the new one', async ({ window }) => {
  await window.getByRole('button', { name: /^Review/ }).click();
  await expect(window.getByText(/image .*1.*→.*2/)).toBeVisible();
  await expect(window.getByText(new RegExp(`${PORT}.*→.*${NEXT_PORT}`))).toBeVisible();
  await window.getByLabel('Why (may stay empty)').fill('the second version');
  await window.getByRole('button', { name: 'Deploy to 3 devices' }).click();
  await expectAnswer(NEXT_PORT, /2/);
  await expectAnswer(PORT, undefined);
  await window.getByRole('tab', { name: 'YAML' }).click();
  await expect(window.getByText('# keep the door open, kim')).toBeVisible();
  await window.getByRole('tab', { name: 'Revisions' }).click();
  await expect(window.getByText('the second version').first()).toBeVisible();
  await expectAccessible(window);
});

test('Two people edit the same deployment: the second one is told, and nothing is overwritten', async ({ window, browser }) => {
  const other = await browser.newPage();
  await signIn(other);
  for (const page of [window, other]) {
    await page.goto(`${runFile().url}/deployments/hello/edit`);
    await expect(editor(page)).toContainText('hello:2');
  }
  // A name that was used before counts on: it would be the third, unless this is a second try.
  const now = (await (await rest('GET', '/deployments/hello')).json()) as { deployment: { metadata: { generation: number } } };
  await service(other).getByLabel('Ports, 1').fill('8095:80');
  await service(window).getByLabel('Image').fill('localhost/scorewall/hello:1');
  await other.getByRole('button', { name: /^Review/ }).click();
  await other.getByRole('button', { name: 'Deploy to 3 devices' }).click();
  await expect(other).toHaveURL(/\/deployments\/hello$/);

  await expect(window.getByText(`deployed #${now.deployment.metadata.generation + 1} meanwhile`)).toBeVisible();
  await expectAccessible(window);
  await window.getByRole('button', { name: 'Put mine on top' }).click();
  await window.getByRole('button', { name: 'Deploy to 3 devices' }).click();
  await expect(window).toHaveURL(/\/deployments\/hello$/);
  await expectAnswer(8095, /1/);
  await other.close();
});

test('A broken YAML keeps the form waiting and says where it is broken', async ({ window }) => {
  await window.goto(`${runFile().url}/deployments/hello/edit`);
  await editor(window).click();
  await window.keyboard.press('Control+Home');
  await window.keyboard.insertText('"');
  await expect(window.getByText(/The form waits/).first()).toBeVisible();
  await expect(service(window).getByLabel('Image')).toBeDisabled();
  await expectAccessible(window);
  await window.getByRole('button', { name: 'Discard draft' }).click();
});

test('I delete it by typing its name, and it is gone everywhere', async ({ window }) => {
  await window.goto(`${runFile().url}/deployments/hello`);
  await window.getByRole('button', { name: 'More for hello' }).click();
  await window.getByRole('menuitem', { name: 'Delete hello' }).click();
  const confirm = window.getByRole('button', { name: 'Delete from 3 devices' });
  await expect(confirm).toBeDisabled();
  await window.getByLabel(/Type hello to confirm/).fill('hello');
  await expectAccessible(window);
  await confirm.click();
  await expect(window).toHaveURL(/\/deployments$/);
  await expectAnswer(8095, undefined);
});

test('I begin from a compose file and am told what could not come along', async ({ window }) => {
  await window.goto(`${runFile().url}/deployments/new`);
  await window.getByRole('button', { name: 'Paste a compose file' }).click();
  await window
    .getByRole('dialog')
    .getByRole('textbox')
    .fill(
      'services:\n  web:\n    image: localhost/scorewall/hello:1\n    env_file: secrets.env\n    environment:\n      - A=1\n    ports: ["8096:80"]\n',
    );
  await expectAccessible(window);
  await window
    .getByRole('dialog')
    .getByRole('button', { name: /begin|use|take|continue|import/i })
    .click();
  await expect(window.getByText(/reads variables from a file/)).toBeVisible();
  await expect(editor(window)).toContainText('8096:80');
  await window.evaluate(() => localStorage.clear());
});

function manifest(name: string, port: number): string {
  return `apiVersion: iot.nationtech.io/v1alpha1
kind: Deployment
metadata: { name: ${name} }
spec:
  targetDevices: [alice]
  score:
    type: PodmanV0
    data:
      services:
        - { name: ${name}, image: localhost/scorewall/hello:1, ports: ["${port}:80"] }
`;
}
