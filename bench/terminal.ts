/** A terminal beside ttyd on the same machine: the echo of a key, 100 MB of output in a real page, and Ctrl-C in the middle of a flood. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from '@playwright/test';
import { findBrowser } from '#e2e/browser.ts';
import { eventually } from '#e2e/stack/eventually.ts';
import { Stack } from '#e2e/stack/stack.ts';
import { Web } from '#e2e/stack/web.ts';
import type { Bench } from './bench.ts';
import { type EchoTimes, installEchoHook } from './echo-hook.ts';
import type { Frames } from './frames.ts';
import { type Figure, milliseconds, summarize } from './measure.ts';
import { buildPrograms } from './programs.ts';
import { flood, measureBulk, openOurPage, openTtydPage, timeEchoes } from './terminal-pages.ts';
import type { Probe, ProbeResult } from './terminal-probe.ts';
import { startTtyd } from './ttyd.ts';

const TURNS = 4;
const KEYS_A_TURN = 250;
const ECHO_TURNS = 3;
const ECHO_ROUNDS = 100;
const BULK_TURNS = 2;
const FLOOD_TURNS = 3;
const FLOOD_MS = 4_000;
const MOST = { echoP50: 1.3, echoP99: 1.5, stopMs: 200 };
const LEAST_BULK = 0.8;
const run = promisify(execFile);

export const terminal: Bench = {
  name: 'terminal',
  title: 'a terminal beside ttyd: echo of a key, 100 MB of output, Ctrl-C in a flood',
  async run(say) {
    const ttyd = await startTtyd();
    if (!ttyd) throw new Error('There is no ttyd on PATH to measure against. Install it (1.7 or newer) and run this again.');
    const programs = await buildPrograms(say, { pages: true });
    const stack = await Stack.start({ devices: ['bench'], programs });
    const web = await Web.start({ anchor: stack.anchor, nats: stack.nats, program: programs.web });
    const folder = await mkdtemp(join(tmpdir(), 'sw-bench-terminal-'));
    const path = findBrowser();
    const browser = await chromium.launch({
      ...(path ? { executablePath: path } : {}),
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
    try {
      const device = stack.device.name;
      await eventually('the device reports', () => stack.store.status(device));
      const cookie = await web.becomeOwner(stack.store.connection);
      const ours: Probe = { rounds: KEYS_A_TURN, peer: 'scorewall', target: { url: web.url, cookie, device } };
      const theirs: Probe = { rounds: KEYS_A_TURN, peer: 'ttyd', port: ttyd.port };
      const echo = { ours: [] as number[], theirs: [] as number[] };
      say(`${TURNS * KEYS_A_TURN} keys on each side, in turns`);
      for (let turn = 0; turn < TURNS; turn++) {
        echo.ours.push(...(await probe(ours)));
        echo.theirs.push(...(await probe(theirs)));
      }

      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      // tsx wraps named functions in a call of `__name`, also those that are sent to the page.
      await context.addInitScript({ content: 'globalThis.__name = (one) => one;' });
      await context.addInitScript(installEchoHook);
      await context.addCookies([{ ...cookie, url: web.url }]);
      const pages = {
        ours: await openOurPage(await context.newPage(), web.url, device, join(folder, 'ours')),
        theirs: await openTtydPage(await context.newPage(), ttyd.url, join(folder, 'ttyd')),
      };
      const echoes = { ours: [] as EchoTimes[], theirs: [] as EchoTimes[] };
      say(`${ECHO_TURNS * ECHO_ROUNDS} keys in each page, in turns`);
      for (let turn = 0; turn < ECHO_TURNS; turn++) {
        for (const side of ['ours', 'theirs'] as const) {
          await pages[side].page.bringToFront();
          echoes[side].push(...(await timeEchoes(pages[side], ECHO_ROUNDS)));
        }
      }
      const bulk = { ours: [] as number[], theirs: [] as number[] };
      const floods = { ours: [] as Awaited<ReturnType<typeof flood>>[], theirs: [] as Awaited<ReturnType<typeof flood>>[] };
      for (const side of ['ours', 'theirs'] as const) {
        // A page in the background draws nothing: each side has the front while it is measured.
        await pages[side].page.bringToFront();
        say(`${side === 'ours' ? 'Scorewall' : 'ttyd'}: ${BULK_TURNS} times 100 MB, ${FLOOD_TURNS} floods`);
        for (let turn = 0; turn < BULK_TURNS; turn++) bulk[side].push(await measureBulk(pages[side]));
        for (let turn = 0; turn < FLOOD_TURNS; turn++) floods[side].push(await flood(pages[side], FLOOD_MS));
      }
      return [
        drawnFigure(echoes),
        echoFigure('key -> echo at a client in Node', echo),
        bulkFigure(bulk),
        stopFigure(floods),
        frameFigure(floods),
      ];
    } finally {
      await browser.close();
      await web.stop();
      await stack.stop();
      await ttyd.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function probe(what: Probe): Promise<number[]> {
  const script = fileURLToPath(new URL('./terminal-probe.ts', import.meta.url));
  const { stdout } = await run(process.execPath, ['--import', 'tsx', script, JSON.stringify(what)], { timeout: 120_000 });
  return (JSON.parse(stdout) as ProbeResult).echoMs;
}

interface Sides<T> {
  ours: T[];
  theirs: T[];
}

/** In a page, which is where a person sees it: to the drawing of the echo. */
function drawnFigure(echoes: Sides<EchoTimes>): Figure {
  const drawn = { ours: echoes.ours.map(({ drawnMs }) => drawnMs), theirs: echoes.theirs.map(({ drawnMs }) => drawnMs) };
  const [ours, theirs] = [summarize(drawn.ours), summarize(drawn.theirs)];
  const held = ours.p50 <= MOST.echoP50 * theirs.p50 && ours.p99 <= MOST.echoP99 * theirs.p99;
  return {
    ...echoFigure('key -> echo drawn in Chromium', drawn),
    must: { text: `${MOST.echoP50}x p50, ${MOST.echoP99}x p99`, held },
  };
}

