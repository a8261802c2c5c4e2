/** From a saved deployment to its running container, beside the engine's own create and start, and beside `podman run`. */
import type { PodmanService } from '#contracts/score/service.ts';
import { eventually } from '#e2e/stack/eventually.ts';
import { Stack, toDeployment } from '#e2e/stack/stack.ts';
import type { Bench } from './bench.ts';
import { EngineFloor, podmanRun } from './engine-floor.ts';
import { compareTimes } from './measure.ts';
import { buildPrograms } from './programs.ts';

const ROUNDS = 30;
/** The first rounds fill the caches of all programs. */
const WARM_UP = 3;
const MOST_ADDED_MS = 40;
const START = /\/start\b/;

const service = (port: number): PodmanService => ({
  name: 'web',
  image: 'localhost/scorewall/hello:1',
  command: ['/bin/busybox', 'httpd', '-f', '-p', '80', '-h', '/www'],
  ports: [`${port}:80`],
  stopTimeoutSeconds: 1,
});

export const deploy: Bench = {
  name: 'deploy',
  title: 'deployment saved -> container running, image present',
  async run(say) {
    const stack = await Stack.start({ devices: ['bench'], programs: await buildPrograms(say) });
    const { device, store } = stack;
    // The floor goes over the same extra hop as the agent.
    const floor = new EngineFloor(device.engine.socket);
    const times = { bucket: [] as number[], rest: [] as number[], api: [] as number[], command: [] as number[] };
    const gone = () =>
      eventually('the container is gone', async () => (await stack.engine.containers('device', device.name)).length === 0);

    const ways: Record<keyof typeof times, () => Promise<number>> = {
      async bucket() {
        const started = device.engine.nextAnswer('POST', START);
        const from = performance.now();
        await store.putServices(device.name, 'web', [service(9101)]);
        const tookMs = (await started) - from;
        await store.deleteScore(device.name, 'web');
        await gone();
        return tookMs;
      },
      async rest() {
        const started = device.engine.nextAnswer('POST', START);
        const deployment = toDeployment('by-rest', [service(9102)], [device]);
        const from = performance.now();
        await stack.anchor.expect('PUT', '/deployments/by-rest', deployment, { 'if-none-match': '*' });
        const tookMs = (await started) - from;
        await stack.remove('by-rest');
        await gone();
        return tookMs;
      },
      async api() {
        const from = performance.now();
        const id = await floor.create(`floor-${stack.fleet}`, service(9103), device.address);
        await floor.start(id);
        const tookMs = performance.now() - from;
        await floor.remove(id);
        return tookMs;
      },
      async command() {
        const name = `command-${stack.fleet}`;
        const from = performance.now();
        await podmanRun(name, service(9104), device.address, stack.engine.env);
        const tookMs = performance.now() - from;
        await floor.remove(name);
        return tookMs;
      },
    };

    try {
      await eventually('the device reports', () => store.status(device.name));
      say(`${ROUNDS} rounds of each way, interleaved`);
      for (let round = -WARM_UP; round < ROUNDS; round++) {
        for (const way of Object.keys(ways) as (keyof typeof times)[]) {
          const tookMs = await ways[way]();
          if (round >= 0) times[way].push(tookMs);
        }
      }
    } finally {
      floor.close();
      await stack.stop();
    }
    const api = { what: 'engine API', samples: times.api };
    const command = { what: 'podman run', samples: times.command };
    const atMostAdded = {
      text: `at most ${MOST_ADDED_MS} ms added at p50`,
      holds: (ours: { p50: number }, theirs: { p50: number }) => ours.p50 - theirs.p50 <= MOST_ADDED_MS,
    };
    const neverSlower = {
      text: 'never slower than podman run, p50 and p95',
      holds: (ours: { p50: number; p95: number }, theirs: { p50: number; p95: number }) =>
        ours.p50 <= theirs.p50 && ours.p95 <= theirs.p95,
    };
    return [
      compareTimes('Score put into the bucket', times.bucket, api, atMostAdded),
      compareTimes('Score put into the bucket', times.bucket, command, neverSlower),
      compareTimes('deployment PUT over REST', times.rest, api, atMostAdded),
      compareTimes('deployment PUT over REST', times.rest, command, neverSlower),
    ];
  },
};
