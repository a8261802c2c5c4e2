import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, startTestHub, type TestAnchor, type TestHub } from './test-anchor.ts';
import { TestBuckets, testManifest, testScoreText } from './test-fleet.ts';

let hub: TestHub;
let buckets: TestBuckets;

beforeAll(async () => {
  hub = await startTestHub();
  buckets = new TestBuckets(hub.admin);
  await hub.first.call('POST', '/devices', { json: { name: 'alice' } });
});
afterAll(() => hub.stop());

let port = 9_000;
const create = (anchor: TestAnchor, name: string) => {
  port += 1;
  const yaml = testManifest(name, 'targetDevices: [alice]', { port });
  return anchor.call('PUT', `/deployments/${name}`, { yaml, headers: { 'if-none-match': '*' } });
};
const handedOver = (name: string) => eventually(() => buckets.desired('alice', name), `${name} handed over`);
const leaders = (anchors: readonly TestAnchor[]) => anchors.filter(({ anchor }) => anchor.hub.lease.held);

describe('several anchors', () => {
  it('have one leader, all answer, and the next one takes over', async () => {
    const second = await hub.another();
    const third = await hub.another();
    const all = [hub.first, second, third];
    await eventually(async () => leaders(all).length === 1, 'one leader');
    const follower = all.find(({ anchor }) => !anchor.hub.lease.held)!;
    await eventually(async () => (await follower.call('GET', '/readyz')).status === 200, 'a follower is ready');
    expect((await create(follower, 'by-follower')).status).toBe(201);
    await handedOver('by-follower');

    const leader = await eventually(async () => leaders(all)[0], 'a leader');
    await leader.stop();
    const rest = all.filter((one) => one !== leader);
    expect((await create(rest[0]!, 'after-leader')).status).toBe(201);
    await handedOver('after-leader');
    await eventually(async () => leaders(rest).length === 1, 'one leader of those who are left');

    for (const one of rest) await one.stop();
  });

  it('pick up where they left off after all were gone', async () => {
    const [name, text] = ['while-away', testScoreText('while-away', { port: 9_500 })];
    const last = JSON.parse((await buckets.get('deployments', 'by-follower'))!.text);
    last.metadata.name = name;
    last.spec.score = JSON.parse(text);
    await buckets.put('deployments', name, JSON.stringify(last));
    await buckets.delete('deployments', 'after-leader');
    const anchor = await hub.another();
    expect((await handedOver(name)).text).toBe(text);
    await eventually(async () => (await buckets.desired('alice', 'after-leader')) === undefined, 'the deleted one is gone');
    await eventually(async () => (await anchor.call('GET', '/readyz')).status === 200, 'it is ready');
    await anchor.stop();
  });
});

describe('a message bus that is killed', () => {
  it('is said to be silent while it is, and worked with when it is back', async () => {
    const anchor = await hub.another();
    await create(anchor, 'before');
    await handedOver('before');
    await hub.nats.kill();
    expect((await anchor.raw('GET', '/healthz')).status).toBe(200);
    const ready = await anchor.raw('GET', '/readyz');
    expect(ready.status).toBe(503);
    const silent = await anchor.call('GET', '/deployments');
    expect(silent.body).toMatchObject({ status: 503, code: 'unavailable' });
    await hub.nats.restart();
    await eventually(async () => (await anchor.call('GET', '/readyz')).status === 200, 'ready again', 60_000);
    expect((await create(anchor, 'afterwards')).status).toBe(201);
    await handedOver('afterwards');
    await eventually(async () => Object.keys((await buckets.index('alice')) ?? {}).includes('afterwards'), 'listed');
    expect((await anchor.call('GET', '/wall')).body.presenceKnown).toBe(true);
  });
});
