/**
 * The agent of the arm64 package, started: it joins, reconciles and streams. All of the agent is arm64 (its Node, its code, the native
 * parts for terminals and pictures); podman, the container it starts there and the shell of the terminal are programs of this machine.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { startTestEngine, TEST_IMAGE, type TestEngine } from '#agent/engine/test-engine.ts';
import { connectViewer } from '#agent/sessions/logs/test-log-viewer.ts';
import { TestPerson, TestView } from '#agent/terminals/test-terminal.ts';
import { createTestAgent } from '#agent/test-agent.ts';
import { DeviceIdentity, NewJoin } from '#contracts/api-identity.ts';
import { CONTAINER_LABEL } from '#contracts/container.ts';
import { API_VERSION } from '#contracts/deployment.ts';
import { DeviceStatus } from '#contracts/status.ts';
import { eventually } from '#e2e/stack/eventually.ts';
import { startTestHub, type TestHub } from '#server/test-anchor.ts';
import { EmulatedPackage } from './emulated-package.ts';

/** The first time, the parts of the package are fetched. */
const PREPARE_MS = 300_000;
const EMULATED_MS = 240_000;

let folder: string;
let hub: TestHub;
let engine: TestEngine;
let agentPackage: EmulatedPackage;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'scorewall-arm64-'));
  [hub, engine, agentPackage] = await Promise.all([
    startTestHub({ env: { SCOREWALL_IDENTITY_SETTLE_SECONDS: '0.05' } }),
    startTestEngine({ registry: '127.0.6.250:5058' }),
    EmulatedPackage.unpack(folder),
  ]);
}, PREPARE_MS);

afterAll(async () => {
  await engine?.dispose();
  await hub?.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

it(
  'joins, reports what it is, runs what it is asked for, opens a terminal, streams a log, and takes its next key',
  async () => {
    const device = `clam-${process.pid}-${++count}`;
    const statusOf = async () => DeviceStatus.parse((await hub.first.call('GET', `/devices/${device}/status`)).body.value);
    const identityOf = async () => DeviceIdentity.parse((await hub.first.call('GET', `/devices/${device}/identity`)).body);
    const agent = await createTestAgent({
      device,
      credentials: { section: 'type = "roadchain"\ntick_ms = 400' },
      hostIp: '127.0.6.1',
      engineSocket: engine.socket,
      command: [agentPackage.launcher],
    });
    onTestFinished(async ({ task }) => {
      if (task.result?.state === 'fail') process.stderr.write(agent.log());
      await agent.remove();
    });

    const { token } = NewJoin.parse((await hub.first.call('POST', '/join-tokens', { json: {} })).body);
    const { code, text } = await agentPackage.run(['join', '-', '--config', agent.configPath], token);
    expect(code, text).toBe(0);
    expect(await identityOf()).toMatchObject({ source: 'roadchain', standing: 'active', epoch: 0 });

    const terminalsWanted = path.join(agent.folder, 'terminals-wanted');
    agent.start({ ...agentPackage.env, SCOREWALL_TERMINALS_WANTED: terminalsWanted });
    const status = await eventually('its report', statusOf);
    expect(status.host.arch).toBe('arm64');
    expect(status.agent).toMatchObject({ version: agentPackage.version, credentials: 'roadchain' });

    const put = await hub.first.call('PUT', `/deployments/${device}`, {
      json: countingDeployment(device),
      headers: { 'if-none-match': '*' },
    });
    expect(put.status, put.text).toBe(201);
    await eventually('the container runs', async () => (await statusOf()).deployments[0]?.phase === 'running');
    const filters = encodeURIComponent(JSON.stringify({ label: [`${CONTAINER_LABEL.device}=${device}`] }));
    const { json } = await engine.api('GET', `/v4.0.0/libpod/containers/json?filters=${filters}`);
    expect(json).toEqual([expect.objectContaining({ State: 'running' })]);

    onTestFinished(playTerminalsUnit(terminalsWanted, ['pty-host', '--config', agent.configPath], agent.folder));
    const person = await TestPerson.join(hub.nats, 'ada');
    onTestFinished(() => person.close());
    const view = await TestView.of(person, device, await person.open(device, { kind: 'host' }));
    onTestFinished(() => view.leave());
    expect(await view.control('take')).toMatchObject({ ok: true });
    view.type('echo $((6 * 7)) at $(tty)\r');
    await view.sees(/42 at \/dev\/pts\/\d+/);

    const viewer = await connectViewer(hub.nats);
    onTestFinished(() => viewer.close());
    const log = await viewer.open(device, { sources: [{ deployment: device, service: 'web' }] });
    expect(log.answer).toMatchObject({ ok: true });
    await eventually('the lines', () => log.texts().length === 5);
    expect(log.texts()).toEqual([1, 2, 3, 4, 5].map((n) => `line ${n}`));

    expect((await hub.first.call('POST', `/devices/${device}/rotate`, { json: {} })).status).toBe(200);
    await eventually('the next key', async () => (await identityOf()).epoch === 1);
    const sinceMs = Date.now();
    await eventually('a report after it', async () => Date.parse((await statusOf()).reportedAt) > sinceMs);
  },
  EMULATED_MS,
);

function countingDeployment(device: string) {
  const command = ['/bin/busybox', 'sh', '-c', 'for i in 1 2 3 4 5; do echo line $i; done; exec /bin/busybox sleep 1000'];
  const services = [{ name: 'web', image: TEST_IMAGE, command, stopTimeoutSeconds: 0 }];
  const spec = { targetDevices: [device], score: { type: 'PodmanV0', data: { services } } };
  return { apiVersion: API_VERSION, kind: 'Deployment', metadata: { name: device }, spec };
}

/** `scorewall-terminals.path` and its service. */
function playTerminalsUnit(wanted: string, words: readonly string[], home: string): () => void {
  const env = { ...process.env, ...agentPackage.env, HOME: home };
  let service: ChildProcess | undefined;
  const looking = setInterval(() => {
    if (!existsSync(wanted)) return;
    rmSync(wanted);
    service = spawn(agentPackage.launcher, words, { env, stdio: 'ignore' });
  }, 50);
  return () => {
    clearInterval(looking);
    service?.kill('SIGKILL');
  };
}
