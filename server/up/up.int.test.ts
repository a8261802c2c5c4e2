import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { killProcess } from '#e2e/stack/kill-process.ts';
import { projectRoot } from './build.ts';
import { EngineApi } from './engine-api.ts';
import { openHome } from './home.ts';
import { isAlive, type PidRecord } from './pid-record.ts';
import { HubHome, type Up } from './running-hub.ts';
import { waitUntil } from './wait-until.ts';

const PROCESSES = ['agent-up-one', 'agent-up-two', 'anchor', 'engine', 'nats-server', 'web'];
const PATIENT = { timeoutMs: 60_000, everyMs: 100 };
const PORT = 18_731;
const DEPLOYMENT = 'up-survivor';

const hub = new HubHome();
let up: Up;

beforeAll(() => hub.choosePorts());
afterAll(async () => {
  if (up && !up.ended) await up.end('SIGTERM');
  hub.remove();
});

async function scorewall(...args: string[]): Promise<{ code: number; text: string }> {
  const run = promisify(execFile)(process.execPath, ['cli/bin.mjs', '--home', hub.home, ...args], { cwd: projectRoot });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({ code: error.code, text: error.stdout + error.stderr }),
  );
}

async function identityOf(device: string): Promise<unknown> {
  const { url, apiToken } = hub.runFile;
  const reply = await fetch(`${url}/api/v1/devices/${device}/identity`, { headers: { authorization: `Bearer ${apiToken}` } });
  return reply.json();
}

const page = (address: string): Promise<string> =>
  fetch(`http://${address}:${PORT}`, { signal: AbortSignal.timeout(2000) }).then(
    (reply) => reply.text(),
    () => '',
  );
const answersEverywhere = (version: string) =>
  waitUntil(
    async () =>
      (await Promise.all(hub.runFile.devices.map((one) => page(one.address)))).every((text) =>
        text.includes(`version ${version}`),
      ),
    PATIENT,
  );

const manifest = (version: string) => `apiVersion: iot.nationtech.io/v1alpha1
kind: Deployment
metadata: { name: ${DEPLOYMENT} }
spec:
  targetDevices: [${hub.devices.join(', ')}]
  score: { type: PodmanV0, data: { services: [{ name: hello, image: "localhost/scorewall/hello:${version}", ports: ["${PORT}:80"] }] } }
`;

async function apply(version: string): Promise<{ code: number; text: string }> {
  const child = execFile(process.execPath, ['cli/bin.mjs', '--home', hub.home, 'apply', '-f', '-', '--wait'], {
    cwd: projectRoot,
  });
  child.stdin!.end(manifest(version));
  let text = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: string) => (text += chunk));
  const code = await new Promise<number>((resolve) => child.on('close', (exitCode) => resolve(exitCode ?? 1)));
  return { code, text };
}

