import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { Secret, TOTP } from 'otpauth';
import { addAuthenticator } from './authenticator.ts';
import { expectAccessible, notice } from './fixtures.ts';
import { SignInStack } from './sign-in-stack.ts';

test.describe.configure({ mode: 'serial' });

let stack: SignInStack;
let context: BrowserContext;
let page: Page;
let totpKey: string;
let recoveryCodes: string[];
const PASSWORD = 'a lantern on the pier';
const NEW_PASSWORD = 'two lanterns on the pier';

test.beforeAll(async ({ browser }) => {
  stack = await SignInStack.start();
  context = await browser.newContext();
  page = await context.newPage();
  await addAuthenticator(page);
});
test.afterAll(async () => {
  await context?.close();
  await stack?.stop();
});

const wall = (at = page) =>
  at
    .getByRole('heading', { name: /Workshop/ })
    .or(at.getByRole('region', { name: 'Seats' }))
    .first();
const passkeyButton = (at = page) => at.getByRole('button', { name: 'Use a passkey', exact: true });

async function signOut(): Promise<void> {
  await page.getByRole('button', { name: 'Account', exact: true }).click();
  await page.getByRole('menuitem', { name: /sign out/i }).click();
  await expect(page).toHaveURL(/\/login/);
}

async function openYou(): Promise<void> {
  await page.getByRole('button', { name: 'Account', exact: true }).click();
  await page.getByRole('menuitem', { name: 'You' }).click();
  await expect(page.getByRole('heading', { name: 'You', level: 1 })).toBeVisible();
}

async function typePassword(at: Page, password = PASSWORD, name = 'owner'): Promise<void> {
  await at.getByLabel('Name').fill(name);
  await at.getByLabel('Password').fill(password);
  await at.getByRole('button', { name: 'Open the wall' }).click();
}

const code = (stepsAhead = 0) =>
  new TOTP({ secret: Secret.fromBase32(totpKey) }).generate({ timestamp: Date.now() + stepsAhead * 30_000 });

test('I become the owner with a passkey, without choosing a password', async () => {
  await page.goto(await stack.ownerLink());
  await expect(page.getByRole('button', { name: 'Use a passkey instead' })).toBeVisible();
  await expect(page).not.toHaveURL(/#./);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Use a passkey instead' }).click();
  await expect(wall()).toBeVisible();
});

test('I sign out, and in again with one key and without a name', async () => {
  await signOut();
  await expectAccessible(page);
  await passkeyButton().focus();
  await page.keyboard.press('Enter');
  await expect(wall()).toBeVisible();
});

test('I see my passkey, cannot remove the only way in, and choose a password beside it', async () => {
  await openYou();
  const first = page.getByRole('listitem', { name: 'First passkey' });
  await expect(first).toContainText('For localhost');
  await expect(first).toContainText('used');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Remove First passkey' }).click();
  await expect(notice(page, /only way to sign in/)).toBeVisible();
  await page.getByLabel('Choose a password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect(page.getByText('You have a password now.')).toBeVisible();
  await expect(page.getByLabel('Your present password')).toBeVisible();
});

test('I turn codes on with my phone, and get ten recovery codes this once', async () => {
  await page.getByRole('button', { name: 'Turn codes on …' }).click();
  await expect(page.getByRole('img', { name: 'The key as a QR code' })).toBeVisible();
  await expectAccessible(page);
  totpKey = ((await page.getByText(/^(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}$/).textContent()) ?? '').replaceAll(' ', '');
  await page.getByLabel('First code').fill('000000');
  await page.getByRole('button', { name: 'Turn codes on', exact: true }).click();
  await expect(notice(page, /not good/)).toBeVisible();
  await page.getByLabel('First code').fill(code());
  await page.getByRole('button', { name: 'Turn codes on', exact: true }).click();
  const kept = page.getByRole('region', { name: 'Your recovery codes' });
  await expect(kept.getByRole('listitem')).toHaveCount(10);
  await expectAccessible(page);
  recoveryCodes = await kept.getByRole('listitem').allTextContents();
  await kept.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.getByText('10 of 10 recovery codes are left')).toBeVisible();
  await page.reload();
  await expect(page.getByText('10 of 10 recovery codes are left')).toBeVisible();
  await expect(page.getByText(recoveryCodes[0]!)).toHaveCount(0);
});

test('My password alone opens nothing any more: it asks for a code, which is good once', async ({ browser }) => {
  const other = await (await browser.newContext()).newPage();
  await other.goto(`${stack.url}/login`);
  await typePassword(other);
  await expect(other.getByLabel('Code')).toBeFocused();
  await expectAccessible(other);
  const used = code(1);
  await other.getByLabel('Code').fill(used);
  await other.getByRole('button', { name: 'Open the wall' }).click();
  await expect(wall(other)).toBeVisible();
  await other.context().close();
  const third = await (await browser.newContext()).newPage();
  await third.goto(`${stack.url}/login`);
  await typePassword(third);
  await third.getByLabel('Code').fill(used);
  await third.getByRole('button', { name: 'Open the wall' }).click();
  await expect(notice(third, /not good, or was used already/)).toBeVisible();
  await third.getByLabel('Code').fill(recoveryCodes[3]!);
  await third.getByRole('button', { name: 'Open the wall' }).click();
  await expect(wall(third)).toBeVisible();
  await third.context().close();
});

test('I change my password, and the page I am on stays while others are signed out', async ({ browser }) => {
  const other = await (await browser.newContext()).newPage();
  await other.goto(`${stack.url}/login`);
  await typePassword(other);
  await other.getByLabel('Code').fill(recoveryCodes[4]!);
  await other.getByRole('button', { name: 'Open the wall' }).click();
  await expect(wall(other)).toBeVisible();
  await page.getByLabel('Your present password').fill('not the present one');
  await page.getByLabel('Choose a password').fill(NEW_PASSWORD);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await expect(notice(page, /not your present password/)).toBeVisible();
  await page.getByLabel('Your present password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.getByText('Your password has changed.')).toBeVisible();
  await expect(other).toHaveURL(/\/login/);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'You', level: 1 })).toBeVisible();
  await other.context().close();
});

