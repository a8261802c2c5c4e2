/** A reconciler on a real engine, with what it said, for tests. */
import { openEngine } from '../engine/open-engine.ts';
import { type TestEngine, until } from '../engine/test-engine.ts';
import { Reconciler } from './reconciler.ts';
import type { Told } from './tell.ts';

export interface TestDevice {
  name: string;
  hostIp: string;
  events: Told[];
  /** Every phase and state the deployment went through, in order: `updating pulling`. */
  history: string[];
  reconciler: Reconciler;
  want(deployments: Readonly<Record<string, unknown>>, revision?: number): void;
  /** Ends the reconciler as a kill would: nothing is awaited, containers stay. */
  stop(): Promise<void>;
  containers(): Promise<ListedContainer[]>;
  untilPhase(deployment: string, phase: string): Promise<void>;
  untilGone(deployment: string): Promise<void>;
}

export interface ListedContainer {
  Id: string;
  Names: string[];
  State: string;
  Pid: number;
  Image: string;
  ImageID: string;
  Labels: Record<string, string>;
}

let revisions = 0;

export const services = (...all: object[]) => ({ type: 'PodmanV0', data: { services: all } });

export function startDevice(
  engine: TestEngine,
  name: string,
  hostIp: string,
  options: { fleet?: string; relistIntervalMs?: number } = {},
): TestDevice {
  const events: Told[] = [];
  const history: string[] = [];
  const silent = () => undefined;
  const log = process.env.TEST_LOG ? console.error : silent;
  const reconciler: Reconciler = new Reconciler({
    device: name,
    hostIp,
    engine: openEngine(engine.socket),
    log: { debug: log, info: log, warn: log, error: log },
    onChange: () => {
      for (const { name, phase, services } of reconciler.deployments()) {
        const line = `${name} ${phase} ${services.map((one) => one.state).join(',')}`;
        if (history.at(-1) !== line) history.push(line);
      }
    },
    onEvent: (event) => events.push(event),
    ...options,
  });
  const abort = new AbortController();
  const ran = reconciler.run(abort.signal);
  const device: TestDevice = {
    name,
    hostIp,
    events,
    history,
    reconciler,
    want(deployments, revision = ++revisions) {
      reconciler.setDesired(
        Object.entries(deployments).map(([name, score]) => ({
          name,
          revision,
          text: typeof score === 'string' ? score : JSON.stringify(score),
        })),
      );
    },
    async stop() {
      abort.abort();
      await ran;
    },
    async containers() {
      const filters = encodeURIComponent(JSON.stringify({ label: [`scorewall.device=${name}`] }));
      return (await engine.api('GET', `/v4.0.0/libpod/containers/json?all=true&filters=${filters}`)).json as ListedContainer[];
    },
    async untilPhase(deployment, phase) {
      const find = () => reconciler.deployments().find((one) => one.name === deployment);
      await until(`${deployment} to be ${phase}`, () => find()?.phase === phase).catch((error: Error) => {
        throw new Error(`${error.message}; it is ${JSON.stringify(find())}`);
      });
    },
    async untilGone(deployment) {
      await until(`${deployment} to be gone`, async () => {
        const left = (await device.containers()).filter((one) => one.Labels['scorewall.deployment'] === deployment);
        return left.length === 0 && !reconciler.deployments().some((one) => one.name === deployment);
      });
    },
  };
  return device;
}
