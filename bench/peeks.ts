/** Live terminals on tiles: what nine and fifty of them cost the page that shows them, beside the same browser with an empty page. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { EMPTY_WALL, MAIN_WALL } from '#contracts/wall.ts';
import type { Bench } from './bench.ts';
import { countFrames, type Frames } from './frames.ts';
import type { Figure } from './measure.ts';
import { buildPrograms } from './programs.ts';
import { openSimulatedWall, type SimulatedWall } from './simulated-wall.ts';

const FEW = 9;
const MANY = 50;
const WINDOW_MS = 10_000;
const SETTLE_MS = 6_000;
const MOST_FRAME_MS = 50;
const LEAST_FPS = 30;
const MOST_MEGABITS = 5;
/** Large enough that fifty pictures are in sight at once: what is not in sight is not asked for. */
const VIEWPORT = { width: 2560, height: 1440 };

interface Cost {
  /** Share of one core, of the page's own process. */
  core: number;
  frames: Frames;
  bytesPerSecond: number;
}

export const peeks: Bench = {
  name: 'peeks',
  title: `terminals on ${FEW} and on ${MANY} tiles: work of the page, frames, bytes`,
  async run(say) {
    const programs = await buildPrograms(say, { pages: true });
    const wall = await openSimulatedWall(MANY, programs, say);
    try {
      const empty = await wall.context.newPage();
      await empty.setViewportSize(VIEWPORT);
      const beside = await measure(empty);
      await empty.close();
      const figures: Figure[] = [];
      for (const count of [FEW, MANY]) {
        await showTerminals(wall, count);
        const page = await wall.context.newPage();
        await page.setViewportSize(VIEWPORT);
        await page.goto(wall.web.url);
        await page
          .locator('[data-peek]')
          .nth(count - 1)
          .waitFor({ timeout: 60_000 });
        say(`${count} terminals for ${WINDOW_MS / 1_000} s`);
        await sleep(SETTLE_MS);
        const cost = await measure(page);
        figures.push(...costs(count, cost, beside, await countLive(page)));
        await page.close();
      }
      return figures;
    } finally {
      await wall.stop();
    }
  },
};

/** A wall of so many devices, each with the terminal of the device as its face. */
async function showTerminals({ fleet }: SimulatedWall, count: number): Promise<void> {
  // They were added side by side, and answered in any order.
  const names = [...fleet.names].sort().slice(0, count);
  const { etag } = await fleet.anchor.call('GET', `/walls/${MAIN_WALL}`);
  const faces = Object.fromEntries(names.map((name) => [name, { kind: 'terminal' }]));
  // `device-000` is ten of them; the tenth shows its services.
  const filter = count === FEW ? 'device-000' : '';
  const others = Object.fromEntries(
    fleet.names.filter((name) => !names.includes(name)).map((name) => [name, { kind: 'services' }]),
  );
  await fleet.anchor.expect(
    'PUT',
    `/walls/${MAIN_WALL}`,
    { ...EMPTY_WALL, name: MAIN_WALL, title: 'Bench', layout: 'fill', density: 'M', filter, faces: { ...faces, ...others } },
    { 'if-match': etag ?? '"0"' },
  );
}

async function measure(page: Page): Promise<Cost> {
  const client = await page.context().newCDPSession(page);
  let bytes = 0;
  client.on('Network.webSocketFrameReceived', ({ response: { payloadData, opcode } }) => {
    bytes += opcode === 2 ? (payloadData.length * 3) / 4 : payloadData.length;
  });
  await client.send('Network.enable');
  await client.send('Performance.enable');
  const taskSeconds = async () =>
    (await client.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
  const [from, before, bytesBefore] = [performance.now(), await taskSeconds(), bytes];
  await sleep(WINDOW_MS);
  const seconds = (performance.now() - from) / 1_000;
  const core = ((await taskSeconds()) - before) / seconds;
  const bytesPerSecond = (bytes - bytesBefore) / seconds;
  await client.detach();
  // Asking for every frame is work too, so it is counted afterwards.
  return { core, bytesPerSecond, frames: await countFrames(page, WINDOW_MS) };
}

/** Tiles whose picture moved within the last seconds, by their own word. */
const countLive = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const tiles = [...document.querySelectorAll('article')].filter((tile) => tile.querySelector('[data-peek]'));
    return tiles.filter((tile) => tile.querySelector('footer')?.textContent?.startsWith('Live')).length;
  });

function costs(count: number, { core, frames, bytesPerSecond }: Cost, beside: Cost, live: number): Figure[] {
  const megabits = (bytesPerSecond * 8) / 1e6;
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const words = ({ perSecond, long, longestMs }: Frames) =>
    `${perSecond.toFixed(1)} fps, ${long} long, longest ${Math.round(longestMs)} ms`;
  return [
    {
      what: `${count} terminals: work of the page`,
      value: `${percent(core)} of a core`,
      beside: `empty page ${percent(beside.core)}`,
      must: { text: 'every picture live', held: live === count },
      data: { core, emptyPageCore: beside.core, live },
    },
    {
      what: `${count} terminals: frames`,
      value: words(frames),
      beside: `empty page ${words(beside.frames)}`,
      ratio: frames.perSecond / beside.frames.perSecond,
      must:
        count === FEW
          ? {
              text: `no frame over ${MOST_FRAME_MS} ms`,
              held: frames.longestMs <= Math.max(MOST_FRAME_MS, beside.frames.longestMs),
            }
          : { text: `at least ${LEAST_FPS} fps`, held: frames.perSecond >= Math.min(LEAST_FPS, beside.frames.perSecond) },
      data: { ...frames, emptyPagePerSecond: beside.frames.perSecond },
    },
    {
      what: `${count} terminals: received`,
      value: `${megabits.toFixed(2)} Mbit/s`,
      beside: `empty page ${((beside.bytesPerSecond * 8) / 1e6).toFixed(2)} Mbit/s`,
      must: { text: `at most ${MOST_MEGABITS} Mbit/s`, held: megabits <= MOST_MEGABITS },
      data: { bytesPerSecond },
    },
  ];
}
