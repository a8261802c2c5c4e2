/** Logs beside `podman logs --follow`, read at the same time: lines a second end to end, and what the agent pays for them. */
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '#e2e/stack/eventually.ts';
import { Stack } from '#e2e/stack/stack.ts';
import type { Bench } from './bench.ts';
import { followByPodman, followOnNats, type LogReader } from './log-readers.ts';
import type { Figure } from './measure.ts';
import { processorMs } from './process-usage.ts';
import { buildPrograms } from './programs.ts';

const BURST_LINES = 40_000;
const STEADY_PER_SECOND = 4_000;
const WINDOW_MS = 10_000;
const MOST_FLOOD_PERCENT = 25;
/** A gap is said when it ends, so a window may cut one at each side. */
const LEAST_TOLD = 0.8;
const LEAST_BURST_RATIO = 0.25;
const LINE = 'a line of quite usual length with some words in it to be realistic, as programs write them';
/** Both readers are there before the first line. */
const BEFORE = 'while [ ! -e /tmp/go ]; do /bin/busybox usleep 20000; done';

const block = (lines: number) => `/bin/busybox yes ${LINE} | /bin/busybox head -n ${lines}`;
const every = (lines: number, ms: number) => `while :; do ${block(lines)}; /bin/busybox usleep ${ms * 1_000}; done`;

export const logs: Bench = {
  name: 'logs',
  title: 'log lines from a container to a viewer, and the processor time of the agent',
  async run(say) {
    const stack = await Stack.start({ devices: ['bench'], programs: await buildPrograms(say) });
    try {
      const figures: Figure[] = [];
      say(`${BURST_LINES} lines at once`);
      figures.push(
        await measure(stack, 'burst', `${block(BURST_LINES)}; sleep 1000`, async ({ ours, theirs }) => {
          await eventually('all lines came', () => ours.lines + ours.missed >= BURST_LINES && theirs.lines >= BURST_LINES);
          return burstFigure(ours, theirs);
        }),
      );
      say(`${STEADY_PER_SECOND} lines a second for ${WINDOW_MS / 1000} s`);
      figures.push(
        await measure(stack, 'steady', every(STEADY_PER_SECOND / 10, 100), (running) => costFigure('steady', running)),
      );
      say(`about 100,000 lines a second for ${WINDOW_MS / 1000} s`);
      figures.push(await measure(stack, 'flood', every(10_000, 90), (running) => costFigure('flood', running)));
      return figures;
    } finally {
      await stack.stop();
    }
  },
};

interface Running {
  stack: Stack;
  ours: LogReader;
  theirs: LogReader & { pid: number };
}

async function measure(stack: Stack, name: string, script: string, look: (running: Running) => Promise<Figure>): Promise<Figure> {
  const { device, store } = stack;
  await store.putServices(device.name, name, [
    {
      name: 'writer',
      image: 'localhost/scorewall/hello:1',
      command: ['/bin/busybox', 'sh', '-c', `${BEFORE}; ${script}`],
      stopTimeoutSeconds: 0,
    },
  ]);
  const container = await eventually('the writer runs', async () =>
    (await stack.engine.containers('device', device.name)).find(
      ({ state, labels }) => state === 'running' && labels['scorewall.deployment'] === name,
    ),
  );
  const ours = await followOnNats(stack, name, 'writer');
  const theirs = followByPodman(stack, container.id);
  try {
    await sleep(1_500);
    await begin(stack, container.id);
    return await look({ stack, ours, theirs });
  } finally {
    await Promise.all([ours.close(), theirs.close()]);
    await store.deleteScore(device.name, name);
    await eventually('it is gone', async () => (await stack.engine.containers('device', device.name)).length === 0);
  }
}

async function begin(stack: Stack, id: string): Promise<void> {
  await writeFile(`/proc/${await stack.engine.mainPid(id)}/root/tmp/go`, '');
}

function burstFigure(ours: LogReader, theirs: LogReader): Figure {
  const [mine, beside] = [linesPerSecond(ours), linesPerSecond(theirs)];
  const ratio = mine / beside;
  return {
    what: `${BURST_LINES} lines at once, end to end`,
    value: `${Math.round(mine)} lines/s, ${ours.missed} left out`,
    beside: `podman logs ${Math.round(beside)} lines/s`,
    ratio,
    must: { text: `none left out, at least ${LEAST_BURST_RATIO}x`, held: ours.missed === 0 && ratio >= LEAST_BURST_RATIO },
    data: { linesPerSecond: mine, missed: ours.missed, podmanLinesPerSecond: beside },
  };
}

async function costFigure(what: 'steady' | 'flood', { stack, ours, theirs }: Running): Promise<Figure> {
  const agent = stack.device.agent.pid;
  await sleep(2_000);
  const before = { atMs: performance.now(), agent: await processorMs(agent), podman: await processorMs(theirs.pid) };
  const seen = { ours: ours.lines, missed: ours.missed, theirs: theirs.lines };
  await sleep(WINDOW_MS);
  const seconds = (performance.now() - before.atMs) / 1_000;
  const percent = ((await processorMs(agent)) - before.agent) / seconds / 10;
  const podman = ((await processorMs(theirs.pid)) - before.podman) / seconds / 10;
  const rate = (ours.lines - seen.ours) / seconds;
  const missed = (ours.missed - seen.missed) / seconds;
  const written = (theirs.lines - seen.theirs) / seconds;
  return {
    what: `${what}: agent's processor at ${Math.round(Math.max(written, rate + missed))} lines/s`,
    value: `${percent.toFixed(1)} % of a core, ${Math.round(rate)} lines/s sent, ${Math.round(missed)} counted as left out`,
    beside: `podman logs ${podman.toFixed(1)} %, ${Math.round(written)} lines/s`,
    ratio: percent / podman,
    must:
      what === 'flood'
        ? {
            text: `at most ${MOST_FLOOD_PERCENT} % of a core, and what is left out is said`,
            held: percent <= MOST_FLOOD_PERCENT && rate + missed >= LEAST_TOLD * written,
          }
        : { text: 'no line left out', held: missed === 0 && rate > 0 },
    data: { percent, linesPerSecond: rate, missedPerSecond: missed, podmanPercent: podman, podmanLinesPerSecond: written },
  };
}

const linesPerSecond = ({ lines, firstAtMs, lastAtMs }: LogReader): number => (lines * 1_000) / Math.max(1, lastAtMs - firstAtMs);
