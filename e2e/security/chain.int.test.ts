/** What strangers, thieves and copies can do with the identity of a device: rows of the security table, on a real hub and a real bus. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBase64url } from '#roadchain/bytes.ts';
import { linkHash, proposeLink, readBody } from '#roadchain/chain.ts';
import { keyOf } from '#roadchain/device-state.ts';
import type { UpAnswer } from '#roadchain/messages.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { signProof } from '#roadchain/proofs.ts';
import { TestDevice, type TestDeviceOptions } from '#server/identity/test-device.ts';
import { eventually, startTestHub, type TestAnchor, type TestHub } from '#server/test-anchor.ts';

let hub: TestHub;
let anchor: TestAnchor;
let options: TestDeviceOptions;
const devices: TestDevice[] = [];
let count = 0;

const ENV = {
  SCOREWALL_IDENTITY_SETTLE_SECONDS: '0.05',
  SCOREWALL_IDENTITY_ROTATE_SECONDS: '0',
  SCOREWALL_IDENTITY_RETIRE_SECONDS: '2',
};

beforeAll(async () => {
  hub = await startTestHub({ env: ENV });
  anchor = hub.first;
  options = { hubUrl: anchor.url, natsUrl: hub.nats.url };
});
afterAll(async () => {
  await Promise.all(devices.map((device) => device.stop()));
  await hub.stop();
});

const kept = <T extends TestDevice>(device: T): T => {
  devices.push(device);
  return device;
};
const post = (path: string, json: object = {}) => anchor.call('POST', path, { json });
const token = async (json: object = {}): Promise<string> => (await post('/join-tokens', json)).body.token;
const identityOf = async (device: TestDevice) => (await anchor.call('GET', `/devices/${device.name}/identity`)).body;
const standingOf = async (device: TestDevice) => (await identityOf(device)).standing;
const ledgerSize = () => anchor.anchor.hub.identity.ledger.tree.size;
const alarms = async (device: TestDevice) =>
  (await anchor.call('GET', `/devices/${device.name}/events`)).body.items.filter(
    (event: { kind: string }) => event.kind === 'contested' || event.kind === 'identity-alarm',
  );
/** How often it ticked since it proved itself last. */
const ticksOf = ({ phase }: TestDevice): number => (phase.kind === 'live' ? phase.n : -1);
const isLive = (device: TestDevice) => ticksOf(device) >= 0;
const live = (device: TestDevice) => eventually(async () => ticksOf(device) > 0, `${device.name} ticks`);

async function joined(): Promise<TestDevice> {
  count += 1;
  return kept(await TestDevice.join(options, await token({ name: `device-${count}` })));
}
async function started(): Promise<TestDevice> {
  const device = await joined();
  await device.start();
  await live(device);
  return device;
}
async function rotate(device: TestDevice): Promise<void> {
  const before = device.epoch;
  await post(`/devices/${device.name}/rotate`);
  await eventually(async () => device.epoch === before + 1 && isLive(device), `${device.name} has its next key`);
}
/** Shows the key it has, as an agent that starts does. */
async function contact(device: TestDevice): Promise<UpAnswer> {
  const challenge = await device.ask({ op: 'hello', epoch: device.epoch, head: device.head });
  if (challenge.op !== 'challenge') return challenge;
  const proof = { head: device.head, an: challenge.an, session: toBase64url(nodeCrypto.random(32)) };
  const sig = signProof(nodeCrypto, keyOf(nodeCrypto, device.state.committed!), 'prove', proof);
  return device.ask({ op: 'prove', ...proof, sig });
}

