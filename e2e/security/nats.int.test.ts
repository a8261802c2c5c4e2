/** What anybody can do on the bus itself: rows of the security table, on a real nats-server beside a real hub. */
import { once } from 'node:events';
import { request as requestHttp } from 'node:http';
import { DiscardPolicy, jetstreamManager, StorageType } from '@nats-io/jetstream';
import { type NatsConnection, PermissionViolationError } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { STREAM } from '#contracts/buckets.ts';
import { subjects } from '#contracts/subjects.ts';
import { keyOf } from '#roadchain/device-state.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { TestDevice } from '#server/identity/test-device.ts';
import { TestIdentityHub } from '#server/identity/test-identity-hub.ts';
import { userKeyOf } from '#server/nats/nkey.ts';
import { PERMISSION_TABLE } from '#server/nats/permission-table.ts';
import { permissionsFor } from '#server/nats/permissions.ts';
import { eventually } from '#server/test-anchor.ts';

let fleet: TestIdentityHub;
/** The thief, and the one it is after. */
let alice: TestDevice;
let bob: TestDevice;

beforeAll(async () => {
  fleet = await TestIdentityHub.start();
  alice = await fleet.started({ name: 'alice' });
  bob = await fleet.started({ name: 'bob' });
});
afterAll(() => fleet?.stop());

/** The subjects that the server refused, of these. */
async function refused(nc: NatsConnection, what: 'publish' | 'subscribe', tried: readonly string[]): Promise<string[]> {
  const denied = new Set<string>();
  const status = nc.status();
  const listening = (async () => {
    for await (const event of status)
      if (event.type === 'error' && event.error instanceof PermissionViolationError) denied.add(event.error.subject);
  })();
  const subscriptions = tried.map((subject) => {
    if (what === 'publish') return nc.publish(subject, 'forged');
    return nc.subscribe(subject, {
      callback: (error) => {
        if (error) denied.add(subject);
      },
    });
  });
  await nc.flush();
  for (const subscription of subscriptions) subscription?.unsubscribe();
  (status as AsyncIterable<unknown> & { stop(): void }).stop();
  await listening;
  return tried.filter((subject) => denied.has(subject));
}

describe('anonymous', () => {
  it('S1 connects to nothing without a JWT', async () => {
    await expect(connect({ servers: fleet.hub.nats.url, reconnect: false })).rejects.toThrow(/Authorization/);
    await expect(connect({ servers: fleet.hub.nats.url, user: 'a', pass: 'b', reconnect: false })).rejects.toThrow(
      /Authorization/,
    );
  });

  const upgrade = async (origin: string | undefined): Promise<number> => {
    const url = new URL(fleet.hub.nats.wsUrl.replace('ws:', 'http:'));
    const asking = requestHttp(url, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        ...(origin === undefined ? {} : { origin }),
      },
    });
    asking.end();
    return new Promise((resolve, reject) => {
      asking.once('upgrade', (response, socket) => {
        socket.destroy();
        resolve(response.statusCode!);
      });
      asking.once('response', (response) => {
        response.resume();
        resolve(response.statusCode!);
      });
      asking.once('error', reject);
    });
  };

  it.each(['https://evil.example', 'http://127.0.0.1.evil.example', 'null', 'https://127.0.0.1:1'])(
    'S2 a page of %s opens no websocket',
    async (origin) => expect(await upgrade(origin)).toBe(403),
  );

  it('S3 a script without Origin opens one, and is refused without a JWT', async () => {
    expect(await upgrade(undefined)).toBe(101);
    const socket = new WebSocket(fleet.hub.nats.wsUrl);
    let text = '';
    socket.on('message', (data) => {
      text += String(data);
    });
    const closed = once(socket, 'close');
    await once(socket, 'open');
    socket.send('CONNECT {"verbose":false}\r\nPING\r\n');
    await closed;
    expect(text).toContain('Authorization Violation');
  });
});

