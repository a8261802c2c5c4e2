import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import { headers, jwtAuthenticator, type Msg, type NatsConnection, nkeys } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { BUCKET, bucketStream, STREAM } from '#contracts/buckets.ts';
import { subjects } from '#contracts/subjects.ts';
import { connectNats } from './connect.ts';
import { encodeUserJwt, formatCreds } from './jwt.ts';
import { mintDevice, mintPerson } from './mint.ts';
import { createNkey } from './nkey.ts';
import { HUB_ID } from './permission-table.ts';
import { provisionFleet } from './provision.ts';
import { startTestNats, type TestNats } from './test-server.ts';

const WITHIN = { timeout: 60_000, interval: 20 };

let nats: TestNats;
let hub: NatsConnection;
let mallory: NatsConnection;
let bob: NatsConnection;
let manager: JetStreamManager;
let desired: KV;
let status: KV;

beforeAll(async () => {
  nats = await startTestNats();
  hub = await nats.connectAs('anchor');
  await provisionFleet(hub);
  manager = await jetstreamManager(hub);
  desired = await new Kvm(hub).open(BUCKET.desiredState);
  status = await new Kvm(hub).open(BUCKET.status);
  [mallory, bob] = (await Promise.all(['mallory', 'bob'].map(connectDevice))) as [NatsConnection, NatsConnection];
});

afterAll(async () => {
  await Promise.all([hub, mallory, bob].map((connection) => connection?.close()));
  await nats?.stop();
});

beforeEach(async () => {
  await desired.put('mallory.hello', 'for mallory');
  await desired.put('bob.hello', 'for bob');
  await (await new Kvm(hub).open(BUCKET.users)).put('owner', 'a person');
  await report(bob, 'bob', 'bob is well');
});

const connectDevice = (name: string) =>
  connectNats({
    servers: nats.url,
    creds: mintDevice(nats.keys, name).creds,
    name,
    inboxPrefix: subjects.inbox(name),
    firstConnect: 'fail',
  });

async function report(device: NatsConnection, name: string, text: string): Promise<void> {
  const before = (await status.get(name))?.revision ?? 0;
  device.publish(subjects.status(name), text);
  await vi.waitFor(async () => {
    const entry = await status.get(name);
    expect(entry?.revision).toBeGreaterThan(before);
    expect(entry?.string()).toBe(text);
  }, WITHIN);
}

/** Everything that was sent before has been dealt with once the hub has seen this report. */
let round = 0;
const settle = () => report(mallory, 'mallory', `round ${++round}`);

async function streamNames(): Promise<string[]> {
  const names: string[] = [];
  for await (const name of manager.streams.names()) names.push(name);
  return names;
}

function hear(connection: NatsConnection, subject: string): Msg[] {
  const heard: Msg[] = [];
  connection.subscribe(subject, { callback: (_, message) => void heard.push(message) });
  return heard;
}

