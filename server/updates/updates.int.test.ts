/** Who may see and begin updates of agents, and who is offered one: a real hub, and devices that say what they run. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DeviceUpdate, Updates } from '#contracts/api-updates.ts';
import { PACKAGE_LIST } from '#contracts/package-list.ts';
import type { DeviceStatus } from '#contracts/status.ts';
import { subjects } from '#contracts/subjects.ts';
import type { UpdateOffer } from '#roadchain/messages.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { checkProof } from '#roadchain/proofs.ts';
import { TestDevice } from '../identity/test-device.ts';
import { eventually, startTestHub, type TestAnchor, type TestHub, type TestReply } from '../test-anchor.ts';
import { testReport } from '../test-fleet.ts';
import { joinAs, joinWith, type TestSession } from '../test-people.ts';

const ENV = { SCOREWALL_IDENTITY_ROTATE_SECONDS: '0', SCOREWALL_UPDATE_SOAK_SECONDS: '0.1' };

let packages: string;
let hub: TestHub;
let anchor: TestAnchor;
let berlin: TestSession;
const devices = new Map<string, TestDevice>();

type Caller = Pick<TestSession, 'call'>;
const look = async (who: Caller = anchor) => Updates.parse((await who.call('GET', '/updates')).body);
const begin = (json: object = {}, who: Caller = anchor) => who.call('POST', '/updates', { json });
const decide = (decision: string, who: Caller = anchor) => who.call('POST', '/updates/decide', { json: { decision } });
const statesOf = (all: readonly DeviceUpdate[]) => Object.fromEntries(all.map(({ device, state }) => [device, state]));
const namesOf = ({ body }: TestReply): string[] => body.devices.map(({ device }: DeviceUpdate) => device);

let releases = 1;
async function carry(): Promise<string> {
  const version = `${++releases}.0`;
  const agent = { name: 'agent.mjs', sha256: String(releases).padStart(64, '0'), sizeBytes: 1 };
  const list = { version, builtAt: '2026-11-21T10:00:00.000Z', files: {}, agent };
  await writeFile(join(packages, PACKAGE_LIST), JSON.stringify(list));
  await eventually(async () => (await look()).carried?.version === version, 'the hub has seen it');
  return version;
}

/** As its agent would report; the hub has it when this resolves. */
async function report(name: string, agent: Partial<DeviceStatus['agent']> = {}): Promise<void> {
  const status = testReport(name);
  status.agent = { ...status.agent, version: '1.0', credentials: 'roadchain', update: { state: 'ready' }, ...agent };
  devices.get(name)!.nc!.publish(subjects.status(name), JSON.stringify(status));
  await eventually(async () => {
    const { body } = await anchor.call('GET', `/devices/${name}/status`);
    return body.value?.reportedAt === status.reportedAt;
  }, `${name} has reported`);
}

const offersOf = (name: string): UpdateOffer[] =>
  devices.get(name)!.heard.flatMap((answer) => ('update' in answer && answer.update ? [answer.update] : []));
const isOffered = (name: string, version: string) =>
  eventually(async () => offersOf(name).findLast((offer) => offer.version === version), `${name} is offered ${version}`);

async function joined(name: string, labels: Record<string, string> = {}): Promise<TestDevice> {
  const { body } = await anchor.call('POST', '/join-tokens', { json: { name, labels } });
  const device = await TestDevice.join({ hubUrl: anchor.url, natsUrl: hub.nats.url }, body.token);
  devices.set(name, device);
  await device.start();
  await eventually(async () => (await anchor.call('GET', `/devices/${name}`)).body.presence?.connected, `${name} is seen`);
  return device;
}

beforeAll(async () => {
  packages = await mkdtemp(join(tmpdir(), 'scorewall-packages-'));
  hub = await startTestHub({ env: ENV, packageFolders: [packages] });
  anchor = hub.first;
  for (const [name, site] of Object.entries({ aria: 'berlin', bruno: 'berlin', clara: 'paris' })) {
    await joined(name, { site });
  }
  await anchor.call('POST', '/devices', { json: { name: 'carried', labels: { site: 'berlin' } } });
  berlin = await joinWith(anchor, 'on-berlin', [{ role: 'admin', selector: { site: 'berlin' } }]);
});
afterAll(async () => {
  await Promise.all([...devices.values()].map((device) => device.stop()));
  await hub?.stop();
  await rm(packages, { recursive: true, force: true });
});
beforeEach(async () => {
  if (['running', 'paused'].includes((await look()).rollout?.state ?? '')) await decide('stop');
  for (const name of devices.keys()) await report(name);
});

