import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { CONTAINER_LABEL } from '#contracts/container.ts';
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

let deployed = 0;
/** Under a name of its own, so that a second try finds no lines of the first; gives the name. */
const deploy = async (kind: string, ...services: object[]): Promise<string> => {
  const deployment = `${kind}-${++deployed}`;
  onTestFinished(async () => void (await device.delete(deployment)));
  await device.write(deployment, score(...services));
  await device.reports(({ deployments }) => expect(deployments.find(({ name }) => name === deployment)).toBeDefined());
  return deployment;
};

const count = (from: number, to: number) => `i=${from}; while [ $i -le ${to} ]; do echo $i; i=$((i+1)); done`;
const api = (method: string, path: string) => fleet.engine.api(method, `/v4.0.0/libpod/containers/${path}`);
const containerOf = async (deployment: string) => {
  const label = [`${CONTAINER_LABEL.deployment}=${deployment}`, `${CONTAINER_LABEL.device}=${device.name}`];
  const { json } = await api('GET', `json?filters=${encodeURIComponent(JSON.stringify({ label }))}`);
  return (json as { Id: string; Pid: number }[])[0]!;
};

it('gives history and then what comes, each line once and in order, over a restart of the container', async () => {
  // Counts on where the life before ended, which is written down first: it is killed as soon as its last line is seen.
  const script = `cd /tmp; i=$(cat at 2>/dev/null || echo 1); end=$((i+5000)); echo $end > at; while [ $i -lt $end ]; do echo $i; [ $((i % 100)) = 0 ] && /bin/busybox usleep 20000; i=$((i+1)); done; sleep 1000`;
  const deployment = await deploy('count', shell('one', script));
  const request = { sources: [{ deployment, service: 'one' }], tail: 100_000 };
  const log = await sam.open(device.name, request);
  expect(log.answer).toMatchObject({ ok: true });
  await eventually('the lines of the first life', () => log.texts().length >= 5_000);
  await api('POST', `${(await containerOf(deployment)).Id}/restart?t=0`);
  await eventually('the lines of the second life', () => log.texts().length >= 10_000);
  expect(log.texts()).toEqual(numbers(1, 10_000));
  const order = log.records.map(({ n }) => n);
  expect(order).toEqual([...order].sort((a, b) => a - b));
  await eventually('what happened to it', () => {
    const words = log.records.flatMap((record) => (record.o === 'event' ? [record.x] : []));
    expect(words).toEqual(expect.arrayContaining(['one runs.', expect.stringMatching(/^one stopped by itself/)]));
    return true;
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
  const deployment = await deploy('burst', shell('many', `${go}; /bin/busybox seq 1 40000; sleep 1000`));
  const log = await sam.open(device.name, { sources: [{ deployment, service: 'many' }] });
  await eventually('it follows', () => log.progress.some(({ phase }) => phase === 'history'));
  await eventually('the word to begin', async () => {
    await writeFile(`/proc/${(await containerOf(deployment)).Pid}/root/tmp/go`, '');
    return true;
  });
  await eventually('all lines', () => log.texts().length >= 40_000);
  expect(log.texts()).toEqual(numbers(1, 40_000));
  log.leave();
});

it('keeps what a container wrote that is removed at once', async () => {
  const deployment = await deploy('brief', shell('worker', `${count(1, 20_000)}; sleep 1000`));
  const request = { sources: [{ deployment, service: 'worker' }], tail: 100_000, follow: false };
  await eventually('its first lines', async () => {
    // More than one: what happened to the service stands between its lines, and may be the newest.
    const log = await sam.open(device.name, { ...request, tail: 100 });
    if (log.answer.ok) await eventually('its end', () => log.closed);
    return log.texts().length > 0;
  });
  await device.delete(deployment);
  await device.reports(({ deployments }) => expect(deployments.some(({ name }) => name === deployment)).toBe(false));
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
  const deployment = await deploy('long', shell('many', script));
  const request = { sources: [{ deployment, service: 'many' }], tail: 100_000 };
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
});

it('keeps a bounded share of a flood, and says what it left out, while a quiet neighbour keeps its history', async () => {
  const line = 'a line of quite usual length with some words in it to be realistic, as programs write them';
  const deployment = await deploy(
    'noise',
    shell('quiet', `${count(1, 500)}; sleep 1000`),
    shell('loud', `/bin/busybox yes ${line}`),
  );
  const loud = await sam.open(device.name, { sources: [{ deployment, service: 'loud' }], tail: 0 });
  await eventually('gaps of the flood', () =>
    loud.records.some(
      (record) => record.o === 'gap' && record.why === 'flood' && record.lines > 10_000 && record.bytes > 1_000_000,
    ),
  );
  // In a whole flood there is not one line that was torn.
  expect(loud.texts().filter((text) => text !== line)).toEqual([]);
  loud.leave();
  const quiet = await sam.open(device.name, { sources: [{ deployment, service: 'quiet' }], tail: 1_000 });
  // It may have begun after the loud one.
  await eventually('the quiet one', () => quiet.texts().length >= 500);
  expect(quiet.texts()).toEqual(numbers(1, 500));
  quiet.leave();
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
