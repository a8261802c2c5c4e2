/** New agents for devices, with all that is real: a hub behind its front, and installed agents that are started by their launcher. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build as bundle } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DeviceUpdate, UpdateRollout, Updates } from '#contracts/api-updates.ts';
import type { DeviceEvent } from '#contracts/event.ts';
import { PACKAGE_LIST } from '#contracts/package-list.ts';
import { createInstallHandler } from '#server/install/serve-install.ts';
import { eventually, startTestHub, type TestHub } from '#server/test-anchor.ts';
import { BUNDLING } from '#server/up/build.ts';
import { createFront, type Front } from '#server/web/front.ts';
import { InstalledAgent } from './test-installed-agent.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const PATIENCE_MS = 60_000;
const ENV = { SCOREWALL_UPDATE_SOAK_SECONDS: '0.5', SCOREWALL_IDENTITY_ROTATE_SECONDS: '0' };

let folder: string;
let packages: string;
let code: string;
let hub: TestHub;
let front: Front;
let agents: InstalledAgent[];
const names = [1, 2, 3].map((number) => `crab-${process.pid}-${number}`);

/** What `npm run package` would leave on the hub. */
async function carry(version: string, text: string): Promise<void> {
  await writeFile(path.join(packages, 'agent.mjs'), text);
  const agent = {
    name: 'agent.mjs',
    sha256: createHash('sha256').update(text).digest('hex'),
    sizeBytes: Buffer.byteLength(text),
  };
  const list = { version, builtAt: new Date().toISOString(), files: {}, agent };
  await writeFile(path.join(packages, PACKAGE_LIST), JSON.stringify(list));
}
const works = (mark: string) => `${code}\n// ${mark}\n`;
const fallsOver = () => `process.exit(1);\n${code}`;

const call = (method: string, route: string, json?: object) => hub.first.call(method, route, json ? { json } : {});
const look = async () => Updates.parse((await call('GET', '/updates')).body);
async function begin(json: object = {}, route = '/updates') {
  const reply = await call('POST', route, json);
  expect(reply.status, reply.text).toBe(201);
  return UpdateRollout.parse(reply.body);
}
const decide = async (decision: string) => {
  const reply = await call('POST', '/updates/decide', { decision });
  expect(reply.status, reply.text).toBe(200);
};
const wordsOf = (devices: readonly DeviceUpdate[]) => devices.map(({ device, state }) => `${device} ${state}`).join(', ');
/** Each look at the rollout until it is so; gives the last one. What is wrong at one look is not waited away. */
async function until(wanted: UpdateRollout['state'], each: (rollout: UpdateRollout) => void = () => {}): Promise<UpdateRollout> {
  let last = '';
  let wrong: unknown;
  const found = await eventually(
    async () => {
      const { rollout } = await look();
      try {
        each(rollout!);
      } catch (error) {
        wrong = error;
        return rollout!;
      }
      last = `${rollout!.state}: ${wordsOf(rollout!.devices)}`;
      if (rollout!.state === wanted) return rollout!;
      throw new Error(`${last}\n${agents.map(({ log }) => log.slice(-600)).join('\n')}`);
    },
    `the rollout is ${wanted}`,
    PATIENCE_MS,
  );
  if (wrong) throw wrong;
  return found;
}
const runs = (device: string, version: string) =>
  eventually(
    async () => {
      const one = (await look()).devices.find((known) => known.device === device);
      if (one?.version === version) return one;
      throw new Error(JSON.stringify(one));
    },
    `${device} runs ${version}`,
    PATIENCE_MS,
  );