describe('an update of agents', () => {
  it('cannot begin where the hub carries none', async () => {
    await rm(join(packages, PACKAGE_LIST), { force: true });
    await eventually(async () => (await look()).carried === undefined, 'the hub carries none');
    expect((await begin()).body).toMatchObject({ code: 'conflict', detail: expect.stringContaining('npm run package') });
    expect(statesOf((await look()).devices)).toEqual({ aria: 'current', bruno: 'current', clara: 'current', carried: 'by-hand' });
  });

  it('is for devices with an identity of their own and the agent of the package', async () => {
    await carry();
    expect((await begin({ devices: ['carried'] })).body.title).toContain('key that somebody carried');
    await report('bruno', { update: undefined });
    expect((await look()).devices.find(({ device }) => device === 'bruno')).toMatchObject({
      state: 'by-hand',
      message: expect.stringContaining('whoever installed it'),
    });
    expect((await begin({ devices: ['aria', 'bruno'] })).status).toBe(409);
    expect((await begin({ devices: ['nobody'] })).status).toBe(404);
    expect(namesOf(await begin())).toEqual(['aria', 'clara']);
  });

  it('is offered to whose turn it is, signed for that device alone, and to nobody else', async () => {
    const version = await carry();
    const { status, body } = await begin();
    expect([status, body.state]).toEqual([201, 'running']);
    const [first = '', ...others] = namesOf({ body } as TestReply);
    const { sig, ...offer } = await isOffered(first, version);
    expect(offer).toMatchObject({ from: '1.0', version, sizeBytes: 1, rollout: Number(body.id) });
    const { publicKey } = anchor.anchor.hub.identity.anchor;
    const isFor = (dev: string, { session }: TestDevice) =>
      checkProof(nodeCrypto, publicKey, 'update', { dev, session, ...offer }, sig);
    for (const [dev, device] of devices) expect([dev, isFor(dev, device)]).toEqual([dev, dev === first]);
    expect(isFor(first, devices.get(others[0]!)!)).toBe(false);
    // Each of them has asked since.
    for (const name of others) {
      const count = devices.get(name)!.heard.length;
      await eventually(async () => devices.get(name)!.heard.length > count + 1, `${name} ticks`);
      expect(offersOf(name).filter((one) => one.version === version)).toEqual([]);
    }
    await report(first, { version });
    await eventually(async () => statesOf((await look()).rollout!.devices)[first] === 'updated', 'it is updated');
    await Promise.any(others.map((name) => isOffered(name, version)));
    await decide('stop');
    await eventually(async () => {
      const last = devices.get(others[0]!)!.heard.at(-1)!;
      return last.op === 'ticked' && last.update === undefined;
    }, 'nobody is offered it any more');
  });

  it('pauses where a device says that it failed, with what it says', async () => {
    const version = await carry();
    const { body } = await begin({ devices: ['aria', 'bruno'] });
    const [first = ''] = namesOf({ body } as TestReply);
    await isOffered(first, version);
    await report(first, { update: { state: 'failed', version, rollout: Number(body.id), message: 'The disk is full.' } });
    const paused = await eventually(async () => {
      const { rollout } = await look();
      return rollout!.state === 'paused' && rollout;
    }, 'it is paused');
    expect(paused.why).toContain('The disk is full.');
    expect(statesOf(paused.devices)[first]).toBe('failed');
    expect((await decide('go-on')).body.state).toBe('running');
  });

  it('makes room for another while only a device that is off is left, and takes that one along', async () => {
    const version = await carry();
    const name = `eric-${releases}`;
    const device = await joined(name);
    await report(name);
    await device.stop();
    devices.delete(name);
    await eventually(async () => !(await anchor.call('GET', `/devices/${name}`)).body.presence?.connected, `${name} is off`);
    try {
      const { body } = await begin({ devices: [name] });
      const next = await begin({ devices: ['bruno'] });
      expect([next.status, namesOf(next)]).toEqual([201, ['bruno', name]]);
      expect(Number(next.body.id)).toBeGreaterThan(Number(body.id));
      await isOffered('bruno', version);
      expect((await begin({ devices: ['aria'] })).body.title).toContain('under way already');
    } finally {
      await anchor.call('DELETE', `/devices/${name}`, { json: {} });
    }
  });

  it('passes over a device whose identity is contested', async () => {
    const version = await carry();
    const name = `dora-${releases}`;
    const device = await joined(name);
    await report(name);
    const copy = device.copy();
    try {
      await copy.start();
      const { ledger } = anchor.anchor.hub.identity;
      await eventually(async () => ledger.viewOf(name)?.standing === 'contested', 'the copy is found');
      expect(namesOf(await begin({ devices: [name, 'bruno'] })).sort()).toEqual(['bruno', name]);
      await isOffered('bruno', version);
      expect(statesOf((await look()).rollout!.devices)).toMatchObject({ [name]: 'waiting' });
      expect([...offersOf(name), ...copy.heard.filter((answer) => 'update' in answer)]).toEqual([]);
    } finally {
      await copy.stop();
      await device.stop();
      devices.delete(name);
      await anchor.call('DELETE', `/devices/${name}`, { json: {} });
    }
  });
});

describe('S58 somebody with rights on some devices', () => {
  it('sees and updates those alone, and stops nothing that goes farther', async () => {
    const version = await carry();
    expect(statesOf((await look(berlin)).devices)).toEqual({ aria: 'behind', bruno: 'behind', carried: 'by-hand' });
    expect((await begin({ devices: ['bruno', 'clara'] }, berlin)).status).toBe(404);
    expect(namesOf(await begin({}, berlin)).sort()).toEqual(['aria', 'bruno']);
    expect((await decide('stop', berlin)).status).toBe(200);
    const { body } = await begin({ devices: ['clara'] });
    expect(namesOf({ body } as TestReply)).toEqual(['clara']);
    expect((await look(berlin)).rollout).toBeUndefined();
    expect((await decide('stop', berlin)).status).toBe(403);
    await isOffered('clara', version);
    const viewer = await joinAs(anchor, `viewer-${releases}`, 'viewer');
    expect((await look(viewer)).rollout?.devices).toHaveLength(1);
    expect((await begin({}, viewer)).status).toBe(403);
    expect((await decide('stop', viewer)).status).toBe(403);
  });

  it('has to show that it is still them', async () => {
    const later = await hub.another({ proofMs: 1 });
    const admin = await joinAs(later, `admin-${releases}`, 'admin');
    for (const [method, path] of [
      ['POST', '/updates'],
      ['POST', '/updates/decide'],
      ['POST', '/devices/aria/update'],
    ] as const)
      expect((await admin.call(method, path, { json: {} })).body.code).toBe('step-up-needed');
  });
});