describe('somebody with a join token', () => {
  it('S16 gets nowhere with it but to the enrolment', async () => {
    const text = await token({ name: 'elsewhere' });
    const secret = text.split('.')[2]!;
    for (const bearer of [text, secret])
      for (const [method, path] of [
        ['GET', '/wall'],
        ['GET', '/devices'],
        ['GET', '/join-tokens'],
        ['POST', '/join-tokens'],
        ['POST', '/nats-credentials'],
      ] as const) {
        const headers = { authorization: `Bearer ${bearer}` };
        const reply = await anchor.raw(method, path, { headers, ...(method === 'POST' ? { json: {} } : {}) });
        expect([path, reply.status]).toEqual([path, 401]);
      }
    expect(JSON.stringify((await anchor.call('GET', '/join-tokens')).body)).not.toContain(secret);
  });

  it('S17 that was used is refused with another key, the alarm is told, and the device waits for a person', async () => {
    const text = await token({ name: 'shellfish' });
    const device = kept(await TestDevice.join(options, text));
    const { device: thief, secret } = TestDevice.fresh(options, text);
    await expect(thief.enrol(secret)).rejects.toThrow(/410/);
    expect(await standingOf(device)).toBe('contested');
    await eventually(async () => (await alarms(device)).length > 0, 'the alarm');
    const { body } = await anchor.call('GET', '/wall');
    expect(body.devices.find((one: { device: { name: string } }) => one.device.name === 'shellfish').device.standing).toBe(
      'contested',
    );
    await post('/devices/shellfish/clear');
    expect(await standingOf(device)).toBe('active');
  });

  it('S17 before it was approved freezes it: both wait, and only the first can be let in', async () => {
    const text = await token({ name: 'waiting', approval: true });
    const { device, secret } = TestDevice.fresh(options, text);
    const first = await device.enrol(secret);
    expect(first).toMatchObject({ state: 'waiting', words: expect.stringMatching(/^\w+( \w+){3}$/) });
    await expect(TestDevice.fresh(options, text).device.enrol(secret)).rejects.toThrow(/410/);
    const [join] = (await anchor.call('GET', '/join-tokens')).body.items;
    expect(join).toMatchObject({ stage: 'approval', words: (first as { words: string }).words });
    expect((await post(`/join-tokens/${join.tid}/approve`)).status).toBe(200);
    expect(await kept(device).enrol(secret)).toMatchObject({ state: 'enrolled', device: 'waiting' });
  });

  it('S18 and the same key, twice, hears the same twice: the power may go in between', async () => {
    const { device, secret } = TestDevice.fresh(options, await token({ name: 'twice' }));
    const before = device.copy();
    const [one, other] = [await device.enrol(secret), await before.enrol(secret)];
    expect(one).toMatchObject({ state: 'enrolled' });
    expect((one as { link: unknown }).link).toEqual((other as { link: unknown }).link);
    expect((await identityOf(device)).entries).toHaveLength(1);
  });

  it('S19 that is over, of another fleet, for another name or with a wrong secret is refused', async () => {
    const text = await token({ name: 'right-name' });
    const { device, secret } = TestDevice.fresh(options, text);
    const other = toBase64url(nodeCrypto.random(32));
    await expect(device.enrol(other)).rejects.toThrow(/403 This join token is not the one/);
    const parts = text.split('.');
    const read = JSON.parse(Buffer.from(parts[1]!, 'base64url').toString());
    const written = (more: object) =>
      [parts[0], Buffer.from(JSON.stringify({ ...read, ...more })).toString('base64url'), parts[2]].join('.');
    await expect(TestDevice.fresh(options, written({ fleet: other })).device.enrol(secret)).rejects.toThrow(/another fleet/);
    expect(await TestDevice.fresh(options, written({ name: 'wrong-name' })).device.enrol(secret)).toEqual({
      state: 'again',
      device: 'right-name',
    });
    await anchor.call('DELETE', `/join-tokens/${read.tid}`);
    await expect(device.enrol(secret)).rejects.toThrow(/no such join token/);
  });

  it('S19 without a name takes none that is on the wall', async () => {
    const device = kept(await TestDevice.join(options, await token(), 'octavia'));
    const second = kept(await TestDevice.join(options, await token(), 'octavia'));
    expect([device.name, second.name]).toEqual(['octavia', 'octavia-2']);
  });
});