function echoFigure(what: string, echo: Sides<number>): Figure {
  const [ours, theirs] = [summarize(echo.ours), summarize(echo.theirs)];
  const spread = ({ p50, p99 }: typeof ours) => `${p50.toFixed(2)} / ${p99.toFixed(2)} ms`;
  return {
    what: `${what}, p50 / p99`,
    value: spread(ours),
    beside: `ttyd ${spread(theirs)}`,
    ratio: ours.p50 / theirs.p50,
    data: { p50: ours.p50, p99: ours.p99, ttydP50: theirs.p50, ttydP99: theirs.p99 },
  };
}

function bulkFigure(bulk: Sides<number>): Figure {
  const [ours, theirs] = [Math.max(...bulk.ours), Math.max(...bulk.theirs)];
  return {
    what: '100 MB to the page',
    value: `${ours.toFixed(1)} MB/s`,
    beside: `ttyd ${theirs.toFixed(1)} MB/s`,
    ratio: ours / theirs,
    must: { text: `at least ${LEAST_BULK}x`, held: ours >= LEAST_BULK * theirs },
    data: { megabytesPerSecond: ours, ttydMegabytesPerSecond: theirs },
  };
}

function stopFigure(floods: Sides<{ stopMs: number }>): Figure {
  const [ours, theirs] = [floods.ours, floods.theirs].map((side) => summarize(side.map(({ stopMs }) => stopMs)));
  return {
    what: 'Ctrl-C -> prompt in a flood',
    value: `${milliseconds(ours!.p50)}, most ${milliseconds(ours!.max)}`,
    beside: `ttyd ${milliseconds(theirs!.p50)}, most ${milliseconds(theirs!.max)}`,
    ratio: ours!.p50 / theirs!.p50,
    must: { text: `within ${MOST.stopMs} ms`, held: ours!.p50 <= MOST.stopMs },
    data: { p50: ours!.p50, max: ours!.max, ttydP50: theirs!.p50, ttydMax: theirs!.max },
  };
}

function frameFigure(floods: Sides<{ frames: Frames }>): Figure {
  const words = (side: { frames: Frames }[]) => {
    const perSecond = side.reduce((sum, { frames }) => sum + frames.perSecond, 0) / side.length;
    return { perSecond, longestMs: Math.max(...side.map(({ frames }) => frames.longestMs)) };
  };
  const [ours, theirs] = [words(floods.ours), words(floods.theirs)];
  const text = ({ perSecond, longestMs }: typeof ours) => `${perSecond.toFixed(0)} fps, longest ${Math.round(longestMs)} ms`;
  return {
    what: 'frames of the page in a flood',
    value: text(ours),
    beside: `ttyd ${text(theirs)}`,
    ratio: ours.perSecond / theirs.perSecond,
    data: { ...ours, ttydPerSecond: theirs.perSecond, ttydLongestMs: theirs.longestMs },
  };
}
