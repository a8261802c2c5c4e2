import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, startTestHub, type TestAnchor, type TestHub } from '../test-anchor.ts';
import { TestDevice, type TestDeviceOptions } from './test-device.ts';

let hub: TestHub;
let anchor: TestAnchor;
let options: TestDeviceOptions;
const devices: TestDevice[] = [];

beforeAll(async () => {
  hub = await startTestHub({
    env: {
      SCOREWALL_IDENTITY_SETTLE_SECONDS: '0.1',
      SCOREWALL_IDENTITY_ROTATE_SECONDS: '0',
      SCOREWALL_IDENTITY_RETIRE_SECONDS: '3',
    },
  });
  anchor = hub.first;
  options = { hubUrl: anchor.url, natsUrl: hub.nats.url };
});
afterAll(async () => {
  await Promise.all(devices.map((device) => device.stop()));
  await hub.stop();
});

const token = async (json: object = {}) => (await anchor.call('POST', '/join-tokens', { json })).body.token as string;
const identityOf = async (name: string) => (await anchor.call('GET', `/devices/${name}/identity`)).body;
async function joined(json: object = {}, hostname?: string): Promise<TestDevice> {
  const device = await TestDevice.join(options, await token(json), hostname);
  devices.push(device);
  return device;
}

describe('a device with a join token', () => {
  it('is in, connects, and proves itself', async () => {
    const device = await joined({ name: 'octavia', labels: { site: 'berlin' } });
    await device.start();
    await eventually(async () => device.phase.kind === 'live' && device.phase.n > 1, 'it ticks');
    const { body } = await anchor.call('GET', '/devices/octavia');
    expect(body.device).toMatchObject({ labels: { arch: 'arm64', site: 'berlin' }, createdBy: 'owner' });
    expect(await identityOf('octavia')).toMatchObject({ source: 'roadchain', standing: 'active', epoch: 0, head: device.head });
  });

  it('gets its next key when somebody asks, and its old one is refused', async () => {
    const device = devices[0]!;
    const old = device.copy();
    await anchor.call('POST', '/devices/octavia/rotate', { json: {} });
    await eventually(async () => device.epoch === 1, 'the next key');
    await eventually(async () => device.phase.kind === 'live', 'it ticks with the next key');
    expect(await identityOf('octavia')).toMatchObject({ epoch: 1, head: device.head });
    await eventually(async () => (await identityOf('octavia')).rotating === false, 'it is done');
    await eventually(
      async () =>
        old.connect().then(
          async (nc) => void (await nc.close()),
          () => true,
        ),
      'the old key is refused',
    );
  });
});
