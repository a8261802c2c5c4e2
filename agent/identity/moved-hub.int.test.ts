import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { NewJoin } from '#contracts/api-identity.ts';
import { TcpGate } from '#e2e/stack/tcp-gate.ts';
import { startTestHub, type TestHub } from '#server/test-anchor.ts';
import { TestDevice } from './test-device.ts';

const WAITING = { timeout: 60_000, interval: 50 };

let hub: TestHub;
/** Where NATS was before, and where it is now. */
let before: TcpGate;
let now: TcpGate;
let device: TestDevice;
let count = 0;

const gateOf = (url: string) => TcpGate.open({ host: '127.0.0.1', port: Number(new URL(url).port) });
const urlOf = ({ host, port }: TcpGate) => `nats://${host}:${port}`;
const isConnectedTo = (gate: TcpGate) =>
  vi.waitFor(
    () => expect(device.connection?.getServer(), device.lines.slice(-3).join('')).toBe(`${gate.host}:${gate.port}`),
    WAITING,
  );

beforeAll(async () => {
  hub = await startTestHub();
  [before, now] = await Promise.all([gateOf(hub.nats.url), gateOf(hub.nats.url)]);
  const { port } = new URL(hub.first.url);
  await hub.first.stop();
  hub.first = await hub.another({ listen: `127.0.0.1:${port}`, publicNatsUrls: [urlOf(before)] });
});
afterEach(async () => {
  await device?.remove();
  await Promise.all([before?.open(), now?.open()]);
});
afterAll(async () => {
  await hub?.stop();
  await Promise.all([before?.shut(), now?.shut()]);
});

/** The same hub, which tells devices another address from now on. */
async function moveTo(gate: TcpGate): Promise<void> {
  const { port } = new URL(hub.first.url);
  await hub.first.stop();
  hub.first = await hub.another({ listen: `127.0.0.1:${port}`, publicNatsUrls: [urlOf(gate)] });
}
async function joined(): Promise<void> {
  device = await TestDevice.create(`nomad-${process.pid}-${++count}`);
  const reply = await hub.first.call('POST', '/join-tokens', { json: {} });
  device.start({ token: NewJoin.parse(reply.body).token });
}

it('a device follows its hub to another address, keeps the one before, and joins nowhere again', async () => {
  await moveTo(before);
  await joined();
  await isConnectedTo(before);
  await moveTo(now);
  await isConnectedTo(now);
  expect((await device.state())?.chain?.nats).toEqual({ urls: [urlOf(now)], before: { urls: [urlOf(before)] } });
  await before.shut();
  const { attached } = device;
  await device.stop();
  device.start();
  await isConnectedTo(now);
  expect(device.attached).toBeGreaterThan(attached);

  // Nothing is lost where the new address turns out to be wrong.
  await before.open();
  await now.shut();
  await isConnectedTo(before);
  await now.open();
});

it.each(['runs', 'is off'])(
  'a device that %s while its hub moves, and the address before ends at once, asks the hub over HTTP',
  async (what) => {
    await moveTo(before);
    await joined();
    await isConnectedTo(before);
    await device.stop();
    if (what === 'runs') {
      device.start({ awayMs: 500 });
      await isConnectedTo(before);
    }
    await before.shut();
    await moveTo(now);
    if (what === 'is off') device.start({ awayMs: 500 });
    await isConnectedTo(now);
    await before.open();
  },
);