describe('a device', () => {
  it('S4 hears nobody else', async () => {
    const others = [
      '>',
      '_INBOX.>',
      '_INBOX.bob.>',
      'device.bob.rpc.>',
      'rc.down.bob',
      'rc.up.*',
      'rc.>',
      'desired-state.bob.>',
      '$SYS.>',
      '$KV.>',
      'roadchain.>',
    ];
    expect(await refused(alice.nc!, 'subscribe', others)).toEqual(others);
  });

  it('S5 says nothing in the name of another, and nothing in the name of the hub', async () => {
    const before = JSON.stringify((await fleet.anchor.call('GET', '/devices/bob')).body.device);
    const others = [
      'status.bob',
      'event.bob',
      '$KV.status.bob',
      '$KV.devices.bob',
      'rc.up.bob',
      'rc.down.bob',
      'term.bob.00112233445566778899aabb.out',
      'roadchain.bob',
      'roadchain.alice',
      '$KV.identity.rotate.bob',
    ];
    expect(await refused(alice.nc!, 'publish', others)).toEqual(others);
    expect(JSON.stringify((await fleet.anchor.call('GET', '/devices/bob')).body.device)).toBe(before);
  });

  it('S6 S7 S8 reads nothing of another: no direct get, no message get, no consumer, no list of keys', async () => {
    const KV = 'KV_desired-state';
    const others = [
      `$JS.API.DIRECT.GET.${KV}.$KV.desired-state.bob.hello`,
      `$JS.API.DIRECT.GET.${KV}`,
      `$JS.API.STREAM.MSG.GET.${KV}`,
      `$JS.API.STREAM.MSG.GET.${STREAM.roadchain}`,
      `$JS.API.STREAM.INFO.${KV}`,
      `$JS.API.STREAM.INFO.${STREAM.roadchain}`,
      '$JS.API.STREAM.NAMES',
      '$JS.API.INFO',
      `$JS.API.CONSUMER.CREATE.${KV}`,
      `$JS.API.CONSUMER.CREATE.${KV}.mine`,
      `$JS.API.CONSUMER.CREATE.${KV}.mine.$KV.desired-state.alice.>`,
      `$JS.API.CONSUMER.DURABLE.CREATE.${KV}.mine`,
      `$JS.API.CONSUMER.MSG.NEXT.${KV}.theirs`,
      `$JS.API.DIRECT.GET.KV_desired-index.$KV.desired-index.bob`,
    ];
    expect(await refused(alice.nc!, 'publish', others)).toEqual(others);
  });

  it('S9 S10 has nobody answer where another listens: the hub says nothing there, the storage no word of the thief', async () => {
    const targets = ['device.bob.rpc.exec.alice', 'rc.down.bob', '_INBOX.bob.victim'];
    const heard: string[] = [];
    const nc = await bob.connect();
    for (const subject of targets)
      nc.subscribe(subject, {
        callback: (_, message) => {
          heard.push(message.string());
        },
      });
    await nc.flush();
    const hello = JSON.stringify({ op: 'hello', epoch: alice.epoch, head: alice.head });
    const questions = [
      'rc.up.alice',
      subjects.getDesired('alice', 'hello'),
      subjects.getDesiredIndex('alice'),
      'status.alice',
      'event.alice',
    ];
    for (const reply of targets) for (const question of questions) alice.nc!.publish(question, hello, { reply });
    // Questions of one device are answered one after the other: this one after those.
    await alice.request({ op: 'hello', epoch: alice.epoch, head: alice.head });
    await nc.flush();
    // The storage says what the hub wrote about the thief, or nothing. No word of the thief is in it, and none of the anchor.
    const index = JSON.stringify({ device: 'alice', keys: {} });
    expect(heard.filter((text) => text !== '' && text !== index)).toEqual([]);
    await nc.close();
  });

  it("S11 is not let in with another's JWT", async () => {
    const key = keyOf(nodeCrypto, alice.state.committed!);
    const stolen = connect({
      servers: fleet.hub.nats.url,
      reconnect: false,
      authenticator: (nonce?: string) => ({
        jwt: bob.jwt,
        nkey: '',
        sig: Buffer.from(nodeCrypto.sign(key, Buffer.from(nonce ?? ''))).toString('base64url'),
      }),
    });
    await expect(stolen).rejects.toThrow(/Authorization/);
  });

  it('S12 is cut when its JWT ends, is refused with it, and comes back over HTTPS', async () => {
    const late = await fleet.hub.another({ env: { SCOREWALL_IDENTITY_JWT_SECONDS: '5' } });
    const { body } = await late.call('POST', '/join-tokens', { json: { name: 'short' } });
    const device = await TestDevice.join({ ...fleet.options, hubUrl: late.url }, body.token);
    fleet.kept(device);
    const nc = await device.connect();
    const error = await nc.closed();
    expect(String(error)).toMatch(/expired/i);
    expect(Date.now()).toBeGreaterThanOrEqual(device.expiresAtMs - 1_000);
    await eventually(
      () =>
        device.connect().then(
          async (again) => void (await again.close()),
          () => true,
        ),
      'it is refused',
    );
    // Its workloads are its own; its key still proves it.
    expect(await device.ask({ op: 'hello', epoch: 0, head: device.head })).toMatchObject({ op: 'challenge' });
    await late.stop();
  });

  it('S13 that is revoked is cut and stays out', async () => {
    const device = await fleet.joined({ name: 'revoked' });
    const nc = await device.connect();
    const other = await fleet.joined({ name: 'untouched' });
    const standing = await other.connect();
    await fleet.anchor.anchor.hub.revokeKey(userKeyOf(nodeCrypto.publicKey(keyOf(nodeCrypto, device.state.committed!))));
    await nc.closed();
    await expect(device.connect()).rejects.toThrow(/Authorization/);
    expect(standing.isClosed()).toBe(false);
    await standing.close();
  });
});

