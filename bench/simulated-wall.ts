/** A hub with simulated devices and its pages, open in a browser that is signed in as the owner. */
import { type Browser, type BrowserContext, chromium } from '@playwright/test';
import { findBrowser } from '#e2e/browser.ts';
import { Web } from '#e2e/stack/web.ts';
import type { Programs } from './programs.ts';
import { SimulatedFleet } from './simulated-fleet.ts';

export interface SimulatedWall {
  fleet: SimulatedFleet;
  web: Web;
  browser: Browser;
  context: BrowserContext;
  stop(): Promise<void>;
}

export async function openSimulatedWall(
  devices: number,
  programs: Programs,
  say: (line: string) => void,
): Promise<SimulatedWall> {
  const fleet = await SimulatedFleet.start(devices, programs, say);
  const web = await Web.start({ anchor: fleet.anchor, nats: fleet.nats, program: programs.web });
  const path = findBrowser();
  const browser = await chromium.launch({
    ...(path ? { executablePath: path } : {}),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  const services = ['camera', 'infer', 'uplink'].map((name) => ({ name, image: `registry.example/${name}:1` }));
  await fleet.timeFanOut('vision', () => fleet.deploy('vision', services));
  const cookie = await web.becomeOwner(fleet.store.connection);
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, colorScheme: 'dark' });
  // tsx wraps named functions in a call of `__name`, also those that are sent to the page.
  await context.addInitScript({ content: 'globalThis.__name = (one) => one;' });
  await context.addCookies([{ ...cookie, url: web.url }]);
  return {
    fleet,
    web,
    browser,
    context,
    stop: async () => {
      await browser.close();
      await web.stop();
      await fleet.stop();
    },
  };
}
