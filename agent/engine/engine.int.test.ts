import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DockerEngine } from './docker-engine.ts';
import type { Engine, EngineEvent } from './engine.ts';
import { openEngine } from './open-engine.ts';
import { PodmanEngine } from './podman-engine.ts';
import { startTestEngine, TEST_IMAGE, type TestEngine, until } from './test-engine.ts';

let test: TestEngine;
beforeAll(async () => {
  test = await startTestEngine({ registry: '127.0.1.249:5049' });
  await test.startRegistry();
});
afterAll(() => test?.dispose());
// A second try begins without the container of the first.
afterEach(() => test.removeContainers());

const spec = (device: string, fields: object = {}) => ({
  name: `engine-${device}`,
  service: { name: 'web', image: TEST_IMAGE, command: ['sleep', '1000'], restart: 'no', ...fields },
  labels: { 'scorewall.device': device, 'scorewall.score': '{"name":"web"}' },
  hostIp: '127.0.1.200',
  volumePrefix: device,
});

it('is recognised by what answers at the socket', async () => {
  const engine = openEngine(`unix://${test.socket}`);
  expect(await engine.version()).toMatch(/^\d+\.\d+/);
  expect(engine.kind).toBe('podman');
});

// Podman answers Docker's calls too, so both adapters meet a real engine here.
describe.each<[string, (socket: string) => Engine]>([
  ['podman', (socket) => new PodmanEngine(socket)],
  ['docker', (socket) => new DockerEngine(socket)],
])('the adapter for %s', (kind, open) => {
  it('takes a container through its life, and hears of it', async () => {
    const engine = open(test.socket);
    const labels = { 'scorewall.device': kind };
    const heard: EngineEvent[] = [];
    const abort = new AbortController();
    let isOpen = false;
    const onOpen = () => {
      isOpen = true;
    };
    const listening = (async () => {
      for await (const event of engine.watchEvents(labels, { sinceMs: Date.now(), signal: abort.signal, onOpen }))
        heard.push(event);
    })().catch((error: unknown) => error);
    await until('the stream', () => isOpen);

    const id = await engine.createContainer(spec(kind, { ports: ['8088:80'] }));
    expect(await engine.listContainers(labels)).toMatchObject([
      { id, name: `engine-${kind}`, image: TEST_IMAGE, state: 'created' },
    ]);
    await engine.startContainer(id);
    const [running] = await engine.listContainers(labels, [id]);
    expect(running).toMatchObject({ state: 'running', ports: ['127.0.1.200:8088->80/tcp'] });
    expect(running!.labels['scorewall.score']).toBe('{"name":"web"}');
    expect(await engine.inspectContainer(id)).toMatchObject({ restarts: 0 });
    expect(await engine.hasProcesses(id)).toBe(true);
    await engine.renameContainer(id, `engine-${kind}-2`);
    await engine.stopContainer(id, 0);
    expect(await engine.listContainers(labels)).toMatchObject([{ state: 'exited', exitCode: 137, name: `engine-${kind}-2` }]);
    await engine.removeContainer(id);
    expect(await engine.listContainers(labels)).toEqual([]);
    await until('all its events', () =>
      ['started', 'died', 'removed'].every((kind) => heard.some((event) => event.kind === kind)),
    );
    expect(heard.find((event) => event.kind === 'died')).toMatchObject({ containerId: id, exitCode: 137, labels });
    abort.abort();
    await listening;
  });

  it('says what is wrong by a code', async () => {
    const engine = open(test.socket);
    await expect(engine.createContainer(spec(kind, { image: 'localhost/nope:1' }))).rejects.toMatchObject({
      code: 'image-missing',
    });
    const id = await engine.createContainer(spec(kind));
    await expect(engine.createContainer(spec(kind))).rejects.toMatchObject({ code: 'name-taken' });
    await engine.removeContainer(id);
    await expect(engine.startContainer(id)).rejects.toMatchObject({ code: 'not-found' });
    await expect(engine.createContainer(spec(kind, { secrets: ['nope'] }))).rejects.toMatchObject({ code: 'secret-missing' });
    await expect(open('/no/such.sock').version()).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('pulls, tells how far it is, and can be told to stop', async () => {
    const engine = open(test.socket);
    const image = await test.publish(`${kind}:1`);
    const told: number[] = [];
    const never = new AbortController().signal;
    await engine.pullImage(image, ({ layersTotal }) => told.push(layersTotal), never);
    expect(told.at(-1)).toBeGreaterThan(0);
    await expect(engine.pullImage(`${test.registry}/nope:1`, () => undefined, never)).rejects.toMatchObject({
      code: 'image-not-found',
    });
    const gone = engine.pullImage('127.0.1.249:1/nope:1', () => undefined, never);
    await expect(gone).rejects.toMatchObject({ code: 'registry-unreachable' });
    const reason = new Error('no longer wanted');
    await expect(engine.pullImage(image, () => undefined, AbortSignal.abort(reason))).rejects.toBe(reason);
    await engine.removeImage(image);
  });
});
