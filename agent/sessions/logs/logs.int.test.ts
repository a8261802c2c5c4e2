import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '#e2e/stack/eventually.ts';
import { TEST_IMAGE } from '../../engine/test-engine.ts';
import { startTestFleet, type TestDevice, type TestFleet } from '../../test-fleet.ts';
import { connectViewer, type LogViewer } from './test-log-viewer.ts';

let fleet: TestFleet;
let device: TestDevice;
let sam: LogViewer;

beforeAll(async () => {
  fleet = await startTestFleet();
  device = await fleet.addDevice();
  await device.start();
  sam = await connectViewer(fleet.nats);
});

afterAll(async () => {
  await sam?.close();
  await device?.remove();
  await fleet?.stop();
});

const shell = (name: string, script: string, fields: object = {}) => ({
  name,
  image: TEST_IMAGE,
  command: ['/bin/busybox', 'sh', '-c', script],
  stopTimeoutSeconds: 0,
  ...fields,
});
const score = (...services: object[]) => JSON.stringify({ type: 'PodmanV0', data: { services } });
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

const deploy = async (deployment: string, ...services: object[]) => {
  await device.write(deployment, score(...services));
  await device.reports(({ deployments }) => expect(deployments.find(({ name }) => name === deployment)).toBeDefined());
};

it('gives history and then what comes, each line once and in order', async () => {
  await deploy(
    'count',
    shell(
      'one',
      'i=1; while [ $i -le 3000 ]; do echo $i; [ $((i % 100)) = 0 ] && /bin/busybox usleep 50000; i=$((i+1)); done; sleep 1000',
    ),
  );
  const log = await sam.open(device.name, { sources: [{ deployment: 'count', service: 'one' }], tail: 100_000 });
  expect(log.answer).toMatchObject({ ok: true });
  await eventually('all lines', () => log.texts().length >= 3_000, { deadlineMs: 60_000 });
  expect(log.texts()).toEqual(numbers(1, 3_000));
  expect(log.records.map(({ n }) => n)).toEqual(log.records.map(({ n }) => n).sort((a, b) => a - b));
  expect(log.records.find(({ o }) => o === 'event')).toMatchObject({ x: 'one runs.', d: 'count', s: 'one' });
  log.leave();
});