describe('a copy of a device', () => {
  it('S24 is found while both are online, and one tap resolves it', async () => {
    const device = await started();
    const copy = kept(device.copy());
    await copy.start();
    await eventually(async () => (await standingOf(device)) === 'contested', 'the copy is found', 30_000);
    // While both are connected nobody can say which one runs.
    expect((await post(`/devices/${device.name}/clear`)).status).toBe(409);
    await copy.stop();
    await eventually(async () => (await post(`/devices/${device.name}/clear`)).status === 204, 'one tap');
    // The key the copy has ends at once: whoever shows it later is only noted.
    await eventually(async () => device.epoch === 1 && isLive(device), 'the device has its next key');
    await eventually(async () => (await identityOf(device)).entries.length === 5, 'the older key is known lost');
    const size = ledgerSize();
    expect(await contact(copy)).toMatchObject({ op: 'refused', code: 'stale' });
    expect([await standingOf(device), ledgerSize()]).toEqual(['active', size]);
  });

  it('S25 that rotated while the original was off: the original is refused at its first contact, and both wait for a person', async () => {
    const device = await started();
    await device.stop();
    const [original, copy] = [kept(device.copy()), kept(device.copy())];
    await copy.start();
    await live(copy);
    await rotate(copy);
    expect(await contact(original)).toMatchObject({
      op: 'refused',
      code: 'stale',
      message: expect.stringContaining('second copy'),
    });
    expect(await standingOf(device)).toBe('contested');
    expect(await alarms(device)).toHaveLength(1);
    const recorded = async () =>
      (await anchor.call('GET', '/audit')).body.lines.find(
        (line: { action: string; target: string }) => line.action === 'device.contested' && line.target === device.name,
      );
    expect(await eventually(recorded, 'it is in the record')).toMatchObject({ user: 'hub', result: 'ok' });
  });

  it('S26 from before the last two links is refused with one alarm, and the device keeps working', async () => {
    const device = await started();
    const old = kept(device.copy());
    await rotate(device);
    await rotate(device);
    for (let time = 0; time < 3; time++) expect(await contact(old)).toMatchObject({ op: 'refused', code: 'stale' });
    expect(await standingOf(device)).toBe('contested');
    expect(await alarms(device)).toHaveLength(1);
    const ticks = ticksOf(device);
    await eventually(async () => ticksOf(device) > ticks + 1, 'the device still ticks');

    // S27: once a person has spoken, the same copy is only noted.
    await post(`/devices/${device.name}/clear`);
    await eventually(async () => device.epoch === 3 && isLive(device), 'the device has its next key');
    await eventually(async () => (await identityOf(device)).entries.length === 7, 'the older keys are known lost');
    const size = ledgerSize();
    expect(await contact(old)).toMatchObject({ op: 'refused', code: 'stale' });
    expect([await standingOf(device), ledgerSize()]).toEqual(['active', size]);
  });

  it('S27 after the device was taken back is refused and noted, and changes nothing', async () => {
    const device = await started();
    const old = kept(device.copy());
    await post(`/devices/${device.name}/keep-out`);
    const { body } = await post(`/devices/${device.name}/take-back`);
    const back = kept(await TestDevice.join(options, body.token));
    expect([back.name, back.epoch]).toEqual([device.name, 1]);
    await back.start();
    await live(back);
    const size = ledgerSize();
    expect(await contact(old)).toMatchObject({ op: 'refused', code: 'stale' });
    expect([await standingOf(back), ledgerSize()]).toEqual(['active', size]);
  });
});

