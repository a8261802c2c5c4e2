import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { DeviceIdentity, NewJoin } from '#contracts/api-identity.ts';
import { toBase64url } from '#roadchain/bytes.ts';
import { encodeJoinToken, parseJoinToken } from '#roadchain/join-token.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { startTestHub, type TestHub } from '#server/test-anchor.ts';
import { TestDevice } from './test-device.ts';

const WAITING = { timeout: 30_000, interval: 30 };
const HEAD = { SCOREWALL_IDENTITY_SETTLE_SECONDS: '0.05', SCOREWALL_IDENTITY_RETIRE_SECONDS: '5' };

let hub: TestHub;
let count = 0;
const devices: TestDevice[] = [];

const keep = (device: TestDevice): TestDevice => {
  devices.push(device);
  return device;
};
const newDevice = async () => keep(await TestDevice.create(`octo-${process.pid}-${++count}`));

async function newToken(body: object = {}, path = '/join-tokens'): Promise<string> {
  const reply = await hub.first.call('POST', path, { json: body });
  expect(reply.status, reply.text).toBe(201);
  return NewJoin.parse(reply.body).token;
}

async function newMember(): Promise<TestDevice> {
  const device = await newDevice();
  device.start({ token: await newToken() });
  await isConnected(device);
  return device;
}

const isConnected = (device: TestDevice, times = 1) =>
  vi.waitFor(
    () => expect(device, device.lines.at(-1)).toSatisfy(() => device.connection !== undefined && device.attached >= times),
    WAITING,
  );
const identityOf = async ({ name }: TestDevice) =>
  DeviceIdentity.parse((await hub.first.call('GET', `/devices/${name}/identity`)).body);
const linksOf = async (device: TestDevice): Promise<number> =>
  (await identityOf(device)).entries.filter(({ entry }) => (entry as { kind: string }).kind === 'link').length;
const rotate = async (device: TestDevice) => {
  const reply = await hub.first.call('POST', `/devices/${device.name}/rotate`, { json: {} });
  expect(reply.status, reply.text).toBe(200);
};
const hasEpoch = (device: TestDevice, epoch: number) =>
  vi.waitFor(async () => expect(await device.epoch(), device.lines.slice(-3).join('')).toBe(epoch), WAITING);
const hasTrouble = (device: TestDevice, words: RegExp) =>
  vi.waitFor(() => expect(device.trouble, device.lines.slice(-3).join('')).toMatch(words), WAITING);
const isInPeace = async (device: TestDevice) => {
  await isConnected(device);
  await vi.waitFor(
    async () => expect(await identityOf(device)).toMatchObject({ standing: 'active', epoch: await device.epoch() }),
    WAITING,
  );
  await vi.waitFor(() => expect(device.trouble).toBeUndefined(), WAITING);
};

beforeAll(async () => {
  hub = await startTestHub({ env: HEAD });
});
afterAll(() => hub?.stop());
afterEach(async () => {
  await Promise.all(devices.splice(0).map((device) => device.remove()));
});