describe('a device that turned bad', () => {
  it.each(['all', 'sub'])('cannot wipe the reports with a rollup header (%s)', async (scope) => {
    const rollup = headers();
    rollup.set('Nats-Rollup', scope);
    mallory.publish(subjects.status('mallory'), 'wipe', { headers: rollup });
    mallory.publish(subjects.event('mallory'), 'wipe', { headers: rollup });
    await settle();
    expect((await status.get('bob'))?.string()).toBe('bob is well');
    expect((await status.get('mallory'))?.string()).toBe(`round ${round}`);
  });

  it('cannot write a bucket', async () => {
    for (const key of ['$KV.desired-state.mallory.evil', '$KV.desired-state.bob.evil', '$KV.status.bob', '$KV.desired-index.bob'])
      mallory.publish(key, 'evil');
    await settle();
    expect(await desired.get('mallory.evil')).toBeNull();
    expect(await desired.get('bob.evil')).toBeNull();
    expect((await status.get('bob'))?.string()).toBe('bob is well');
  });

  it('S8 cannot make a consumer that delivers to another device', async () => {
    const heard = hear(bob, 'device.bob.rpc.>');
    await bob.flush();
    const config = {
      deliver_subject: 'device.bob.rpc.exec.evil',
      filter_subject: '$KV.desired-state.mallory.>',
      deliver_policy: 'all',
      ack_policy: 'none',
    };
    const request = JSON.stringify({ stream_name: bucketStream(BUCKET.desiredState), config });
    mallory.publish('$JS.API.CONSUMER.CREATE.KV_desired-state', request);
    mallory.publish('$JS.API.CONSUMER.CREATE.KV_desired-state.evil.$KV.desired-state.mallory.>', request);
    await settle();
    await bob.flush();
    expect(heard).toEqual([]);
    expect((await manager.streams.info(bucketStream(BUCKET.desiredState))).state.consumer_count).toBe(0);
  });

  it.each([
    ['its own key', 'hello'],
    ['a key that is not there', 'nothing'],
  ])('cannot have the storage answer a question for %s on a subject of its choice', async (_, deployment) => {
    const before = await streamNames();
    for (const reply of [
      '$JS.API.STREAM.DELETE.KV_deployments',
      '$JS.API.STREAM.PURGE.KV_users',
      '$KV.desired-state.bob.evil',
      '$KV.desired-state.bob.hello',
      '$KV.desired-index.bob',
      subjects.status('bob'),
      subjects.event('bob'),
      subjects.getDesired('bob', 'hello'),
    ])
      mallory.publish(subjects.getDesired('mallory', deployment), '', { reply });
    // An answered request of the same connection: all answers before it are out.
    await mallory.request(subjects.getDesired('mallory', 'hello'), '', { timeout: 60_000 });
    await settle();
    expect(await streamNames()).toEqual(before);
    expect((await (await new Kvm(hub).open(BUCKET.users)).get('owner'))?.string()).toBe('a person');
    expect(await desired.get('bob.evil')).toBeNull();
    expect((await desired.get('bob.hello'))?.string()).toBe('for bob');
    expect((await status.get('bob'))?.string()).toBe('bob is well');
    expect(
      (await manager.streams.info(STREAM.events, { subjects_filter: subjects.event('bob') })).state.subjects,
    ).toBeUndefined();
  });

  it('S9 gets no acknowledgement of a report or an event that it could send elsewhere', async () => {
    const heard = hear(hub, subjects.inbox(HUB_ID).concat('.evil'));
    await hub.flush();
    for (const reply of ['_INBOX.hub.evil', '$JS.API.STREAM.PURGE.KV_users', '$KV.desired-state.bob.evil']) {
      mallory.publish(subjects.status('mallory'), 'x', { reply });
      mallory.publish(subjects.event('mallory'), 'x', { reply });
    }
    await settle();
    await hub.flush();
    expect(heard).toEqual([]);
    expect((await (await new Kvm(hub).open(BUCKET.users)).get('owner'))?.string()).toBe('a person');
    expect(await desired.get('bob.evil')).toBeNull();
  });

  it('S10 can at most make the storage say to another device what it could read itself, as no request', async () => {
    const heard = hear(bob, 'device.bob.rpc.>');
    await bob.flush();
    mallory.publish(subjects.getDesired('mallory', 'hello'), '', { reply: 'device.bob.rpc.exec.evil' });
    await vi.waitFor(() => expect(heard).toHaveLength(1), WITHIN);
    // An agent answers only requests whose reply is the asker's inbox; this one has none.
    expect(heard[0]!.reply).toBeFalsy();
    expect(heard[0]!.string()).toBe('for mallory');
  });

  it('S7 does not learn what other devices there are', async () => {
    const listing = JSON.stringify({ subjects_filter: '>' });
    for (const subject of ['$JS.API.STREAM.INFO.KV_desired-state', '$JS.API.STREAM.NAMES', '$JS.API.INFO'])
      await expect(mallory.request(subject, listing, { timeout: 60_000 })).rejects.toThrow(/Permissions Violation/);
    await expect(mallory.request(subjects.getDesired('bob', 'hello'), '', { timeout: 60_000 })).rejects.toThrow(
      /Permissions Violation/,
    );
  });

  it.each(['>', '*.>', 'desired-state.*.>', 'status.*', '_INBOX.>', '_INBOX.*.>', '_INBOX.bob.>', 'wall.>', '$JS.>', '$KV.>'])(
    'cannot listen to %s, in a queue group or not',
    async (subject) => {
      const errors: Error[] = [];
      const callback = (error: Error | null) => {
        if (error) errors.push(error);
      };
      const open = [mallory.subscribe(subject, { callback }), mallory.subscribe(subject, { queue: 'evil', callback })];
      await mallory.flush();
      for (const subscription of open) subscription.unsubscribe();
      expect(errors).toHaveLength(2);
    },
  );

  it('hears more than a trailing star grants, and still only its own', async () => {
    const errors: Record<string, boolean> = {};
    for (const subject of ['term.mallory.*.in.>', 'term.bob.*.in.>'])
      mallory.subscribe(subject, {
        callback: (error) => {
          errors[subject] = error !== null;
        },
      });
    await mallory.flush();
    expect(errors).toEqual({ 'term.bob.*.in.>': true });
  });

  it('cannot sign in with a list of its own, even with the key that signs devices', async () => {
    const user = createNkey('user');
    const { key, account } = nats.keys.device;
    const jwt = encodeUserJwt({ publicKey: user.publicKey, name: 'mallory', account, permissions: {} }, key);
    const creds = formatCreds(jwt, user.seed);
    await expect(
      connectNats({ servers: nats.url, creds, name: 'evil', inboxPrefix: '_INBOX.mallory', firstConnect: 'fail' }),
    ).rejects.toThrow(/Authorization Violation/);
  });
});

describe('a browser', () => {
  const connectViewer = (ttlMs: number) => {
    const user = nkeys.createUser();
    const { jwt, inboxPrefix } = mintPerson(
      nats.keys,
      { kind: 'operator', uid: 'ada_0123456789abcdef01234567' },
      { publicKey: user.getPublicKey(), ttlMs },
    );
    return connect({ servers: nats.url, inboxPrefix, authenticator: jwtAuthenticator(jwt, user.getSeed()), reconnect: false });
  };

  it('S14 sees the wall and can neither forge it nor write what devices run', async () => {
    const viewer = await connectViewer(60_000);
    const heard = hear(viewer, subjects.wall.status);
    await viewer.flush();
    for (const subject of [
      '$KV.desired-state.bob.evil',
      'desired-state.bob.evil',
      'status.bob',
      'wall.status.bob',
      '$KV.deployments.evil',
    ])
      viewer.publish(subject, 'evil');
    await viewer.flush();
    await report(bob, 'bob', 'bob is fine');
    await vi.waitFor(() => expect(heard.map((message) => message.string())).toEqual(['bob is fine']), WITHIN);
    expect(await desired.get('bob.evil')).toBeNull();
    await viewer.close();
  });

  it('is cut when its time is over', async () => {
    // Its last second has begun with it: a busy machine may need another one to connect in time.
    const viewer = await vi.waitFor(() => connectViewer(1_500), WITHIN);
    await viewer.closed();
    await expect(connectViewer(-1_000)).rejects.toThrow(/Authorization Violation|expired/i);
  });
});
