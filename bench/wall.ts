/** The wall in a real browser with a thousand devices: frames per second, and how old a report is when the page shows it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Page } from '@playwright/test';
import { findBrowser } from '#e2e/browser.ts';
import { Web } from '#e2e/stack/web.ts';
import type { Bench } from './bench.ts';
import { countFrames, type Frames } from './frames.ts';
import { compareTimes, type Figure } from './measure.ts';
import { buildPrograms } from './programs.ts';
import { SimulatedFleet } from './simulated-fleet.ts';

const DEVICES = 1_000;
const WINDOW_MS = 15_000;
/** A display of 60 Hz, less what the browser's own clock wavers. */
const LEAST_FRAMES = 59;
const REPORT_ROUNDS = 30;
const MOST_REPORT_MS = 250;

export const wall: Bench = {
  name: 'wall',
  title: `the wall in Chromium with ${DEVICES} devices: frames, and report -> visible`,
  async run(say) {
    const programs = await buildPrograms(say, { pages: true });
    const simulated = await SimulatedFleet.start(DEVICES, programs, say);
    const web = await Web.start({ anchor: simulated.anchor, nats: simulated.nats, program: programs.web });
    const path = findBrowser();
    const browser = await chromium.launch({
      ...(path ? { executablePath: path } : {}),
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
    try {
      const services = ['camera', 'infer', 'uplink'].map((name) => ({ name, image: `registry.example/${name}:1` }));
      await simulated.timeFanOut('vision', () => simulated.deploy('vision', services));
      const cookie = await web.becomeOwner(simulated.store.connection);
      const context = await browser.newContext({ viewport: { width: 1920, height: 1080 } });
      // tsx wraps named functions in a call of `__name`, also those that are sent to the page.
      await context.addInitScript({ content: 'globalThis.__name = (one) => one;' });
      await context.addCookies([{ ...cookie, url: web.url }]);
      const empty = await context.newPage();
      const beside = await countFrames(empty, WINDOW_MS);
      await empty.close();

      const page = await context.newPage();
      await page.goto(web.url);
      await page.locator('article[data-health="running"]').first().waitFor({ timeout: 120_000 });
      await sleep(5_000);
      const figures: Figure[] = [];
      for (const intervalMs of [30_000, 3_000]) {
        const rate = Math.round((DEVICES * 1000) / intervalMs);
        simulated.pace(intervalMs);
        await sleep(3_000);
        say(`counts frames for ${WINDOW_MS / 1000} s at ${rate} reports a second`);
        figures.push(frameFigure(rate, await countFrames(page, WINDOW_MS), beside, intervalMs === 30_000));
      }
      simulated.pace(30_000);
      say(`${REPORT_ROUNDS} reports of one device`);
      figures.push(await measureReports(simulated, page));
      return figures;
    } finally {
      await browser.close();
      await web.stop();
      await simulated.stop();
    }
  },
};

function frameFigure(rate: number, frames: Frames, beside: Frames, bound: boolean): Figure {
  const words = ({ perSecond, long, longestMs }: Frames) =>
    `${perSecond.toFixed(1)} fps, ${long} long, longest ${Math.round(longestMs)} ms`;
  return {
    what: `frames at ${rate} reports/s`,
    value: words(frames),
    beside: `empty page ${words(beside)}`,
    ratio: frames.perSecond / beside.perSecond,
    ...(bound ? { must: { text: '60 fps', held: frames.perSecond >= LEAST_FRAMES } } : {}),
    data: { ...frames, emptyPagePerSecond: beside.perSecond },
  };
}

/** Beside it: the moment the same report reaches a plain subscriber of the same subject. */
async function measureReports(simulated: SimulatedFleet, page: Page): Promise<Figure> {
  const device = simulated.names[0]!;
  const times = { page: [] as number[], subscriber: [] as number[] };
  const reports = simulated.store.connection.subscribe(`wall.status.${device}`);
  const arrivals = reports[Symbol.asyncIterator]();
  let failing = true;
  for (let round = 0; round < REPORT_ROUNDS; round++) {
    const seen = waitForHealth(page, device, failing ? 'failed' : 'running');
    // The page has to be watching before the report leaves.
    await page.evaluate(() => 0);
    const sentAt = simulated.report(device, failing);
    const arrivedAt = arrivals.next().then(() => performance.timeOrigin + performance.now());
    const [sent, arrived, shown] = await Promise.all([sentAt, arrivedAt, seen]);
    times.page.push(shown - sent);
    times.subscriber.push(Math.max(0, arrived - sent));
    failing = !failing;
    await sleep(100 + Math.random() * 200);
  }
  reports.unsubscribe();
  return compareTimes(
    'report -> visible on the wall',
    times.page,
    { what: 'plain subscriber', samples: times.subscriber },
    { text: `within ${MOST_REPORT_MS} ms, p95`, holds: ({ p95 }) => p95 <= MOST_REPORT_MS },
  );
}

/** The moment the tile shows it, on the clock that both processes share. */
function waitForHealth(page: Page, device: string, health: string): Promise<number> {
  return page.evaluate(
    ([name, wanted]) =>
      new Promise<number>((resolve) => {
        const look = () => {
          const tile = document.querySelector(`[data-device="${name}"]`)?.closest('article');
          if (tile?.getAttribute('data-health') !== wanted) return;
          observer.disconnect();
          resolve(performance.timeOrigin + performance.now());
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { subtree: true, childList: true, attributeFilter: ['data-health'] });
        look();
      }),
    [device, health] as const,
  );
}