test('A page that is open by address says why there is no passkey, and where there is one', async ({ browser }) => {
  const other = await (await browser.newContext()).newPage();
  await other.goto(`${stack.addressUrl}/login`);
  await expect(other.getByText('Passkeys belong to a name, and this page is open by an address.')).toBeVisible();
  await expect(passkeyButton(other)).toHaveCount(0);
  await expectAccessible(other);
  await other.getByRole('link', { name: 'localhost' }).click();
  await expect(passkeyButton(other)).toBeVisible();
  await other.goto(`${stack.url}/trust`);
  await expect(other.getByText('This page has no certificate of the fleet’s own.')).toBeVisible();
  await expectAccessible(other);
  await other.context().close();
});

test('Nothing on the login page moves while it finds out which ways in there are', async ({ browser }) => {
  const other = await (await browser.newContext()).newPage();
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await other.route('**/api/v1/doors', async (route) => {
    await held;
    await route.continue();
  });
  await other.goto(`${stack.url}/login`);
  await expect(other.getByLabel('Password')).toBeFocused();
  await other.evaluate(() => document.fonts.ready);
  const places = async () => [await other.getByLabel('Password').boundingBox(), await other.locator('summary').boundingBox()];
  const before = await places();
  answer();
  await expect(passkeyButton(other)).toBeVisible();
  await expect(other.getByRole('button', { name: 'Sign in with Works' })).toBeVisible();
  expect(await places()).toEqual(before);
  await other.context().close();
});

test('Mia comes in with her account at the provider, and goes out there too', async ({ browser }) => {
  const mias = await browser.newContext();
  const mia = await mias.newPage();
  await mia.goto(`${stack.url}/deployments`);
  await mia.getByRole('button', { name: 'Sign in with Works' }).click();
  await mia.getByPlaceholder('Enter any login').fill('mia');
  await mia.getByPlaceholder('and password').fill('any');
  await mia.getByRole('button', { name: 'Sign-in' }).click();
  await mia.getByRole('button', { name: 'Continue' }).click();
  await expect(mia.getByRole('heading', { name: 'Deployments', level: 1 })).toBeVisible();
  await expect(mia).not.toHaveURL(/code=|state=/);
  await mia.goto(`${stack.url}/you`);
  await expect(mia.getByText('You sign in with the account of a provider.')).toBeVisible();
  await expectAccessible(mia);
  await mia.getByRole('button', { name: 'Account', exact: true }).click();
  await mia.getByRole('menuitem', { name: /sign out/i }).click();
  await expect(mia).toHaveURL(new RegExp(`^${stack.provider.issuer}/session/end`));
  await mias.close();
});

test('Max has an account there and no role here, which is told in words', async ({ browser }) => {
  const context = await browser.newContext();
  const max = await context.newPage();
  await max.goto(`${stack.url}/login`);
  await max.getByRole('button', { name: 'Sign in with Works' }).click();
  await max.getByPlaceholder('Enter any login').fill('max');
  await max.getByPlaceholder('and password').fill('any');
  await max.getByRole('button', { name: 'Sign-in' }).click();
  await max.getByRole('button', { name: 'Continue' }).click();
  await expect(notice(max, /gives you no role on this wall/)).toBeVisible();
  await expectAccessible(max);
  await max.getByRole('link', { name: 'Back to the login page' }).click();
  await expect(max.getByLabel('Password')).toBeVisible();
  await context.close();
});

test('While the provider is down I am told so, and come in another way', async () => {
  await signOut();
  await stack.provider.stop();
  // What it said of itself counts for some seconds.
  await expect(async () => {
    await page.goto(`${stack.url}/login`);
    await page.getByRole('button', { name: 'Sign in with Works' }).click();
    await expect(notice(page, /Works does not answer/)).toBeVisible({ timeout: 3_000 });
  }).toPass();
  await expectAccessible(page);
  await passkeyButton().click();
  await expect(wall()).toBeVisible();
});
