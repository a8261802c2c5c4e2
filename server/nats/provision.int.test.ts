import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BUCKET, bucketStream, STREAM } from '#contracts/buckets.ts';
import { subjects } from '#contracts/subjects.ts';
import { connectNats } from './connect.ts';
import { forgetReport } from './forget-report.ts';
import { mintDevice } from './mint.ts';
import { provisionFleet } from './provision.ts';
import { FLEET_STREAMS } from './streams.ts';
import { startTestNats, type TestNats } from './test-server.ts';

const WITHIN = { timeout: 60_000, interval: 20 };
/** A request waits a second only, unless it is told. */
const PATIENT = { timeout: 60_000 };

let nats: TestNats;
let hub: NatsConnection;
let admin: NatsConnection;
let alice: NatsConnection;
let manager: JetStreamManager;

beforeAll(async () => {
  nats = await startTestNats();
  hub = await nats.connectAs('anchor');
  await provisionFleet(hub);
  admin = await nats.connectAs('admin');
  alice = await connectNats({
    servers: nats.url,
    creds: mintDevice(nats.keys, 'alice').creds,
    name: 'alice',
    inboxPrefix: subjects.inbox('alice'),
    firstConnect: 'fail',
  });
  manager = await jetstreamManager(hub);
});

afterAll(async () => {
  await Promise.all([hub, admin, alice].map((connection) => connection?.close()));
  await nats?.stop();
});

const open = (bucket: string): Promise<KV> => new Kvm(hub).open(bucket);

async function hear(connection: NatsConnection, subject: string): Promise<Msg[]> {
  const heard: Msg[] = [];
  connection.subscribe(subject, { callback: (_, message) => void heard.push(message) });
  await connection.flush();
  return heard;
}

describe('provisioning', () => {
  it('changes nothing the second time', async () => {
    expect(await provisionFleet(hub)).toEqual({ created: [], updated: [] });
  });

  it('brings a stream that somebody changed back to what it should be', async () => {
    const name = bucketStream(BUCKET.desiredState);
    const republish = { src: '$KV.desired-state.>', dest: 'desired-state.>' };
    await manager.streams.update(name, { republish: { ...republish, headers_only: true } });
    expect(await provisionFleet(hub)).toEqual({ created: [], updated: [name] });
    expect((await manager.streams.info(name)).config).toMatchObject({ republish });
    expect(await provisionFleet(hub)).toEqual({ created: [], updated: [] });
  });

  it('works side by side with another anchor', async () => {
    const name = bucketStream(BUCKET.leases);
    await admin.request(`$JS.API.STREAM.DELETE.${name}`, '', PATIENT);
    await Promise.all([provisionFleet(hub), provisionFleet(admin)]);
    expect((await manager.streams.info(name)).config.name).toBe(name);
  });

  it('makes streams that carry more consumers than the default of the server', async () => {
    for (const { name } of FLEET_STREAMS) expect((await manager.streams.info(name)).config.max_consumers, name).toBe(100_000);
  });

  it.each([STREAM.events, STREAM.audit])('makes %s append-only', async (name) => {
    await expect(manager.streams.purge(name)).rejects.toThrow(/not permitted/);
    await expect(manager.streams.deleteMessage(name, 1)).rejects.toThrow(/not permitted/);
  });
});

