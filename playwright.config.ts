import { defineConfig } from '@playwright/test';
import { findBrowser } from './e2e/browser.ts';

const browser = findBrowser();

export default defineConfig({
  testDir: 'e2e/pages',
  globalSetup: './e2e/start-stack.ts',
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  // A second try is listed as "flaky", never hidden.
  retries: 1,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  outputDir: 'test-results',
  use: {
    viewport: { width: 1920, height: 1080 },
    colorScheme: 'dark',
    locale: 'en-GB',
    trace: 'retain-on-failure',
    launchOptions: {
      ...(browser ? { executablePath: browser } : {}),
      // Chromium's sandbox refuses to run as root; the pages under test are our own.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
});