const agentOf = (device: string) => agents.find(({ name }) => name === device)!;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'scorewall-updates-'));
  packages = path.join(folder, 'packages');
  await mkdir(packages);
  const outfile = path.join(folder, 'agent.mjs');
  await bundle({ ...BUNDLING, entryPoints: [path.join(ROOT, 'agent/main.ts')], outfile });
  code = await readFile(outfile, 'utf8');
  hub = await startTestHub({ env: ENV, packageFolders: [packages] });
  const anchor = new URL(hub.first.url);
  const install = createInstallHandler({ scriptFile: path.join(ROOT, 'deploy/install/join.sh'), packageFolders: [packages] });
  const ws = new URL(hub.nats.wsUrl);
  front = createFront(
    {
      host: '127.0.0.1',
      port: 0,
      anchor: { host: anchor.hostname, port: Number(anchor.port) },
      nats: { host: ws.hostname, port: Number(ws.port) },
      tls: undefined,
      hosts: [],
    },
    async (_, response) => void response.writeHead(404).end(),
    install,
  );
  front.server.listen(0, '127.0.0.1');
  await once(front.server, 'listening');
  const url = `http://127.0.0.1:${(front.server.address() as AddressInfo).port}`;
  agents = await Promise.all(
    names.map(async (name) => {
      const answer = await fetch(`${url}/api/v1/join-tokens`, {
        method: 'POST',
        headers: { authorization: `Bearer ${hub.first.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name }),
      });
      const { token } = (await answer.json()) as { token: string };
      return await InstalledAgent.create(name, { version: '1.0', code, token });
    }),
  );
  for (const agent of agents) agent.start();
  for (const name of names) await runs(name, '1.0');
});
afterAll(async () => {
  await Promise.all((agents ?? []).map((agent) => agent.remove()));
  await front?.close();
  await hub?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A retry begins where nothing is under way, and everybody is there. */
beforeEach(async () => {
  if (['running', 'paused'].includes((await look()).rollout?.state ?? '')) await decide('stop');
  for (const agent of agents) agent.start();
  for (const { name } of agents) await isConnected(name, true);
});

let releases = 1;
const newVersion = () => `${++releases}.0`;
const isConnected = (device: string, wanted: boolean) =>
  eventually(
    async () => ((await call('GET', `/devices/${device}`)).body.presence?.connected ?? false) === wanted,
    `${device} is ${wanted ? 'connected' : 'off'}`,
    PATIENCE_MS,
  );
const isTold = (device: string, kind: string, words: string) =>
  eventually(async () => {
    const { body } = await call('GET', `/devices/${device}/events`);
    return (body.items as DeviceEvent[]).some((one) => one.kind === kind && one.message.includes(words));
  }, `${device} ${kind}`);
const isNoted = (line: string) =>
  eventually(async () => {
    const { lines } = (await call('GET', '/audit')).body as { lines: { user: string; action: string; target: string }[] };
    return lines.some(({ user, action, target }) => `${user} ${action} ${target}` === line);
  }, line);

describe('a new agent', () => {
  it('is given to one device first, then to the others, and each of them keeps it', async () => {
    const version = newVersion();
    await carry(version, works(version));
    expect(await look()).toMatchObject({ carried: { version }, devices: names.map((device) => ({ device, state: 'behind' })) });
    const { state, devices, startedBy } = await begin();
    expect([state, startedBy, devices.length]).toEqual(['running', 'owner', 3]);
    expect((await call('POST', '/updates', {})).status).toBe(409);
    let first: string | undefined;
    await until('done', (rollout) => {
      const [under, over] = ['updating', 'updated'].map((wanted) => rollout.devices.filter((one) => one.state === wanted));
      // It may be done with before the first look.
      first ??= (under![0] ?? over![0])?.device;
      if (over!.length === 0) expect(under!.map(({ device }) => device)).toEqual(under!.length > 0 ? [first] : []);
      if (over!.length > 0) expect(over!.map(({ device }) => device)).toContain(first);
    });
    for (const agent of agents) {
      expect(await runs(agent.name, version)).toMatchObject({ state: 'current' });
      expect(await agent.current()).toBe(version);
      await eventually(async () => agent.log.includes('has proved itself and stays'), 'it says so');
      await isTold(agent.name, 'agent-updated', version);
      await isNoted(`hub update.updated ${agent.name}`);
    }
    expect((await call('POST', '/updates', {})).body.title).toContain('Nobody is behind');
    await isNoted('owner update.start all that are behind');
    await isNoted(`hub update.done ${version}`);
  });

  it('that falls over is left by the device on its own, and nobody else gets it until somebody says so', async () => {
    const version = newVersion();
    await carry(version, fallsOver());
    await begin();
    const paused = await until('paused');
    expect(paused.why).toMatch(/went back to the agent before.*Nobody else gets it/);
    expect(wordsOf(paused.devices)).toMatch(/^\S+ returned, \S+ waiting, \S+ waiting$/);
    const broken = agentOf(paused.devices[0]!.device);
    const seen = (await look()).devices.find(({ device }) => device === broken.name);
    expect(seen).toMatchObject({ state: 'returned', message: expect.stringContaining(version) });
    expect(seen!.version).not.toBe(version);
    expect(await broken.current()).not.toBe(version);
    await isTold(broken.name, 'agent-returned', version);

    await decide('go-on');
    const again = await until('paused');
    expect(wordsOf(again.devices)).toMatch(/returned, \S+ returned, \S+ waiting$/);
    await decide('stop');
    expect((await look()).rollout).toMatchObject({ state: 'stopped', why: 'Stopped by owner.' });
    expect((await call('POST', '/updates/decide', { decision: 'go-on' })).status).toBe(409);
    expect(agentOf(again.devices[2]!.device).log).not.toContain(`"${version}"`);
    await isNoted('owner update.decide go-on');
  });

  it('that went back is tried again where a person asks for it by name, and not otherwise', async () => {
    const [name] = names as [string];
    const version = newVersion();
    await carry(version, fallsOver());
    await begin({ devices: [name] });
    expect(wordsOf((await until('done')).devices)).toBe(`${name} returned`);
    expect((await begin()).devices.map(({ device }) => device)).not.toContain(name);
    await decide('stop');
    const { starts } = agentOf(name);
    await begin({}, `/devices/${name}/update`);
    const { devices, why } = await until('done');
    expect([wordsOf(devices), why]).toEqual([`${name} returned`, expect.stringContaining('went back')]);
    // The one that was tried, and the one before again.
    await eventually(async () => agentOf(name).starts === starts + 2, 'it was started twice');
  });

  it('waits for a device that is off, also over another anchor, and stops nobody else', async () => {
    const off = agents[1]!;
    await off.stop();
    await isConnected(off.name, false);
    const version = newVersion();
    await carry(version, works(version));
    await begin();
    await eventually(
      async () => wordsOf((await look()).rollout!.devices).split(' updated').length === 3,
      'the others have it',
      PATIENCE_MS,
    );
    expect((await look()).rollout).toMatchObject({ state: 'running' });
    const { port } = new URL(hub.first.url);
    await hub.first.stop();
    hub.first = await hub.another({ listen: `127.0.0.1:${port}` });
    expect((await look()).devices.find(({ device }) => device === off.name)).toMatchObject({ state: 'waiting' });
    off.start();
    await until('done');
    for (const { name } of agents) expect(await runs(name, version)).toMatchObject({ state: 'current' });
  });

  it('is not given on where the hub carries another one by now', async () => {
    const off = agents[0]!;
    await off.stop();
    await isConnected(off.name, false);
    const [version, next] = [newVersion(), newVersion()];
    await carry(version, works(version));
    await begin({ devices: [off.name] });
    await carry(next, works(next));
    expect((await until('stopped')).why).toContain(`carries ${next} now`);
    await begin({ devices: [off.name] });
    off.start();
    await until('done');
    expect(await runs(off.name, next)).toMatchObject({ state: 'current' });
  });
});
