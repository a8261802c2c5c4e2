import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renewLocalToken } from '../auth/local-access.ts';
import { connectNats } from '../nats/connect.ts';
import { startTestCluster, type TestCluster, type TestNode } from '../nats/test-cluster.ts';
import { startAnchor } from '../start-anchor.ts';
import { eventually, TestAnchor } from '../test-anchor.ts';
import { TestDevice } from './test-device.ts';

const LONG = 180_000;

let cluster: TestCluster;
let anchor: TestAnchor;
let device: TestDevice;
let token: string;

beforeAll(async () => {
  cluster = await startTestCluster();
  const { home, keys, urls } = cluster;
  const settings = {
    home,
    listen: '127.0.0.1:0',
    publicNatsUrls: urls.split(','),
    log: pino({ level: process.env.TEST_LOG ?? 'silent' }),
  };
  const started = await startAnchor({ ...settings, env: { SCOREWALL_NATS_URL: urls, SCOREWALL_NATS_REPLICAS: '3' } });
  const servers = urls.split(',');
  const admin = await connectNats({
    servers,
    credsFile: keys.creds.admin,
    name: 'test',
    inboxPrefix: '_INBOX.admin',
    firstConnect: 'fail',
  });
  anchor = new TestAnchor(started, await renewLocalToken(admin));
  await admin.close();
}, LONG);

afterAll(async () => {
  await device?.stop();
  await anchor?.stop();
  await cluster?.stop();
});

/** With the key and the credentials it had. */
const isRefused = (node: TestNode) =>
  device.connect(node.url).then(
    (nc) => nc.close().then(() => false),
    (error: Error) => /Authorization Violation/.test(error.message),
  );

describe('a cluster of three, of which one node is down', () => {
  it('keeps a device out that was on that node, everywhere', { timeout: LONG }, async () => {
    const [first, ...others] = cluster.nodes as [TestNode, ...TestNode[]];
    const urls = [first.url, ...others.map(({ url }) => url)];
    const made = await eventually(async () => {
      const reply = await anchor.call('POST', '/join-tokens', { json: { name: 'octavia' } });
      return reply.status === 201 && reply;
    }, 'a token is made');
    token = made.body.token;
    device = await TestDevice.join({ hubUrl: anchor.url, natsUrl: urls }, token);
    await device.start();
    await eventually(async () => device.phase.kind === 'live', 'it ticks');
    await first.kill();
    await eventually(() => device.reconnect().then(() => true), 'it is back over another node');
    const closed = device.nc!.closed();
    // A node that died may have led storage: until another does, a press may be refused and is made again.
    const { body } = await eventually(
      async () => {
        const reply = await anchor.call('POST', '/devices/octavia/keep-out', { json: {} });
        return reply.status === 200 && reply;
      },
      'it is kept out',
      60_000,
    );
    await closed;
    expect(body.off).toEqual([]);
    for (const node of others) expect(await isRefused(node)).toBe(true);
    expect(await device.ask({ op: 'hello', epoch: device.epoch, head: device.head })).toMatchObject({ code: 'kept-out' });
    const { device: again, secret } = TestDevice.fresh({ hubUrl: anchor.url, natsUrl: urls }, token);
    // Other streams may still choose their leader.
    const said = await eventually(async () => {
      const answer = await again.enrol(secret).then(
        ({ state }) => state,
        (error: Error) => error.message,
      );
      return !answer.startsWith('503') && answer;
    }, 'it is answered');
    expect(said).toMatch(/^403 /);
    await first.start();
    // It has not heard of the verdict, and may let it in: then it is told at once, and cuts it.
    const letIn = await device.connect(first.url).catch(() => undefined);
    await letIn?.closed();
    await eventually(() => isRefused(first), 'the node that comes back refuses it too');
  });
});
