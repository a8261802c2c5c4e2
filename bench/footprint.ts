/** What an agent costs a device that does nothing: memory and processor, beside an empty Node process. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PodmanService } from '#contracts/score/service.ts';
import { eventually } from '#e2e/stack/eventually.ts';
import { Program } from '#e2e/stack/program.ts';
import { Stack } from '#e2e/stack/stack.ts';
import type { Bench } from './bench.ts';
import type { Figure } from './measure.ts';
import { coreShare, residentBytes } from './process-usage.ts';
import { buildPrograms } from './programs.ts';

const MOST_MEBIBYTES = 80;
const MOST_PERCENT_OF_A_CORE = 0.2;
/** Long enough for two reports and two looks at all containers at their real pace. */
const WINDOW_MS = 65_000;
/** What starting the containers left to collect and to compile is done by then. */
const SETTLE_MS = 40_000;
const MEBIBYTE = 1024 * 1024;

export const footprint: Bench = {
  name: 'footprint',
  title: "the agent's memory and idle processor time, with 10 and 150 containers",
  async run(say) {
    const stack = await Stack.start({ devices: ['bench'], programs: await buildPrograms(say) });
    const idle = new Program({ name: 'empty node', command: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'] });
    try {
      idle.start();
      const figures: Figure[] = [];
      for (const count of [10, 150]) {
        say(`starts ${count} containers`);
        await runContainers(stack, count);
        await sleep(SETTLE_MS);
        say(`measures for ${WINDOW_MS / 1000} s with ${count} containers`);
        figures.push(...(await measure(stack.device.agent.pid, idle.pid, count)));
      }
      return figures;
    } finally {
      await idle.kill();
      await stack.stop();
    }
  },
};

async function runContainers(stack: Stack, count: number): Promise<void> {
  const { device, store } = stack;
  const services = Array.from(
    { length: count },
    (_, index): PodmanService => ({
      name: `sleeper-${index}`,
      image: 'localhost/scorewall/hello:1',
      command: ['/bin/busybox', 'sleep', '1000000'],
      stopTimeoutSeconds: 0,
    }),
  );
  await store.putServices(device.name, 'sleepers', services);
  await eventually(
    `${count} services are reported running`,
    async () => {
      const all = (await store.status(device.name))?.deployments.flatMap((one) => one.services) ?? [];
      return all.length === count && all.every(({ state }) => state === 'running');
    },
    { deadlineMs: 300_000, everyMs: 500 },
  );
}

async function measure(agent: number, idle: number, count: number): Promise<Figure[]> {
  const peaks = { agent: 0, idle: 0 };
  const share = await coreShare(agent, async () => {
    const end = performance.now() + WINDOW_MS;
    while (performance.now() < end) {
      peaks.agent = Math.max(peaks.agent, await residentBytes(agent));
      peaks.idle = Math.max(peaks.idle, await residentBytes(idle));
      await sleep(1_000);
    }
  });
  const [mebibytes, beside, percent] = [peaks.agent / MEBIBYTE, peaks.idle / MEBIBYTE, share * 100];
  const bound = count === 10;
  return [
    {
      what: `memory, ${count} containers`,
      value: `${mebibytes.toFixed(1)} MiB`,
      beside: `empty node ${beside.toFixed(1)} MiB`,
      ratio: mebibytes / beside,
      ...(bound ? { must: { text: `at most ${MOST_MEBIBYTES} MB`, held: peaks.agent <= MOST_MEBIBYTES * 1e6 } } : {}),
      data: { mebibytes, emptyNodeMebibytes: beside },
    },
    {
      what: `idle processor, ${count} containers`,
      value: `${percent.toFixed(3)} % of a core`,
      beside: `node ${process.version}`,
      ...(bound
        ? { must: { text: `at most ${MOST_PERCENT_OF_A_CORE} % of a core`, held: percent <= MOST_PERCENT_OF_A_CORE } }
        : {}),
      data: { percentOfACore: percent },
    },
  ];
}
