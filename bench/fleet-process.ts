/** The process of the simulated agents: apart from the bench, so that neither slows the other's clock. Started with `fork`. */
import { type FleetAnswer, type FleetOrder, nowMs } from './fleet-messages.ts';
import { SimulatedAgent } from './simulated-agent.ts';

const PARALLEL_CONNECTS = 10;
const MOST_ATTEMPTS = 5;
const agents = new Map<string, SimulatedAgent>();
const taken: Extract<FleetAnswer, { kind: 'taken' }>['all'] = [];

const tell = (answer: FleetAnswer) => process.send?.(answer);
setInterval(() => {
  if (taken.length > 0) tell({ kind: 'taken', all: taken.splice(0) });
}, 20);

process.on('message', (order: FleetOrder) => {
  obey(order).catch((error: Error) => tell({ kind: 'failed', why: error.stack ?? error.message }));
});
process.on('disconnect', () => process.exit());

async function obey(order: FleetOrder): Promise<void> {
  switch (order.kind) {
    case 'connect':
      return connectAll(order);
    case 'pace':
      for (const agent of agents.values()) agent.setInterval(order.intervalMs);
      return;
    case 'fail':
      agents.get(order.device)?.setFailing(order.failing);
      tell({ kind: 'reported', device: order.device, atMs: nowMs() });
      return;
    case 'close':
      await Promise.all([...agents.values()].map((agent) => agent.close()));
      process.exit();
  }
}

async function connectAll({ url, intervalMs, devices }: Extract<FleetOrder, { kind: 'connect' }>): Promise<void> {
  const from = performance.now();
  const left = [...devices];
  const connectSome = async () => {
    for (let device = left.pop(); device; device = left.pop()) {
      const { name, creds } = device;
      const agent = new SimulatedAgent({
        name,
        url,
        creds,
        intervalMs,
        onTaken: (deployment, revision) => void taken.push({ device: name, deployment, revision, atMs: nowMs() }),
      });
      agents.set(name, agent);
      // A busy machine answers the server too late, which then hangs up.
      for (let attempt = 1; ; attempt++)
        try {
          await agent.connect();
          break;
        } catch (error) {
          if (attempt === MOST_ATTEMPTS) throw error;
        }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_CONNECTS }, connectSome));
  tell({ kind: 'connected', tookMs: performance.now() - from });
}