describe('the hub itself', () => {
  it('S23 who answers devices, and who calls them, can do nothing else: every row of the table', () => {
    const granted = (kind: 'identity' | 'rotator') =>
      PERMISSION_TABLE.filter((row) => row[kind] !== '-' && row[kind] !== 'never').map((row) => `${row[kind]} ${row.subject}`);
    expect(granted('identity')).toEqual([
      'sub rc.up.{me}',
      'sub rc.up.{else}',
      'sub rc.up.*',
      'pub _INBOX.{me}.>',
      'pub _INBOX.{else}.>',
      'pub _INBOX.*.>',
    ]);
    expect(granted('rotator')).toEqual(['pub rc.down.{me}', 'pub rc.down.{else}', 'pub rc.down.*']);
    expect(permissionsFor({ kind: 'hub' }).pub?.deny).toEqual(expect.arrayContaining(['rc.down.>', 'device.>']));
  });

  it('S34 changes nothing in the ledger: no message deleted, nothing purged, no guard taken off, no stream removed', async () => {
    const nc = await fleet.hub.nats.connectAs('anchor');
    const manager = await jetstreamManager(nc, { timeout: 10_000 });
    const { config, state } = await manager.streams.info(STREAM.roadchain);
    expect(config).toMatchObject({ deny_delete: true, deny_purge: true, storage: StorageType.File, discard: DiscardPolicy.New });
    await expect(manager.streams.deleteMessage(STREAM.roadchain, 1)).rejects.toThrow();
    await expect(manager.streams.purge(STREAM.roadchain)).rejects.toThrow();
    await expect(manager.streams.update(STREAM.roadchain, { ...config, deny_delete: false })).rejects.toThrow();
    await expect(manager.streams.delete(STREAM.roadchain)).rejects.toThrow();
    expect((await manager.streams.info(STREAM.roadchain)).state.messages).toBe(state.messages);
    await nc.close();
  });

  it('S34 a wiped ledger is given back from the copy on disk, entry by entry', async () => {
    const before = (await fleet.anchor.call('GET', '/devices/bob/identity')).body;
    const size = fleet.anchor.anchor.hub.identity.ledger.tree.size;
    const root = Buffer.from(fleet.anchor.anchor.hub.identity.ledger.tree.root());
    await fleet.anchor.stop();
    await (await jetstreamManager(fleet.hub.admin)).streams.delete(STREAM.roadchain);
    const again = await fleet.hub.another();
    const { ledger } = again.anchor.hub.identity;
    await eventually(async () => ledger.tree.size >= size, 'the ledger is given back');
    expect([ledger.tree.size, Buffer.from(ledger.tree.root())]).toEqual([size, root]);
    expect((await again.call('GET', '/devices/bob/identity')).body.entries).toEqual(before.entries);
  });
});