describe('a device', () => {
  it('joins by its token, and comes back without it', async () => {
    const device = await newMember();
    expect(await identityOf(device)).toMatchObject({ source: 'roadchain', standing: 'active', epoch: 0 });
    await device.stop();
    device.start();
    await isConnected(device, 2);
    await vi.waitFor(async () => expect((await identityOf(device)).lastTickAt).toBeDefined(), WAITING);
    expect(await linksOf(device)).toBe(1);
  });

  it('comes back while the hub is away, with what it was given before', async () => {
    const device = await newMember();
    const { port } = new URL(hub.first.url);
    await hub.first.stop();
    try {
      await device.stop();
      device.start();
      await isConnected(device, 2);
    } finally {
      hub.first = await hub.another({ listen: `127.0.0.1:${port}` });
    }
    await isInPeace(device);
  });

  it('waits for somebody to compare the words, and says them', async () => {
    const device = await newDevice();
    device.start({ token: await newToken({ approval: true }) });
    const joins = async () => (await hub.first.call('GET', '/join-tokens')).body.items as { tid: string; words?: string }[];
    const waiting = await vi.waitFor(async () => {
      const found = (await joins()).find(({ words }) => words !== undefined && device.lines.join('').includes(words));
      expect(found).toBeDefined();
      return found!;
    }, WAITING);
    expect(device.attached).toBe(0);
    expect((await hub.first.call('POST', `/join-tokens/${waiting.tid}/approve`, { json: {} })).status).toBe(200);
    await isConnected(device);
  });

  it('takes its next key when it is asked, over a connection that stands before the old one ends', async () => {
    const device = await newMember();
    const before = await device.state();
    for (let epoch = 1; epoch <= 3; epoch++) {
      await rotate(device);
      await hasEpoch(device, epoch);
      await isConnected(device, epoch + 1);
    }
    await isInPeace(device);
    expect(await linksOf(device)).toBe(4);
    const after = await device.state();
    expect(after?.chain?.links).toHaveLength(4);
    expect(JSON.stringify(after)).not.toContain(before!.chain!.seed);
    expect(device.lines.join('')).not.toContain('refuses this device');
  });

  it('S18 joins once, wherever the power was cut while it joined', async () => {
    for (const cutAt of [
      'enrol:before-pending',
      'slot:aside',
      'slot:first-slot',
      'enrol:pending',
      'enrol:answered',
      'enrol:kept',
      'enrol:token',
    ]) {
      const device = await newDevice();
      const token = await newToken();
      device.start({ token, cutAt });
      await vi.waitFor(() => expect(device.isDead, `${cutAt} after ${device.passed}`).toBe(true), WAITING);
      await device.stop();
      device.start({ token });
      await isInPeace(device);
      expect(await linksOf(device), cutAt).toBe(1);
    }
  });

  it('S17 is told that its token was used by another, which is looked at by a person before it gets its next key', async () => {
    const token = await newToken();
    const first = await newDevice();
    first.start({ token });
    await isConnected(first);
    const second = await newDevice();
    second.start({ token });
    await hasTrouble(second, /token was used by another device/);
    expect(second.attached).toBe(0);
    await isConnected(first);
    await vi.waitFor(async () => expect((await identityOf(first)).standing).toBe('contested'), WAITING);
    expect((await hub.first.call('POST', `/devices/${first.name}/clear`, { json: {} })).status).toBe(204);
    await hasEpoch(first, 1);
    // Who goes on trying does not undo what a person decided.
    await second.stop();
    second.start({ token });
    await hasTrouble(second, /token was used by another device/);
    await isInPeace(first);
  });

  it('S19 is told what is wrong with a token of nobody', async () => {
    const token = await newToken();
    const device = await newDevice();
    device.start({ token: `${token.slice(0, -43)}${toBase64url(nodeCrypto.random(32))}` });
    await hasTrouble(device, /not the one it says it is/);
    await device.stop();
    device.start({ token: 'rcj1.nonsense' });
    await hasTrouble(device, /This is no join token/);
    expect((await device.state())?.chain).toBeUndefined();
  });

  it('S20 refuses a hub that has another key than the one its token names', async () => {
    const { token, secret } = parseJoinToken(await newToken())!;
    const device = await newDevice();
    const other = toBase64url(nodeCrypto.publicKey(nodeCrypto.random(32)));
    device.start({ token: encodeJoinToken({ ...token, anchor: other }, secret) });
    await vi.waitFor(() => expect(device.lines.join('')).toMatch(/not the hub that the join token names/), WAITING);
    expect((await device.state())?.chain).toBeUndefined();
    expect(device.attached).toBe(0);
  });

  it('runs on with a damaged copy of its identity, and repairs it; with two it says that it is lost', async () => {
    const device = await newMember();
    await device.stop();
    await writeFile(join(device.stateDir, 'identity', 'b'), 'torn');
    device.start();
    await isConnected(device, 2);
    expect(device.lines.join('')).toContain('One of the two copies of the identity was damaged');
    await device.stop();
    for (const slot of ['a', 'b']) await writeFile(join(device.stateDir, 'identity', slot), 'torn');
    device.start();
    await hasTrouble(device, /identity of this device is lost/);
    await device.stop();
    // Kept out first: that is how a device that has nothing left comes back under its name.
    expect((await hub.first.call('POST', `/devices/${device.name}/keep-out`, { json: { confirm: device.name } })).status).toBe(
      200,
    );
    device.start({ token: await newToken({}, `/devices/${device.name}/take-back`) });
    await isInPeace(device);
    expect(await device.epoch()).toBe(1);
  });

  it('S35 that is kept out is told so by NATS, by the hub and with its old token, and comes back by a new one', async () => {
    const device = await newDevice();
    const token = await newToken();
    device.start({ token });
    await isConnected(device);
    expect((await hub.first.call('POST', `/devices/${device.name}/keep-out`, { json: {} })).status).toBe(200);
    await hasTrouble(device, /kept out of the fleet/);
    await vi.waitFor(() => expect(device.connection).toBeUndefined(), WAITING);
    await device.stop();
    const before = device.attached;
    device.start({ token });
    await hasTrouble(device, /kept out of the fleet/);
    expect(device.attached).toBe(before);
    const other = keep(await TestDevice.create(device.name));
    other.start({ token });
    await hasTrouble(other, /token/);
    expect(other.attached).toBe(0);
    await device.stop();
    device.start({ token: await newToken({}, `/devices/${device.name}/take-back`) });
    await isInPeace(device);
    expect(await device.epoch()).toBe(1);
  });

  it('S38 keeps its name: a state folder of another is not used', async () => {
    const device = await newMember();
    await device.stop();
    const other = await newDevice();
    await rm(other.stateDir, { recursive: true });
    const copy = keep(await device.copy(other.name));
    copy.start();
    await hasTrouble(copy, new RegExp(`identity in the state folder is of ${device.name}`));
    expect(copy.attached).toBe(0);
  });
});