describe('a report', () => {
  it('is stored under the name of its device and shown on the wall', async () => {
    const seen = await hear(admin, subjects.wall.statusOf('alice'));
    const status = await open(BUCKET.status);
    const watched: string[] = [];
    const watch = await status.watch({ key: 'alice' });
    const watching = (async () => {
      for await (const entry of watch) watched.push(entry.string());
    })();
    alice.publish(subjects.status('alice'), 'first');
    alice.publish(subjects.status('alice'), 'second');
    await vi.waitFor(() => expect(seen.map((message) => message.string())).toEqual(['first', 'second']), WITHIN);
    // A bucket keeps the newest, so a watcher may miss the one before it.
    await vi.waitFor(() => expect(watched.at(-1)).toBe('second'), WITHIN);
    watch.stop();
    await watching;
    const entry = await status.get('alice');
    expect(entry?.string()).toBe('second');
    expect(Number(seen[1]!.headers?.get('Nats-Sequence'))).toBe(entry?.revision);
  });

  it('survives the sudden death of the server, and the next one still gets through', async () => {
    alice.publish(subjects.status('alice'), 'before');
    await vi.waitFor(async () => expect((await (await open(BUCKET.status)).get('alice'))?.string()).toBe('before'), WITHIN);
    await nats.kill();
    await nats.restart();
    await vi.waitFor(async () => expect((await (await open(BUCKET.status)).get('alice'))?.string()).toBe('before'), WITHIN);
    const seen = await vi.waitFor(() => hear(admin, subjects.wall.statusOf('alice')), WITHIN);
    await vi.waitFor(() => alice.flush(), WITHIN);
    alice.publish(subjects.status('alice'), 'after');
    await vi.waitFor(() => expect(seen.map((message) => message.string())).toEqual(['after']), WITHIN);
  });

  it('goes when the hub forgets the device', async () => {
    alice.publish(subjects.status('alice'), 'last words');
    const status = await open(BUCKET.status);
    await vi.waitFor(async () => expect((await status.get('alice'))?.string()).toBe('last words'), WITHIN);
    await forgetReport(hub, 'alice');
    expect((await status.get('alice'))?.operation).toBe('DEL');
    await forgetReport(hub, 'alice');
  });
});

describe('what a device should run', () => {
  it('reaches the device at once, whoever of the hub writes it', async () => {
    const hints = await hear(alice, subjects.desiredOf('alice'));
    await (await open(BUCKET.desiredState)).put('alice.hello', 'by the controller');
    await (await new Kvm(admin).open(BUCKET.desiredState)).put('alice.hello', 'by a script');
    await (await open(BUCKET.desiredState)).put('bob.hello', 'not for alice');
    await (await open(BUCKET.desiredState)).delete('alice.hello');
    await vi.waitFor(
      () => expect(hints.map((message) => message.string())).toEqual(['by the controller', 'by a script', '']),
      WITHIN,
    );
    expect(hints.map((message) => message.subject)).toEqual(Array(3).fill('desired-state.alice.hello'));
    expect(hints[2]!.headers?.get('KV-Operation')).toBe('DEL');
  });

  it('can be read by the device: its keys and its index, and what is not there is said to be absent', async () => {
    await (await open(BUCKET.desiredState)).put('alice.hello', 'score');
    await (await open(BUCKET.desiredIndex)).put('alice', 'index');
    const key = await alice.request(subjects.getDesired('alice', 'hello'), '', PATIENT);
    expect(key.string()).toBe('score');
    expect(key.headers?.get('Nats-Subject')).toBe('$KV.desired-state.alice.hello');
    expect((await alice.request(subjects.getDesiredIndex('alice'), '', PATIENT)).string()).toBe('index');
    expect((await alice.request(subjects.getDesired('alice', 'nothing'), '', PATIENT)).headers?.code).toBe(404);
  });
});

describe('the wall', () => {
  it('hears of every change of deployments, devices, events and presence', async () => {
    const heard = await hear(alice, subjects.inbox('alice').concat('.>'));
    const seen = await hear(admin, 'wall.>');
    await (await open(BUCKET.deployments)).put('hello', 'deployment');
    await (await open(BUCKET.deploymentStatus)).put('hello', 'its status');
    await (await open(BUCKET.devices)).put('alice', 'device');
    alice.publish(subjects.event('alice'), 'event');
    hub.publish(subjects.wall.presenceOf('alice'), 'presence');
    const expected = [
      'wall.deployment.hello deployment',
      'wall.deployment.hello.status its status',
      'wall.device.alice device',
      'wall.event.alice event',
      'wall.presence.alice presence',
    ];
    await vi.waitFor(
      () => expect(seen.map((message) => `${message.subject} ${message.string()}`).sort()).toEqual(expected),
      WITHIN,
    );
    expect(heard).toEqual([]);
  });

  it.each([BUCKET.users, BUCKET.sessions, BUCKET.leases, BUCKET.desiredIndex])('hears nothing of %s', async (bucket) => {
    expect((await manager.streams.info(bucketStream(bucket))).config.republish).toBeUndefined();
  });

  it('keeps sixty-four revisions of a deployment', async () => {
    expect(await (await open(BUCKET.deployments)).status()).toMatchObject({ history: 64 });
  });
});
