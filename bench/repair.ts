/** From a container that is gone or dead to one that runs again, beside the engine's own calls for the same. */
import { encodeService } from '#contracts/score/score.ts';
import type { PodmanService } from '#contracts/score/service.ts';
import { eventually } from '#e2e/stack/eventually.ts';
import { killProcess } from '#e2e/stack/kill-process.ts';
import { Stack } from '#e2e/stack/stack.ts';
import type { Bench } from './bench.ts';
import { EngineFloor } from './engine-floor.ts';
import { compareTimes, type Summary } from './measure.ts';
import { buildPrograms } from './programs.ts';

const ROUNDS = 15;
const MOST_MS = 3_000;

/** Each round its own: a service that dies again and again would be started with growing pauses. */
const serviceOf = (round: number): PodmanService => ({
  name: 'web',
  env: { ROUND: String(round) },
  image: 'localhost/scorewall/hello:1',
  command: ['/bin/busybox', 'httpd', '-f', '-p', '80', '-h', '/www'],
  ports: ['9201:80'],
  stopTimeoutSeconds: 0,
});

export const repair: Bench = {
  name: 'repair',
  title: 'container removed, stopped or killed behind the agent -> running again',
  async run(say) {
    const stack = await Stack.start({ devices: ['bench'], programs: await buildPrograms(say) });
    const { device, engine, store } = stack;
    const floor = new EngineFloor(engine.socket);
    const times = {
      removed: [] as number[],
      stopped: [] as number[],
      killed: [] as number[],
      make: [] as number[],
      start: [] as number[],
    };

    const current = async () => (await engine.containers('device', device.name)).find(({ state }) => state === 'running');
    /** Runs `harm`, and waits until a process other than the harmed one serves; the clock starts when the harm is done. */
    const timeRepair = async (harm: (id: string) => Promise<void>) => {
      const { id } = await eventually('the container runs', current);
      const pid = await engine.mainPid(id);
      await harm(id);
      const from = performance.now();
      await eventually(
        'it runs again',
        async () => {
          const now = await current();
          return now !== undefined && (await engine.mainPid(now.id)) !== pid;
        },
        { everyMs: 5 },
      );
      return performance.now() - from;
    };

    try {
      say(`${ROUNDS} rounds of each`);
      for (let round = 0; round < ROUNDS; round++) {
        const service = serviceOf(round);
        await store.putServices(device.name, 'web', [service]);
        await eventually(
          "this round's version runs",
          async () => (await current())?.labels['scorewall.score'] === encodeService(service),
        );
        times.removed.push(await timeRepair((id) => engine.removeContainer(id)));
        times.stopped.push(await timeRepair(async (id) => void (await engine.api.expect('POST', `/containers/${id}/stop?t=0`))));
        times.killed.push(await timeRepair(async (id) => killProcess(await engine.mainPid(id))));
        const from = performance.now();
        const id = await floor.create(`floor-${stack.fleet}`, { ...service, ports: ['9202:80'] }, device.address);
        const madeAt = performance.now();
        await floor.start(id);
        times.start.push(performance.now() - madeAt);
        times.make.push(performance.now() - from);
        await floor.remove(id);
      }
    } finally {
      floor.close();
      await stack.stop();
    }
    const create = { what: 'engine create+start', samples: times.make };
    const start = { what: 'engine start', samples: times.start };
    const inTime = { text: `under ${MOST_MS / 1000} s, always`, holds: ({ max }: Summary) => max < MOST_MS };
    return [
      compareTimes('container removed', times.removed, create, inTime),
      compareTimes('container stopped', times.stopped, start, inTime),
      compareTimes('main process killed', times.killed, start, inTime),
    ];
  },
};
