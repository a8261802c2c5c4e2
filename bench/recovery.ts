/** How long until a device is as it should be after each fault, beside what the started program needs for itself. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { PodmanService } from '#contracts/score/service.ts';
import { eventually } from '#e2e/stack/eventually.ts';
import { FleetStore } from '#e2e/stack/fleet-store.ts';
import { Stack } from '#e2e/stack/stack.ts';
import { connectNats } from '#server/nats/connect.ts';
import type { Bench } from './bench.ts';
import { compareTimes } from './measure.ts';
import { buildPrograms, type Programs } from './programs.ts';

const run = promisify(execFile);
const ROUNDS = 5;
const SOON = { everyMs: 5 };

const service = (version: number): PodmanService => ({
  name: 'web',
  image: 'localhost/scorewall/hello:1',
  command: ['/bin/busybox', 'httpd', '-f', '-p', '80', '-h', '/www'],
  ports: ['9301:80'],
  env: { VERSION: String(version) },
  stopTimeoutSeconds: 0,
});

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await work();
  return performance.now() - from;
};

export const recovery: Bench = {
  name: 'recovery',
  title: 'a process killed and started again -> everything true again',
  async run(say) {
    const programs = await buildPrograms(say);
    const stack = await Stack.start({ devices: ['bench'], programs });
    try {
      await stack.deploy('web', [service(0)]);
      await eventually('the device runs it', () => isTrue(stack));
      const faults = { agent: agentKilled, nats: natsKilled, anchor: anchorKilled, engine: engineKilled };
      const times = Object.fromEntries(
        Object.keys(faults).map((name) => [name, { whole: [] as number[], floor: [] as number[] }]),
      );
      for (let round = 1; round <= ROUNDS; round++) {
        say(`round ${round} of ${ROUNDS}`);
        for (const [name, fault] of Object.entries(faults)) {
          const { wholeMs, floorMs } = await fault(stack, { round, programs });
          times[name]!.whole.push(wholeMs);
          times[name]!.floor.push(floorMs);
        }
      }
      const figure = (name: keyof typeof faults, what: string, beside: string) =>
        compareTimes(what, times[name]!.whole, { what: beside, samples: times[name]!.floor });
      return [
        figure('agent', 'agent killed, started -> reports', 'agent --version'),
        figure('nats', 'nats-server killed, started -> device reports', 'nats-server healthy'),
        figure('anchor', 'anchor killed, started -> an edit runs', 'anchor ready'),
        figure('engine', 'podman service killed, started -> reported so', 'podman service answers'),
      ];
    } finally {
      await stack.stop();
    }
  },
};

interface Round {
  round: number;
  programs: Programs;
}

async function agentKilled(stack: Stack, { programs }: Round) {
  const { device, store } = stack;
  const floorMs = await timed(() => run(process.execPath, [...programs.agent, '--version']));
  await device.agent.kill();
  const killedAt = new Date().toISOString();
  const wholeMs = await timed(async () => {
    device.agent.start();
    await eventually(
      'it reports',
      async () => ((await store.status(device.name))?.agent.startedAt ?? '') > killedAt && isTrue(stack),
      SOON,
    );
  });
  return { wholeMs, floorMs };
}

async function natsKilled(stack: Stack) {
  const { nats, device } = stack;
  await nats.kill();
  const killedAt = new Date().toISOString();
  let floorMs = 0;
  const wholeMs = await timed(async () => {
    floorMs = await timed(() => nats.start());
    // The stack's own connection takes its time to come back; a fresh one looks at once.
    const store = new FleetStore(
      await connectNats({ servers: nats.url, credsFile: nats.keys.creds.admin, name: 'bench', inboxPrefix: '_INBOX.bench' }),
    );
    await eventually('it reports', async () => ((await store.status(device.name))?.reportedAt ?? '') > killedAt, SOON);
    await store.connection.close();
  });
  await eventually('all is as before', () => isTrue(stack));
  return { wholeMs, floorMs };
}

async function anchorKilled(stack: Stack, { round }: Round) {
  const { anchor, device, store } = stack;
  await anchor.kill();
  let floorMs = 0;
  const wholeMs = await timed(async () => {
    floorMs = await timed(() => anchor.start());
    await stack.deploy('web', [service(round)]);
    await eventually(
      'the edit runs',
      async () => (await store.desired(device.name)).get('web')?.includes(`"${round}"`) && (await isTrue(stack)),
      SOON,
    );
  });
  return { wholeMs, floorMs };
}

async function engineKilled(stack: Stack) {
  const { engine, device, store } = stack;
  await engine.kill();
  await eventually('it reports that', async () => (await store.status(device.name))?.engine.reachable === false);
  let floorMs = 0;
  const wholeMs = await timed(async () => {
    floorMs = await timed(() => engine.start());
    await eventually('it reports that', async () => (await store.status(device.name))?.engine.reachable === true, SOON);
  });
  return { wholeMs, floorMs };
}

/** The report says that the newest Score runs. */
async function isTrue({ store, device, engine }: Stack): Promise<boolean> {
  const text = [...(await store.desired(device.name)).values()][0];
  const [container] = await engine.containers('device', device.name);
  const said = (await store.status(device.name))?.deployments[0]?.services[0];
  if (!container || !said?.containerId || text === undefined) return false;
  return (
    container.state === 'running' &&
    said.state === 'running' &&
    container.id.startsWith(said.containerId) &&
    text.includes(container.labels['scorewall.score'] ?? '-')
  );
}
