import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { DeviceIdentity, NewJoin } from '#contracts/api-identity.ts';
import { CONTAINER_LABEL } from '#contracts/container.ts';
import { freePorts } from '#server/nats/test-server.ts';
import { startTestHub, type TestHub } from '#server/test-anchor.ts';
import { testManifest } from '#server/test-fleet.ts';
import { startTestEngine, TEST_IMAGE, type TestEngine } from '../engine/test-engine.ts';
import { createTestAgent, type TestAgent } from '../test-agent.ts';

const WAITING = { timeout: 60_000, interval: 100 };
const HOST_IP = '127.0.4.1';
const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const SECTION = 'type = "roadchain"\ntick_ms = 400';
const JWT_SECONDS = 12;

let hub: TestHub;
let engine: TestEngine;
let count = 0;
const agents: TestAgent[] = [];

beforeAll(async () => {
  [hub, engine] = await Promise.all([
    startTestHub({
      env: {
        SCOREWALL_IDENTITY_SETTLE_SECONDS: '0.05',
        SCOREWALL_IDENTITY_JWT_SECONDS: String(JWT_SECONDS),
      },
    }),
    startTestEngine({ registry: '127.0.4.250:5057' }),
  ]);
});
afterAll(async () => {
  await hub?.stop();
  await engine?.dispose();
});
afterEach(async ({ task }) => {
  for (const agent of agents.splice(0)) {
    if (task.result?.state === 'fail') process.stderr.write(agent.log());
    await agent.remove();
  }
});

async function newAgent(device = `lucidia-${process.pid}-${++count}`): Promise<TestAgent & { device: string }> {
  const agent = await createTestAgent({
    device,
    credentials: { section: SECTION },
    hostIp: HOST_IP,
    engineSocket: engine.socket,
  });
  agents.push(agent);
  return Object.assign(agent, { device });
}

async function newToken(): Promise<string> {
  return NewJoin.parse((await hub.first.call('POST', '/join-tokens', { json: {} })).body).token;
}

interface Ran {
  code: number;
  text: string;
}

/** The command, with what it reads on its standard input. */
const run = (words: string[], { input = '', env = {} }: { input?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Ran> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', MAIN, ...words],
      { env: { ...process.env, ...env }, cwd: fileURLToPath(new URL('../..', import.meta.url)) },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? -1) : 0, text: stdout + stderr }),
    );
    child.stdin!.end(input);
  });

async function joined(): Promise<TestAgent & { device: string }> {
  const agent = await newAgent();
  const { code, text } = await run(['join', '-', '--config', agent.configPath], { input: await newToken() });
  expect(code, text).toBe(0);
  return agent;
}

const identityOf = async (device: string) =>
  DeviceIdentity.parse((await hub.first.call('GET', `/devices/${device}/identity`)).body);
const reports = (device: string, sinceMs: number) =>
  vi.waitFor(async () => {
    const { items } = (await hub.first.call('GET', '/status')).body;
    const found = items.find((item: { value: { device: string } }) => item.value.device === device);
    expect(Date.parse(found?.receivedAt)).toBeGreaterThan(sinceMs);
    return found.value;
  }, WAITING);
const containersOf = async (device: string): Promise<string[]> => {
  const filters = encodeURIComponent(JSON.stringify({ label: [`${CONTAINER_LABEL.device}=${device}`] }));
  const { json } = await engine.api('GET', `/v4.0.0/libpod/containers/json?all=true&filters=${filters}`);
  return (json as { Id: string; State: string }[]).map(({ Id, State }) => `${Id} ${State}`);
};
const remove = async (device: string) => {
  for (const container of await containersOf(device))
    await engine.api('DELETE', `/v4.0.0/libpod/containers/${container.split(' ')[0]}?force=true&v=true&timeout=0`);
};

