import { parse } from 'smol-toml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, startTestHub, type TestAnchor, type TestHub } from '../test-anchor.ts';
import { connectDevice, running, TestBuckets, testManifest, testReport } from '../test-fleet.ts';

let hub: TestHub;
let anchor: TestAnchor;
let buckets: TestBuckets;

beforeAll(async () => {
  hub = await startTestHub();
  anchor = hub.first;
  buckets = new TestBuckets(hub.admin);
});
afterAll(() => hub.stop());

const add = (name: string, more: object = {}) => anchor.call('POST', '/devices', { json: { name, ...more } });
const remove = (name: string) => anchor.call('DELETE', `/devices/${name}`);

describe('a device', () => {
  it('is added with the two files to carry to it', async () => {
    const { status, body, headers } = await add('front-door', { labels: { role: 'gate' } });
    expect(status).toBe(201);
    expect(headers.get('etag')).toBe(`"${body.revision}"`);
    expect(body.device).toMatchObject({
      name: 'front-door',
      labels: { role: 'gate' },
      seat: 0,
      local: false,
      createdBy: 'owner',
    });
    expect(body.config.fileName).toBe('agent.toml');
    expect(parse(body.config.content)).toEqual({
      agent: { device_id: 'front-door' },
      credentials: { type: 'creds', file: 'front-door.creds' },
      nats: { urls: [hub.nats.url] },
    });
    // The whole form of a seed: three of its letters are now and then part of a public key.
    expect(body.creds.content).toMatch(/SU[A-Z2-7]{56}/);
    expect((await buckets.get('devices', 'front-door'))!.text).not.toMatch(/SU[A-Z2-7]{56}/);
    expect(await add('front-door')).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it('gets a seat of its own, also when many are added at once, and a freed one is given out again', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const replies = await Promise.all(names.map((name) => add(name)));
    expect(replies.map(({ status }) => status)).toEqual(names.map(() => 201));
    const seats = async () =>
      (await anchor.call('GET', '/devices')).body.items.map(({ device }: { device: { seat: number } }) => device.seat);
    expect(await seats()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const freed = replies.find(({ body }) => body.device.seat === 3)!;
    const { body } = await anchor.call('GET', `/devices/${freed.body.device.name}`);
    expect((await remove(body.device.name)).status).toBe(200);
    expect((await add('g')).body.device.seat).toBe(3);
  });

  it('keeps the labels of the first of two people', async () => {
    const { body } = await add('labelled');
    const label = (labels: object) =>
      anchor.call('PATCH', '/devices/labelled', { json: { labels }, headers: { 'if-match': `"${body.revision}"` } });
    const replies = await Promise.all([label({ site: 'bonn' }), label({ site: 'berlin' })]);
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 412]);
    const winner = replies.find(({ status }) => status === 200)!;
    const loser = replies.find(({ status }) => status === 412)!;
    expect(loser.body.current).toEqual(winner.body);
    expect(await label({ 'Bad Label': 'x' })).toMatchObject({ status: 422 });
  });

  it('shows what it reported and what happened on it', async () => {
    const { body } = await add('reporter');
    expect((await anchor.call('GET', '/devices/reporter/status')).status).toBe(404);
    const nc = await connectDevice(hub, 'reporter', body.creds.content);
    nc.publish('status.reporter', JSON.stringify(testReport('reporter', running('x', 1))));
    const at = new Date().toISOString();
    const event = { device: 'reporter', at, kind: 'started', service: 'hello', message: 'hello started.' };
    nc.publish('event.reporter', JSON.stringify({ ...event, device: 'front-door' }));
    nc.publish('event.reporter', '{"not": "an event"}');
    nc.publish('event.reporter', JSON.stringify(event));
    await eventually(async () => (await anchor.call('GET', '/devices/reporter/status')).status === 200, 'a report');
    await eventually(async () => (await anchor.call('GET', '/devices/reporter/events')).body.items.length > 0, 'an event');
    expect((await anchor.call('GET', '/devices/reporter/events')).body.items).toEqual([event]);
    const later = { ...event, kind: 'died', message: 'hello stopped.' };
    nc.publish('event.reporter', JSON.stringify(later));
    await eventually(async () => (await anchor.call('GET', '/wall')).body.events.length === 2, 'both events on the wall');
    expect((await anchor.call('GET', '/wall')).body.events).toEqual([event, later]);
    expect((await anchor.call('GET', '/status')).body.items).toHaveLength(1);
    const detail = await eventually(async () => {
      const { body: found } = await anchor.call('GET', '/devices/reporter');
      return found.presence.connected && found;
    }, 'connected');
    expect(detail).toMatchObject({ presence: { address: '127.0.0.1' }, status: { value: { device: 'reporter' } } });
    await nc.close();
  });

  it('speaks for itself only, whatever name it writes into its report', async () => {
    const { body } = await add('liar');
    await add('victim');
    const nc = await connectDevice(hub, 'liar', body.creds.content);
    nc.publish('status.liar', JSON.stringify(testReport('victim')));
    await eventually(async () => (await anchor.call('GET', '/devices/liar/status')).status === 200, 'a report');
    const names = async (path: string, field: string) =>
      (await anchor.call('GET', path)).body[field].map(({ value }: { value: { device: string } }) => value.device);
    for (const told of [await names('/wall', 'statuses'), await names('/status', 'items')]) {
      expect(told).toContain('liar');
      expect(told).not.toContain('victim');
    }
    expect((await anchor.call('GET', '/devices/victim/status')).status).toBe(404);
    await nc.close();
  });

  it('is cut off by a new key', async () => {
    const { body } = await add('rekeyed');
    const nc = await connectDevice(hub, 'rekeyed', body.creds.content);
    const closed = nc.closed();
    const renewed = await anchor.call('POST', '/devices/rekeyed/credentials', { json: {} });
    expect(renewed.status).toBe(200);
    expect(renewed.body.device).toMatchObject({ name: 'rekeyed', seat: body.device.seat });
    expect(renewed.body.device.publicKey).not.toBe(body.device.publicKey);
    await expect(connectDevice(hub, 'rekeyed', body.creds.content)).rejects.toThrow();
    await (await connectDevice(hub, 'rekeyed', renewed.body.creds.content)).close();
    await nc.close();
    await closed;
  });

  it('leaves nothing behind when it is removed, and its key is refused', async () => {
    const { body } = await add('leaver');
    const yaml = testManifest('for-leaver', 'targetDevices: [leaver]');
    await anchor.call('PUT', '/deployments/for-leaver', { yaml, headers: { 'if-none-match': '*' } });
    await buckets.put('desired-state', 'leaver.direct', '{"type":"PodmanV0","data":{"services":[]}}');
    const nc = await connectDevice(hub, 'leaver', body.creds.content);
    nc.publish('status.leaver', JSON.stringify(testReport('leaver')));
    await eventually(() => buckets.get('status', 'leaver'), 'a report');
    await eventually(async () => Object.keys((await buckets.index('leaver')) ?? {}).length === 2, 'both keys listed');
    const stale = await anchor.call('DELETE', '/devices/leaver', { headers: { 'if-match': `"${body.revision + 1}"` } });
    expect(stale.status).toBe(412);
    const reply = await anchor.call('DELETE', '/devices/leaver', { headers: { 'if-match': `"${body.revision}"` } });
    expect(reply).toMatchObject({ status: 200, body: { revoked: true, off: [] } });
    await nc.close();
    await expect(connectDevice(hub, 'leaver', body.creds.content)).rejects.toThrow();
    expect((await anchor.call('GET', '/devices/leaver')).status).toBe(404);
    // The controller acts on the same facts: what counts is where it all comes to rest.
    await eventually(async () => {
      const left = [
        await buckets.desired('leaver', 'for-leaver'),
        await buckets.desired('leaver', 'direct'),
        await buckets.get('status', 'leaver'),
      ];
      const listed = Object.keys((await buckets.index('leaver')) ?? {});
      return listed.length === 0 && left.every((one) => one === undefined);
    }, 'nothing left');
    expect((await anchor.call('GET', '/wall')).body.presence.map(({ device }: { device: string }) => device)).not.toContain(
      'leaver',
    );
  });
});