describe('a forger', () => {
  const seed = (byte: number) => new Uint8Array(32).fill(byte);
  const proposal = (device: TestDevice, change: { head?: string; epoch?: number; dev?: string; oldSeed?: Uint8Array } = {}) => {
    const { fleet } = device.state;
    const { committed } = device.state;
    return proposeLink(nodeCrypto, {
      fleet,
      dev: change.dev ?? device.name,
      agent: 'x',
      at: new Date().toISOString(),
      previous: { head: change.head ?? device.head, epoch: change.epoch ?? device.epoch },
      oldSeed: change.oldSeed ?? new Uint8Array(Buffer.from(committed!.seed, 'base64url')),
      newSeed: seed(7),
      cause: 'operator',
      req: 'r',
      an: toBase64url(seed(9)),
    });
  };

  it('S28 adds no link: wrong place, skipped epoch, other device, no signature, an older key', async () => {
    const device = await joined();
    const good = proposal(device);
    const size = ledgerSize();
    const forged = {
      'wrong prev': proposal(device, { head: toBase64url(seed(1)) }),
      'epoch + 2': proposal(device, { epoch: device.epoch + 1 }),
      'other device': proposal(device, { dev: 'octavia' }),
      'no new signature': { ...good, sigNew: good.sigOld },
      'older key': proposal(device, { oldSeed: seed(3) }),
      'changed body': { ...good, body: good.body.replace('"req":"r"', '"req":"s"') },
    };
    for (const [what, link] of Object.entries(forged)) {
      const answer = await device.ask({ op: 'prepare', ...link });
      expect([what, answer.op]).toEqual([what, 'refused']);
    }
    expect([ledgerSize(), await standingOf(device)]).toEqual([size, 'active']);
  });

  it('S29 S30 two commits at once, and every message twice: one link, one receipt', async () => {
    const device = await joined();
    const link = proposal(device);
    const prepared = await Promise.all([1, 2].map(() => device.ask({ op: 'prepare', ...link })));
    const [first, second] = prepared;
    if (first?.op !== 'prepared' || second?.op !== 'prepared') throw new Error(JSON.stringify(prepared));
    expect(second.an).toBe(first.an);
    const size = ledgerSize();
    const hash = linkHash(nodeCrypto, link);
    const key = keyOf(nodeCrypto, { seed: toBase64url(seed(7)) });
    const sig = signProof(nodeCrypto, key, 'commit', { link: hash, an: first.an });
    const commit = { op: 'commit', link: hash, an: first.an, sig } as const;
    const committed = await Promise.all(Array.from({ length: 6 }, () => device.ask(commit)));
    committed.push(await device.ask({ op: 'prepare', ...link }));
    const links = new Set(committed.map((answer) => JSON.stringify(answer.op === 'committed' && answer.link)));
    expect([links.size, ledgerSize() - size]).toEqual([1, 1]);
    expect(readBody((committed[0] as { link: { body: string } }).link).epoch).toBe(1);
  });

  it('S29 two anchors at once seal one link', async () => {
    const other = await hub.another();
    const device = await joined();
    const elsewhere = device.copy();
    Object.assign(elsewhere, { options: { ...options, hubUrl: other.url } });
    const size = ledgerSize();
    await eventually(async () => other.anchor.hub.identity.ledger.tree.size === size, 'the other anchor has read the ledger');
    const link = proposal(device);
    const one = await device.ask({ op: 'prepare', ...link });
    if (one.op !== 'prepared') throw new Error(JSON.stringify(one));
    const hash = linkHash(nodeCrypto, link);
    const sig = signProof(nodeCrypto, keyOf(nodeCrypto, { seed: toBase64url(seed(7)) }), 'commit', { link: hash, an: one.an });
    const commit = { op: 'commit', link: hash, an: one.an, sig } as const;
    const answers = await Promise.all([device.ask(commit), elsewhere.ask(commit)]);
    expect(answers.map(({ op }) => op)).toEqual(['committed', 'committed']);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.op === 'committed' && answer.link))).size).toBe(1);
    expect(ledgerSize() - size).toBe(1);
    await other.stop();
  });
});

describe('a device that is kept out', () => {
  it('S35 is cut at once, and refused by NATS, by continue, by its old token; nothing is published for it', async () => {
    const text = await token({ name: 'stolen' });
    const { device, secret } = TestDevice.fresh(options, text);
    const before = device.copy();
    await kept(device).enrol(secret);
    await device.start();
    await live(device);
    const data = { services: [{ name: 'a', image: 'a:1', ports: [] }] };
    const json = {
      ...{ apiVersion: 'iot.nationtech.io/v1alpha1', kind: 'Deployment', metadata: { name: 'hello' } },
      spec: { targetDevices: ['stolen'], score: { type: 'PodmanV0', data } },
    };
    const put = await anchor.call('PUT', '/deployments/hello', { json, headers: { 'if-none-match': '*' } });
    expect(put.status).toBeLessThan(300);
    const { desired } = anchor.anchor.hub.fleet;
    await eventually(async () => desired.entries.has('stolen.hello'), 'its desired state');

    const { status, body } = await post('/devices/stolen/keep-out');
    expect([status, body.off]).toEqual([200, []]);
    expect(body.connections).toBeGreaterThan(0);
    expect(body.tookMs).toBeTypeOf('number');
    await eventually(async () => device.nc!.isClosed(), 'its connection is cut');
    await expect(device.connect()).rejects.toThrow(/Authorization/);
    expect(await contact(device)).toMatchObject({ op: 'refused', code: 'kept-out', sig: expect.any(String) });
    await expect(before.enrol(secret)).rejects.toThrow(/40[34]|410/);
    await eventually(async () => !desired.entries.has('stolen.hello'), 'nothing is published for it');
    expect(await standingOf(device)).toBe('kept-out');
  });
});

describe('a device that was away too long', () => {
  it('S36 is refused, and comes in when a person confirms it', async () => {
    const late = await hub.another({ env: { ...ENV, SCOREWALL_IDENTITY_ABSENCE_SECONDS: '1' } });
    const device = kept(await TestDevice.join({ ...options, hubUrl: late.url }, await token({ name: 'traveller' })));
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(await contact(device)).toMatchObject({ op: 'refused', code: 'absent' });
    expect(await standingOf(device)).toBe('contested');
    await late.call('POST', '/devices/traveller/clear', { json: {} });
    expect(await contact(device)).toMatchObject({ op: 'proved' });
    await late.stop();
  });
});