describe('a device that joins by one command', () => {
  it('S12 S24 S38 runs what it is asked for, proves who it is, and keeps its containers through everything that befalls its identity', async () => {
    const agent = await joined();
    const { device } = agent;
    try {
      const said = await run(['identity', '--config', agent.configPath]);
      expect(said.text).toMatch(new RegExp(`Name +${device}\nHub +http.*\nEpoch +0\nHead +([0-9a-f]{4} ){7}[0-9a-f]{4}\n`));
      const [port] = await freePorts(1);
      let since = Date.now();
      agent.start();
      expect((await reports(device, since)).agent.credentials).toBe('roadchain');
      // It does not listen to being asked to end.
      const more = '          stopTimeoutSeconds: 0\n';
      const yaml = testManifest(`web-${device}`, `targetDevices: [${device}]`, { image: TEST_IMAGE, port: port!, more });
      expect(
        (await hub.first.call('PUT', `/deployments/web-${device}`, { yaml, headers: { 'if-none-match': '*' } })).status,
      ).toBe(201);
      await vi.waitFor(async () => expect(await containersOf(device)).toEqual([expect.stringMatching(/ running$/)]), WAITING);
      const before = await containersOf(device);

      // S38: a second agent on one state folder leaves, and nobody is alarmed.
      expect((await run(['--config', agent.configPath])).code).toBe(75);
      expect((await identityOf(device)).standing).toBe('active');

      // S12: the hub is away for longer than the credentials live.
      const { port: hubPort } = new URL(hub.first.url);
      await hub.first.stop();
      try {
        await vi.waitFor(() => expect(agent.log()).toMatch(/have expired/), WAITING);
        await vi.waitFor(() => expect(agent.log()).toMatch(/The hub at .* cannot be reached/), WAITING);
        expect(await containersOf(device)).toEqual(before);
      } finally {
        since = Date.now();
        hub.first = await hub.another({ listen: `127.0.0.1:${hubPort}` });
      }
      await reports(device, since);

      // S24: the same disk in another machine; one tap says which of the two is right, while both are there.
      const copy = await newAgent(device);
      await cp(join(agent.folder, 'state', 'identity'), join(copy.folder, 'state', 'identity'), {
        recursive: true,
        filter: (path) => !path.endsWith('.new'),
      });
      await copy.writeConfig({ hostIp: '127.0.4.2', engineSocket: '/nowhere/podman.sock' });
      copy.start();
      // From when it is there: a busy machine may take half a minute to start a process.
      await vi.waitFor(() => expect(copy.log()).toMatch(/Connected to NATS/), WAITING);
      const copiedAt = performance.now();
      await vi.waitFor(async () => expect((await identityOf(device)).standing).toBe('contested'), WAITING);
      expect(performance.now() - copiedAt).toBeLessThan(30_000);
      const holders = await vi.waitFor(async () => {
        const found = (await identityOf(device)).holders ?? [];
        expect(found.map(({ current }) => current)).toEqual([true, false]);
        return found;
      }, WAITING);
      since = Date.now();
      await reports(device, since);
      expect(await containersOf(device)).toEqual(before);
      const chosen = await hub.first.call('POST', `/devices/${device}/clear`, { json: { holder: holders[0]!.holder } });
      expect(chosen.status, chosen.text).toBe(204);
      await vi.waitFor(async () => expect(await identityOf(device)).toMatchObject({ standing: 'active', epoch: 1 }), WAITING);
      await vi.waitFor(() => expect(copy.log()).toMatch(/second copy of this device/), WAITING);
      expect(await containersOf(device)).toEqual(before);
      await vi.waitFor(async () => expect((await reports(device, Date.now())).agent.error).toBeUndefined(), WAITING);
      expect((await identityOf(device)).standing).toBe('active');
      // It does again all that a device does: what it is asked for now reaches it.
      const { headers } = await hub.first.call('GET', `/deployments/web-${device}`);
      const match = { headers: { 'if-match': headers.get('etag')! } };
      expect((await hub.first.call('DELETE', `/deployments/web-${device}`, match)).status).toBeLessThan(300);
      await vi.waitFor(async () => expect(await containersOf(device)).toEqual([]), WAITING);
    } finally {
      await agent.stop();
      await remove(device);
    }
    // All of it in a row: a busy machine takes longer than tests usually may.
  }, 300_000);

  it.each(['enrol:pending', 'enrol:answered', 'slot:first-slot', 'enrol:kept', 'enrol:config'])(
    'F2 joins once, also where the process is killed at %s',
    async (point) => {
      const agent = await newAgent();
      const input = await newToken();
      const words = ['join', '-', '--config', agent.configPath];
      expect((await run(words, { input, env: { SCOREWALL_CRASH_AT: point } })).text).not.toContain('is in');
      const { code, text } = await run(words, { input });
      expect(code, text).toBe(0);
      expect(await identityOf(agent.device)).toMatchObject({ standing: 'active', epoch: 0, entries: [{}] });
    },
  );

  it.each(['rotate:pending', 'rotate:prepared', 'rotate:committed', 'rotate:announced'])(
    'F2 takes its next key, also where the process is killed at %s',
    async (point) => {
      const agent = await joined();
      await hub.first.call('POST', `/devices/${agent.device}/rotate`, { json: {} });
      agent.start({ SCOREWALL_CRASH_AT: point });
      await agent.ended();
      expect(agent.process?.signalCode).toBe('SIGKILL');
      agent.start();
      await vi.waitFor(
        async () => expect(await identityOf(agent.device)).toMatchObject({ epoch: 1, standing: 'active' }),
        WAITING,
      );
      await reports(agent.device, Date.now());
    },
  );

  it.each([
    ['1970', 0],
    ['2038', Date.UTC(2038, 0, 20)],
  ])('S37 joins, comes back and takes its next key on a machine that lives in %s', async (_, nowMs) => {
    const agent = await newAgent();
    const env = { NODE_OPTIONS: clockAt(nowMs) };
    const { code, text } = await run(['join', '-', '--config', agent.configPath], { input: await newToken(), env });
    expect(code, text).toBe(0);
    agent.start(env);
    await reports(agent.device, Date.now());
    await hub.first.call('POST', `/devices/${agent.device}/rotate`, { json: {} });
    await vi.waitFor(async () => expect(await identityOf(agent.device)).toMatchObject({ epoch: 1, standing: 'active' }), WAITING);
    const saysSo = () => expect(agent.log()).toMatch(/The clock of this device is \d+ minutes (ahead of|behind) the hub's/);
    await vi.waitFor(saysSo, WAITING);
    await agent.stop();
    agent.start(env);
    await reports(agent.device, Date.now());
  });

  it('shows the words to compare, and goes on once somebody has said yes', async () => {
    const agent = await newAgent();
    const made = NewJoin.parse((await hub.first.call('POST', '/join-tokens', { json: { approval: true } })).body);
    const running = run(['join', '-', '--config', agent.configPath], { input: made.token });
    const words = await vi.waitFor(async () => {
      const { items } = (await hub.first.call('GET', '/join-tokens')).body as { items: { tid: string; words?: string }[] };
      const found = items.find(({ tid }) => tid === made.join.tid)?.words;
      expect(found).toBeDefined();
      return found!;
    }, WAITING);
    expect((await hub.first.call('POST', `/join-tokens/${made.join.tid}/approve`, { json: {} })).status).toBe(200);
    const { code, text } = await running;
    expect(code, text).toBe(0);
    expect(text).toContain(words);
  });

  it('is told in words why it cannot', async () => {
    const agent = await newAgent();
    const words = ['join', '-', '--config', agent.configPath];
    const nonsense = await run(words, { input: 'rcj1.nonsense.x' });
    expect(nonsense).toMatchObject({ code: 64, text: expect.stringMatching(/^JOIN-FAILED\nThis is no join token/) });
    const token = await newToken();
    expect((await run(words, { input: token })).code).toBe(0);
    const other = await newAgent();
    const used = await run(['join', token, '--config', other.configPath]);
    expect(used).toMatchObject({ code: 77, text: expect.stringContaining('was used by another device') });
  });
});

/** A clock that begins there, in every part of the process. */
const clockAt = (nowMs: number): string => {
  const code = `const R=Date,by=${nowMs}-R.now();globalThis.Date=class extends R{constructor(...a){a.length?super(...a):super(R.now()+by)}static now(){return R.now()+by}}`;
  return `--import data:text/javascript,${encodeURIComponent(code)}`;
};
