import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DockerEngine } from '../../engine/docker-engine.ts';
import type { Engine } from '../../engine/engine.ts';
import { PodmanEngine } from '../../engine/podman-engine.ts';
import { startTestEngine, TEST_IMAGE, type TestEngine, until } from '../../engine/test-engine.ts';
import { ApiTail } from './api-tail.ts';
import { LogBudget, SERVICE_RATES } from './token-bucket.ts';

let test: TestEngine;
beforeAll(async () => {
  test = await startTestEngine({ registry: '127.0.1.78:5978' });
});
afterAll(() => test?.dispose());
// A second try begins without the container of the first.
afterEach(() => test.removeContainers());

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

async function run(engine: Engine, name: string, script: string): Promise<string> {
  const id = await engine.createContainer({
    name,
    service: {
      name: 'web',
      image: TEST_IMAGE,
      command: ['/bin/busybox', 'sh', '-c', script],
      restart: 'no',
      stopTimeoutSeconds: 0,
    },
    labels: { 'scorewall.device': name },
    hostIp: '127.0.1.78',
    volumePrefix: name,
  });
  await engine.startContainer(id);
  return id;
}

// Where the engine's files cannot be read: other drivers, other users, Docker.
describe.each<[string, (socket: string) => Engine]>([
  ['podman', (socket) => new PodmanEngine(socket)],
  ['docker', (socket) => new DockerEngine(socket)],
])('logs through the API of %s', (kind, open) => {
  it('come once and in order, over the join of history and what follows, and over a kill', async () => {
    const engine = open(test.socket);
    const script =
      'i=1; while [ $i -le 4000 ]; do echo $i; [ $((i % 50)) = 0 ] && /bin/busybox usleep 20000; i=$((i+1)); done; echo oops >&2; sleep 1000';
    const id = await run(engine, `api-${kind}`, script);
    const seen: string[] = [];
    const streams = new Set<string>();
    let position: string | undefined;
    const follow = (signal: AbortSignal) =>
      new ApiTail({
        engine,
        containerId: id,
        location: { kind: 'engine', framed: true },
        position,
        budget: new LogBudget(SERVICE_RATES, Date.now()),
        now: Date.now,
        sink: {
          line: (stream, t, text) => {
            expect(Math.abs(t - Date.now())).toBeLessThan(60_000);
            streams.add(stream);
            seen.push(text);
          },
          gap: () => seen.push('a gap'),
          mark: (at) => {
            position = at;
          },
          hasRoom: () => true,
        },
      })
        .follow(signal)
        .catch(() => undefined);
    // Stopped in the middle, each time somewhere else.
    for (const ms of [150, 400, 300]) {
      const killing = new AbortController();
      const following = follow(killing.signal);
      await delay(ms);
      killing.abort();
      await following;
    }
    const ending = new AbortController();
    const following = follow(ending.signal);
    await until('all lines', () => seen.length >= 4_001);
    expect(seen).toEqual([...numbers(1, 4_000), 'oops']);
    expect([...streams].sort()).toEqual(['err', 'out']);
    ending.abort();
    await following;
    await engine.removeContainer(id);
  });

  it('tells where the output of a container is', async () => {
    const engine = open(test.socket);
    const id = await run(engine, `where-${kind}`, 'echo hi; sleep 1000');
    expect(await engine.logLocation(id)).toMatchObject(
      kind === 'podman' ? { kind: 'k8s-file', path: expect.stringMatching(/ctr\.log$/) } : { kind: 'engine', framed: true },
    );
    await engine.removeContainer(id);
  });
});

it('reads what a terminal wrote through the API of podman, where its lines stand in frames as well', async () => {
  const engine = new PodmanEngine(test.socket);
  // Podman writes the same file for this driver, but says another name.
  const { json } = await test.api('POST', '/v4.0.0/libpod/containers/create', {
    image: TEST_IMAGE,
    terminal: true,
    stdin: true,
    log_configuration: { driver: 'json-file' },
    command: ['/bin/busybox', 'sh', '-c', "echo one; printf 'a prompt> '; read x; echo two >&2; sleep 1000"],
  });
  const { Id: id } = json as { Id: string };
  await engine.startContainer(id);
  const location = await engine.logLocation(id);
  if (location.kind !== 'engine') throw new Error('this podman gives its file away');
  const path = (logs: string) => `/v4.0.0/libpod/containers/${id}/logs?stdout=true&${logs}`;
  await until('the prompt', async () => String((await test.api('GET', path('follow=false'))).json).includes('a prompt> '));
  const seen: string[] = [];
  let position: string | undefined;
  const sink = {
    line: (stream: string, _t: number, text: string) => seen.push(`${stream} ${text}`),
    gap: () => seen.push('a gap'),
    mark: (at: string) => {
      position = at;
    },
    hasRoom: () => true,
  };
  const ending = new AbortController();
  const tail = new ApiTail({
    engine,
    containerId: id,
    location,
    budget: new LogBudget(SERVICE_RATES, Date.now()),
    now: Date.now,
    sink,
  });
  const following = tail.follow(ending.signal).catch(() => undefined);
  await until('its first line', () => seen.length > 0);
  // A prompt is no line yet; what is answered makes it one.
  const input = await (await engine.terminals()).attach(id);
  input.write('yes\r');
  await until('what was answered', () => seen.length >= 3);
  expect(seen).toEqual(['out one', 'out a prompt> yes', 'out two']);
  expect(position).toMatch(/^api:\d+:\d$/);
  input.destroy();
  ending.abort();
  await following;
  await engine.removeContainer(id);
});