describe('a hub on this machine', () => {
  it('starts with all its processes and devices, and says so in a private file and one line', async () => {
    up = await hub.start().ready();
    const { url, devices, ownerLink, apiToken } = hub.runFile;
    expect(up.output.match(/^ready .*$/gm)).toEqual([`ready ${url}`]);
    expect(up.output).toContain(ownerLink);
    expect(up.output).not.toContain(apiToken);
    expect(statSync(path.join(hub.home, 'run.json')).mode & 0o777).toBe(0o600);
    expect(devices.map(({ id, address }) => `${id} ${address}`)).toEqual(['up-one 127.0.3.11', 'up-two 127.0.3.12']);
    expect(hub.processes.map((one) => one.name).sort()).toEqual(PROCESSES);
    // A start does not wait for ever for what its devices say first.
    const live = /up-one +● Running +Live[\s\S]*up-two +● Running +Live/;
    await waitUntil(async () => live.test((await scorewall('get', 'devices')).text), PATIENT);
    expect((await scorewall('get', 'devices')).text).toMatch(live);
    for (const { id } of devices)
      expect(await identityOf(id)).toMatchObject({ source: 'roadchain', standing: 'active', epoch: 0 });
  });

  it('deploys from the command line, and the page answers on the address of each device', async () => {
    const { code, text } = await apply('1');
    expect(text).toContain('runs on 2 of 2 devices');
    expect(code).toBe(0);
    expect(await answersEverywhere('1')).toBe(true);
  });

  it('plays the demo', async () => {
    const { code, text } = await scorewall('demo');
    expect(text).toMatch(/10 passed, 0 failed/);
    expect(code).toBe(0);
  });

  it('finds nothing wrong with itself', async () => expect(await scorewall('doctor')).toMatchObject({ code: 0 }));

  it('a second start in the same home says where the first one is', async () => {
    const second = hub.start();
    expect(await second.exit()).toBe(1);
    expect(second.output).toContain(`already runs with the home ${hub.home} (process ${up.process.pid}) at ${hub.runFile.url}`);
  });

  it('a start in another home on the same port says who has it and how to choose another', async () => {
    const other = new HubHome();
    Object.assign(other, { port: hub.port, natsPort: hub.natsPort });
    const refused = other.start();
    expect(await refused.exit()).toBe(1);
    expect(refused.output).toMatch(new RegExp(`Port ${hub.port} is in use by .*\\(process \\d+\\).*--port ${hub.port + 1}`));
    other.remove();
  });

  it('starts a process again that died, and says so', async () => {
    const before = processNamed('anchor');
    killProcess(before?.pid);
    expect(
      await waitUntil(
        async () => (await scorewall('get', 'devices')).code === 0 && processNamed('anchor')?.pid !== before?.pid,
        PATIENT,
      ),
    ).toBe(true);
    await waitUntil(() => up.output.includes('Starting it again'), PATIENT);
    expect(up.output).toMatch(/▲ anchor +anchor was ended by SIGKILL. Starting it again now/);
  });

  it('killed outright, the next start ends what was left and finds everything as it was', async () => {
    const before = hub.processes;
    await up.end('SIGKILL');
    up = await hub.start().ready();
    expect(up.output).toMatch(/an earlier start was killed; ended what it left: .*anchor/);
    expect(before.filter(isAlive)).toEqual([]);
    expect(await answersEverywhere('1')).toBe(true);
    expect(hub.runFile.devices).toHaveLength(2);
  });

  it('Ctrl-C leaves no process and no running container', async () => {
    const before = hub.processes;
    const { devices } = hub.runFile;
    expect(await up.end('SIGINT')).toBe(0);
    expect(up.output).toMatch(/Stopped in \d+\.\d s/);
    expect(before.filter(isAlive)).toEqual([]);
    expect(await Promise.all(devices.map((one) => page(one.address)))).toEqual(['', '']);
    expect(await scorewall('status')).toMatchObject({ code: 3 });
  });

  it('keeps its state over a restart: same devices, same keys, same deployment, changed as ever', async () => {
    up = await hub.start().ready();
    expect(up.output).not.toContain('an earlier start was killed');
    expect(await answersEverywhere('1')).toBe(true);
    expect((await apply('2')).text).toContain(`${DEPLOYMENT} changed, revision #2`);
    expect(await answersEverywhere('2')).toBe(true);
    expect((await scorewall('delete', 'deployment', DEPLOYMENT, '--yes')).code).toBe(0);
    const api = new EngineApi(hub.runFile.devices[0]!.engineSocket);
    const { fleet } = openHome(hub.home);
    expect(await waitUntil(async () => (await api.containersByLabel(`scorewall.fleet=${fleet}`)).length === 0, PATIENT)).toBe(
      true,
    );
    expect(await up.end('SIGTERM')).toBe(0);
  });
});

function processNamed(name: string): PidRecord | undefined {
  return hub.processes.find((one) => one.name === name);
}
