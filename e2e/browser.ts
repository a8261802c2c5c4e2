/** Finds the Chromium of the distribution; without one Playwright uses its own download. */
import { existsSync } from 'node:fs';

const CANDIDATES = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

export function findBrowser(): string | undefined {
  return process.env.SCOREWALL_BROWSER ?? CANDIDATES.find((path) => existsSync(path));
}
