import { writeFile } from 'node:fs/promises';
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

const count = (from: number, to: number) => `i=${from}; while [ $i -le ${to} ]; do echo $i; i=$((i+1)); done`;
const isNumber = (text: string) => /^\d+$/.test(text);
const api = (method: string, path: string) => fleet.engine.api(method, `/v4.0.0/libpod/containers/${path}`);

it('gives history and then what comes, each line once and in order, over a restart of the container', async () => {
  // Counts on where the life before ended.
  const script = `cd /tmp; i=$(cat at 2>/dev/null || echo 1); end=$((i+5000)); while [ $i -lt $end ]; do echo $i; [ $((i % 100)) = 0 ] && /bin/busybox usleep 20000; i=$((i+1)); done; echo $i > at; sleep 1000`;
  await deploy('count', shell('one', script));
  const request = { sources: [{ deployment: 'count', service: 'one' }], tail: 100_000 };
  const log = await sam.open(device.name, request);
  expect(log.answer).toMatchObject({ ok: true });
  await eventually('the lines of the first life', () => log.texts().length >= 5_000);
  const [id] = await device.containerIds();
  await api('POST', `${id}/restart?t=0`);
  await eventually('the lines of the second life', () => log.texts().length >= 10_000);
  expect(log.texts()).toEqual(numbers(1, 10_000));
  const order = log.records.map(({ n }) => n);
  expect(order).toEqual([...order].sort((a, b) => a - b));
  await eventually('what happened to it', () => {
    const words = log.records.flatMap((record) => (record.o === 'event' ? [record.x] : []));
    return words.includes('one runs.') && words.some((text) => text.startsWith('one stopped by itself'));
  });
  const again = await sam.open(device.name, request);
  await eventually('the same again from the store', () => again.progress.some(({ phase }) => phase === 'history'));
  expect(again.texts()).toEqual(numbers(1, 10_000));
  expect(again.unreadable()).toBe(0);
  again.leave();
  log.leave();
});

it('gives a burst of lines whole to who follows', async () => {
  const go = 'while [ ! -e /tmp/go ]; do /bin/busybox usleep 20000; done';
  await deploy('burst', shell('many', `${go}; /bin/busybox seq 1 40000; sleep 1000`));
  const log = await sam.open(device.name, { sources: [{ deployment: 'burst', service: 'many' }] });
  await eventually('it follows', () => log.progress.some(({ phase }) => phase === 'history'));
  const filters = encodeURIComponent(
    JSON.stringify({ label: ['scorewall.deployment=burst', `scorewall.device=${device.name}`] }),
  );
  await eventually('the word to begin', async () => {
    const [container] = (await api('GET', `json?filters=${filters}`)).json as { Pid: number }[];
    await writeFile(`/proc/${container!.Pid}/root/tmp/go`, '');
    return true;
  });
  await eventually('all lines', () => log.texts().length >= 40_000);
  expect(log.texts()).toEqual(numbers(1, 40_000));
  log.leave();
  await device.delete('burst');
});

it('keeps what a container wrote that is removed at once', async () => {
  await deploy('brief', shell('worker', `${count(1, 20_000)}; sleep 1000`));
  const request = { sources: [{ deployment: 'brief', service: 'worker' }], tail: 100_000, follow: false };
  await eventually('its first lines', async () => {
    // More than one: what happened to the service stands between its lines, and may be the newest.
    const log = await sam.open(device.name, { ...request, tail: 100 });
    if (log.answer.ok) await eventually('its end', () => log.closed);
    return log.texts().length > 0;
  });
  await device.delete('brief');
  await device.reports(({ deployments }) => expect(deployments.some(({ name }) => name === 'brief')).toBe(false));
  await eventually('all of it, in order', async () => {
    const log = await sam.open(device.name, request);
    await eventually('its end', () => log.closed);
    expect(log.closed).toMatchObject({ reason: 'ended' });
    const texts = log.texts();
    // Removed in the middle, perhaps: what it wrote until then is there without a hole.
    expect(texts.length).toBeGreaterThan(0);
    expect(texts).toEqual(numbers(1, texts.length));
    return log.records.some((record) => record.o === 'event' && record.x === 'worker is removed.');
  });
});

it('doubles and loses nothing where the agent is killed in the middle, again and again', async () => {
  const script = `i=1; while [ $i -le 50000 ]; do echo $i; [ $((i % 200)) = 0 ] && /bin/busybox usleep 20000; i=$((i+1)); done; sleep 1000`;
  await deploy('long', shell('many', script));
  const request = { sources: [{ deployment: 'long', service: 'many' }], tail: 100_000 };
  for (let kills = 0; kills < 3; kills++) {
    await new Promise((resolve) => setTimeout(resolve, 700));
    await device.agent.stop('SIGKILL');
    await device.start();
  }
  const log = await sam.open(device.name, request);
  await eventually('all lines', () => log.texts().length >= 50_000, { deadlineMs: 90_000 });
  expect(log.texts()).toEqual(numbers(1, 50_000));
  expect(new Set(log.records.map(({ n }) => n)).size).toBe(log.records.length);
  expect(log.records.filter(({ o }) => o === 'gap')).toEqual([]);
  log.leave();
  await device.delete('long');
});

it('keeps a bounded share of a flood, and says what it left out, while a quiet neighbour keeps its history', async () => {
  const line = 'a line of quite usual length with some words in it to be realistic, as programs write them';
  await deploy('noise', shell('quiet', `${count(1, 500)}; sleep 1000`), shell('loud', `/bin/busybox yes ${line}`));
  const loud = await sam.open(device.name, { sources: [{ deployment: 'noise', service: 'loud' }], tail: 0 });
  await eventually('gaps of the flood', () =>
    loud.records.some(
      (record) => record.o === 'gap' && record.why === 'flood' && record.lines > 10_000 && record.bytes > 1_000_000,
    ),
  );
  if (process.env.DEBUG)
    console.log(
      loud.records.filter(({ o }) => o === 'gap'),
      loud.records.length,
    );
  expect(loud.texts().every((text) => text === line)).toBe(true);
  loud.leave();
  const quiet = await sam.open(device.name, {
    sources: [{ deployment: 'noise', service: 'quiet' }],
    tail: 1_000,
    follow: false,
  });
  await eventually('the end of the quiet one', () => quiet.closed);
  expect(quiet.texts().filter(isNumber)).toEqual(numbers(1, 500));
  await device.delete('noise');
});

it('refuses in words what it cannot give', async () => {
  const nobody = await sam.open(device.name, { sources: [{ deployment: 'nobody', service: 'nothing' }] });
  expect(nobody.answer).toMatchObject({ ok: false, code: 'not-found' });
  const pattern = await sam.open(device.name, { search: { pattern: '(', regex: true, caseSensitive: false } });
  expect(pattern.answer).toMatchObject({
    ok: false,
    code: 'bad-request',
    message: expect.stringContaining('no regular expression'),
  });
});
