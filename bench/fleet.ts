/** One deployment to a thousand devices: how long until each has it, beside the same thousand keys written by hand, and what it costs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '#e2e/stack/eventually.ts';
import type { Bench } from './bench.ts';
import { type Figure, milliseconds, summarize } from './measure.ts';
import { coreShare, processorMs, residentBytes } from './process-usage.ts';
import { buildPrograms } from './programs.ts';
import { SimulatedFleet } from './simulated-fleet.ts';

const DEVICES = 1_000;
const ROUNDS = 5;
const QUIET_MS = 30_000;
const MEBIBYTE = 1024 * 1024;

export const fleet: Bench = {
  name: 'fleet',
  title: `fan-out of one deployment to ${DEVICES} simulated agents on one server`,
  async run(say) {
    const simulated = await SimulatedFleet.start(DEVICES, await buildPrograms(say), say);
    try {
      const figures = await measureFanOut(simulated, say);
      say(`listens to the fleet for ${QUIET_MS / 1000} s`);
      return [...figures, ...(await measureQuiet(simulated))];
    } finally {
      await simulated.stop();
    }
  },
};

async function measureFanOut(simulated: SimulatedFleet, say: (line: string) => void): Promise<Figure[]> {
  const { nats, anchor, store } = simulated;
  const times = { hub: [] as number[], byHand: [] as number[], counted: [] as number[] };
  const cost = { nats: 0, anchor: 0 };
  const processor = async () => ({ nats: await processorMs(nats.pid), anchor: await processorMs(anchor.pid) });
  for (let round = 0; round < ROUNDS; round++) {
    say(`round ${round + 1} of ${ROUNDS}`);
    const services = [{ name: 'web', image: 'docker.io/library/nginx:alpine', env: { ROUND: String(round) } }];
    times.byHand.push(
      ...(await simulated.timeFanOut('by-hand', () =>
        Promise.all(simulated.names.map((name) => store.putServices(name, 'by-hand', services))),
      )),
    );
    const before = await processor();
    const from = performance.now();
    times.hub.push(...(await simulated.timeFanOut('everywhere', () => simulated.deploy('everywhere', services))));
    await eventually(
      'the deployment counts every device as running the newest',
      async () => {
        const status = await store.deploymentStatus('everywhere');
        return status?.observedGeneration === round + 1 && status.aggregate.running === DEVICES;
      },
      { everyMs: 10 },
    );
    times.counted.push(performance.now() - from);
    const after = await processor();
    cost.nats += (after.nats - before.nats) / ROUNDS;
    cost.anchor += (after.anchor - before.anchor) / ROUNDS;
  }
  const [hub, byHand, counted] = [summarize(times.hub), summarize(times.byHand), summarize(times.counted)];
  const spread = ({ p50, p95, max }: typeof hub) => [p50, p95, max].map(milliseconds).join(' / ');
  return [
    {
      what: 'saved -> device has read it, p50 / p95 / max',
      value: spread(hub),
      beside: `${DEVICES} keys written by hand ${spread(byHand)}`,
      ratio: hub.max / byHand.max,
      data: {
        p50: hub.p50,
        p95: hub.p95,
        max: hub.max,
        referenceP50: byHand.p50,
        referenceP95: byHand.p95,
        referenceMax: byHand.max,
      },
    },
    {
      what: 'saved -> counted as running everywhere',
      value: `${milliseconds(counted.p50)} / ${milliseconds(counted.max)}`,
      beside: '',
      data: { p50: counted.p50, max: counted.max },
    },
    {
      what: 'processor time of one fan-out',
      value: `nats-server ${(cost.nats / 1000).toFixed(2)} s`,
      beside: `anchor ${(cost.anchor / 1000).toFixed(2)} s`,
      data: { natsSeconds: cost.nats / 1000, anchorSeconds: cost.anchor / 1000 },
    },
  ];
}

/** Nothing but the reports of all devices, one every 30 s each. */
async function measureQuiet({ nats, anchor }: SimulatedFleet): Promise<Figure[]> {
  const [server, hub] = await Promise.all([nats, anchor].map(({ pid }) => coreShare(pid, () => sleep(QUIET_MS))));
  const [serverMemory, hubMemory] = await Promise.all([nats, anchor].map(({ pid }) => residentBytes(pid)));
  const percent = (share: number | undefined) => `${((share ?? Number.NaN) * 100).toFixed(1)} % of a core`;
  return [
    {
      what: `${DEVICES} devices at rest, processor`,
      value: `nats-server ${percent(server)}`,
      beside: `anchor ${percent(hub)}`,
      data: { natsCoreShare: server!, anchorCoreShare: hub! },
    },
    {
      what: `${DEVICES} devices at rest, memory`,
      value: `nats-server ${(serverMemory! / MEBIBYTE).toFixed(0)} MiB`,
      beside: `anchor ${(hubMemory! / MEBIBYTE).toFixed(0)} MiB`,
      data: { natsBytes: serverMemory!, anchorBytes: hubMemory! },
    },
  ];
}
