/** A hub and the devices that joined it, for tests of identity: what begins in it ends with it. */
import { toBase64url } from '#roadchain/bytes.ts';
import { keyOf } from '#roadchain/device-state.ts';
import type { UpAnswer } from '#roadchain/messages.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { signProof } from '#roadchain/proofs.ts';
import { eventually, startTestHub, type TestAnchor, type TestHub, type TestReply } from '../test-anchor.ts';
import { TestDevice, type TestDeviceOptions } from './test-device.ts';

/** Nothing takes long, and no key changes but when a test wants it. */
const ENV = { SCOREWALL_IDENTITY_SETTLE_SECONDS: '0.05', SCOREWALL_IDENTITY_ROTATE_SECONDS: '0' };

export class TestIdentityHub {
  readonly hub: TestHub;
  /** Who is asked. A test may put another one in its place. */
  anchor: TestAnchor;
  readonly devices: TestDevice[] = [];

  static async start(env: Record<string, string> = {}): Promise<TestIdentityHub> {
    return new TestIdentityHub(await startTestHub({ env: { ...ENV, ...env } }));
  }

  private constructor(hub: TestHub) {
    this.hub = hub;
    this.anchor = hub.first;
  }

  get options(): TestDeviceOptions {
    return { hubUrl: this.anchor.url, natsUrl: this.hub.nats.url };
  }

  get ledgerSize(): number {
    return this.anchor.anchor.hub.identity.ledger.tree.size;
  }

  async stop(): Promise<void> {
    await Promise.all(this.devices.map((device) => device.stop()));
    await this.hub.stop();
  }

  post = (path: string, json: object = {}): Promise<TestReply> => this.anchor.call('POST', path, { json });
  token = async (json: object = {}): Promise<string> => (await this.post('/join-tokens', json)).body.token;
  identityOf = async (name: string) => (await this.anchor.call('GET', `/devices/${name}/identity`)).body;
  standingOf = async (name: string) => (await this.identityOf(name)).standing;

  /** To be ended with the hub. */
  kept<T extends TestDevice>(device: T): T {
    this.devices.push(device);
    return device;
  }

  async joined(json: object = {}, hostname?: string): Promise<TestDevice> {
    return this.kept(await TestDevice.join(this.options, await this.token(json), hostname));
  }

  async started(json: object = {}): Promise<TestDevice> {
    const device = await this.joined(json);
    await device.start();
    await ticks(device);
    return device;
  }

  async rotate(device: TestDevice): Promise<void> {
    const before = device.epoch;
    await this.post(`/devices/${device.name}/rotate`);
    await eventually(async () => device.epoch === before + 1 && isLive(device), `${device.name} has its next key`);
  }
}

/** How often it ticked since it proved itself last; -1: it did not. */
export const ticksOf = ({ phase }: TestDevice): number => (phase.kind === 'live' ? phase.n : -1);
export const isLive = (device: TestDevice): boolean => ticksOf(device) >= 0;
export const ticks = (device: TestDevice) => eventually(async () => ticksOf(device) > 0, `${device.name} ticks`);

/** Shows the key it has, as an agent that starts does. */
export async function contact(device: TestDevice): Promise<UpAnswer> {
  const challenge = await device.ask({ op: 'hello', epoch: device.epoch, head: device.head });
  if (challenge.op !== 'challenge') return challenge;
  const proof = { head: device.head, an: challenge.an, session: toBase64url(nodeCrypto.random(32)) };
  const sig = signProof(nodeCrypto, keyOf(nodeCrypto, device.state.committed!), 'prove', proof);
  return device.ask({ op: 'prove', ...proof, sig });
}
