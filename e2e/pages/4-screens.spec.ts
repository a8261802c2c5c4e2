import { mkdir } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, expectAccessible, expectAnswer, rest, runFile, story, tile } from './fixtures.ts';

const test = story();
const FOLDER = 'test-results/screens';
const COLOURS = 'scorewall-theme';

const LOOKS = [
  { look: 'dark', size: { width: 1920, height: 1080 }, scheme: 'dark' },
  { look: 'light', size: { width: 1920, height: 1080 }, scheme: 'light' },
  { look: 'laptop', size: { width: 1366, height: 768 }, scheme: 'dark' },
  { look: 'phone', size: { width: 390, height: 844 }, scheme: 'dark' },
  { look: 'phone-light', size: { width: 390, height: 844 }, scheme: 'light' },
] as const;

test.beforeAll(async () => {
  await mkdir(FOLDER, { recursive: true });
  await rest('PUT', '/deployments/hello', {
    headers: { 'if-none-match': '*' },
    body: manifest('hello', ['alice', 'aria', 'octavia'], 8098),
  });
  await rest('PUT', '/deployments/door-bell', {
    headers: { 'if-none-match': '*' },
    body: manifest('door-bell', ['alice', 'octavia'], 8099),
  });
  await expectAnswer(8098, /hello/i);
});

const PAGES: { name: string; path: string; ready: (page: Page) => Promise<void> }[] = [
  { name: 'wall', path: '/', ready: (page) => expect(tile(page, 'Octavia')).toContainText('Running') },
  {
    name: 'deployments',
    path: '/deployments',
    ready: (page) => expect(page.getByRole('link', { name: /door-bell/ })).toBeVisible(),
  },
  { name: 'deployment', path: '/deployments/hello', ready: (page) => expect(page.getByText('Octavia').first()).toBeVisible() },
  { name: 'editor', path: '/deployments/hello/edit', ready: (page) => expect(page.getByLabel('Image')).toBeVisible() },
  { name: 'new', path: '/deployments/new', ready: (page) => expect(page.getByRole('button', { name: 'Blank' })).toBeVisible() },
  { name: 'device', path: '/d/alice', ready: (page) => expect(page.getByText('door-bell').first()).toBeVisible() },
  {
    name: 'not-found',
    path: '/nowhere',
    ready: (page) => expect(page.getByRole('link', { name: /wall/i }).first()).toBeVisible(),
  },
];

for (const { look, size, scheme } of LOOKS) {
  test(`Every page reads well: ${look}`, async ({ window }) => {
    // Seven pages, each looked at by axe.
    test.setTimeout(300_000);
    await window.setViewportSize(size);
    await window.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await chooseColours(window, scheme);
    for (const { name, path, ready } of PAGES) {
      await window.goto(runFile().url + path);
      await ready(window);
      await expectAccessible(window);
      const sideways = await window.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(sideways, `${name} needs no sideways scroll`).toBeLessThanOrEqual(0);
      await window.screenshot({ path: `${FOLDER}/${name}-${look}.png` });
    }
  });
}

/** A person's choice: without one the wall is dark on every system. */
const chooseColours = (page: Page, value: string) => page.context().addCookies([{ name: COLOURS, value, url: runFile().url }]);

function manifest(name: string, devices: string[], port: number): string {
  return `apiVersion: iot.nationtech.io/v1alpha1
kind: Deployment
metadata: { name: ${name} }
spec:
  targetDevices: [${devices.join(', ')}]
  score:
    type: PodmanV0
    data:
      services:
        - { name: ${name}, image: localhost/scorewall/hello:1, ports: ["${port}:80"], stopTimeoutSeconds: 1 }
`;
}
