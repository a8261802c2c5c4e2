/**
 * Rows S14, S15, S58 and S70: what people may do, on which devices. Every route and every subject is tried as everybody by
 * `server/api/access.int.test.ts` and `server/nats/permissions.int.test.ts`; here are the rows as somebody would try them.
 */
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectNats } from '#server/nats/connect.ts';
import { startTestHub, type TestAnchor, type TestHub } from '#server/test-anchor.ts';
import {
  connectPerson,
  guest,
  joinAs,
  joinWith,
  type Line,
  makeOwner,
  mayPublish,
  type TestSession,
} from '#server/test-people.ts';

const SID = '00112233445566778899aabb';
let hub: TestHub;
let anchor: TestAnchor;
let sam: TestSession;
let line: Line;

beforeAll(async () => {
  hub = await startTestHub();
  anchor = hub.first;
  await makeOwner(hub);
  for (const [name, site] of [
    ['alice', 'berlin'],
    ['octavia', 'paris'],
    ['shellfish', 'rome'],
  ] as const)
    await anchor.call('POST', '/devices', { json: { name, labels: { site } } });
  sam = await joinWith(anchor, 'sam', [
    { role: 'operator', selector: { site: 'berlin' } },
    { role: 'viewer', selector: { site: 'paris' } },
  ]);
  line = await connectPerson(hub, sam);
});
afterAll(async () => {
  await line?.connection.close();
  await hub.stop();
});

const hears = async (connection: NatsConnection, subject: string): Promise<boolean> => {
  let refused = false;
  const heard = connection.subscribe(subject, {
    callback: (error) => {
      if (error) refused = true;
    },
  });
  await connection.flush();
  heard.unsubscribe();
  return !refused;
};
const label = async (name: string, site: string) => {
  const { body } = await anchor.call('GET', `/devices/${name}`);
  const headers = { 'if-match': `"${body.revision}"` };
  expect((await anchor.call('PATCH', `/devices/${name}`, { json: { labels: { site } }, headers })).status).toBe(200);
};

it('S15 hears and drives the devices of a grant, and no other', async () => {
  const { connection, uid } = line;
  const heard = ['alice', 'octavia', 'shellfish', '*'].map(async (device) => [
    device,
    await hears(connection, `wall.status.${device}`),
    await hears(connection, `wall.event.${device}`),
    await hears(connection, `peek.${device}.services`),
    await hears(connection, `term.${device}.*.out`),
  ]);
  expect(await Promise.all(heard)).toEqual([
    ['alice', true, true, true, true],
    ['octavia', true, true, true, true],
    ['shellfish', false, false, false, false],
    ['*', false, false, false, false],
  ]);
  for (const subject of ['wall.>', 'wall.deployment.>', 'wall.layout.*', '>'])
    expect([subject, await hears(connection, subject)]).toEqual([subject, false]);
  const asked = async (device: string) => [
    await mayPublish(line, `device.${device}.rpc.log.${uid}`),
    await mayPublish(line, `device.${device}.rpc.exec.${uid}`),
    await mayPublish(line, `term.${device}.${SID}.in.${uid}`),
  ];
  expect(await asked('alice')).toEqual([true, true, true]);
  expect(await asked('octavia')).toEqual([true, false, false]);
  expect(await asked('shellfish')).toEqual([false, false, false]);
});

it('is told which devices there are, and of no other in any answer', async () => {
  const texts = await Promise.all(
    ['/wall', '/devices', '/status', '/deployments', '/recordings', '/walls', '/people', '/session'].map(
      async (path) => (await sam.call('GET', path)).text,
    ),
  );
  expect(texts.join()).toContain('alice');
  expect(texts.join()).not.toContain('shellfish');
  const { body } = await sam.call('GET', '/devices');
  expect(body.items.map((one: { device: { name: string } }) => one.device.name)).toEqual(['alice', 'octavia']);
});

it('sees of a deployment that goes farther only the part that is theirs, and changes none of it', async () => {
  const manifest = {
    apiVersion: 'iot.nationtech.io/v1alpha1',
    kind: 'Deployment',
    metadata: { name: 'shared' },
    spec: {
      targetDevices: ['alice', 'shellfish'],
      score: { type: 'PodmanV0', data: { services: [{ name: 'a', image: 'a:1', ports: [] }] } },
    },
  };
  await anchor.call('PUT', '/deployments/shared', { json: manifest, headers: { 'if-none-match': '*' } });
  const seen = await sam.call('GET', '/deployments/shared');
  expect(seen.body.deployment.spec.targetDevices).toEqual(['alice']);
  expect(seen.text).not.toContain('shellfish');
  expect((await sam.call('GET', '/deployments/shared/devices')).body.items).toHaveLength(1);
  const headers = { 'if-match': `"${seen.body.revision}"` };
  for (const [method, path, status] of [
    ['GET', '/deployments/shared/revisions', 403],
    ['DELETE', '/deployments/shared', 403],
    ['PUT', '/deployments/shared', 403],
  ] as const) {
    const reply = await sam.call(method, path, method === 'GET' ? {} : { json: manifest, headers });
    expect([path, reply.status]).toEqual([path, status]);
    expect(reply.text).not.toContain('shellfish');
  }
  const yaml = await sam.call('GET', '/deployments/shared', { headers: { accept: 'application/yaml' } });
  expect(yaml.status).toBe(403);
});

it('S15 a device that is labelled away is cut from them at once, and one that is labelled to them comes', async () => {
  const gone = line.connection.closed();
  await label('alice', 'rome');
  await gone;
  await label('shellfish', 'berlin');
  line = await connectPerson(hub, sam);
  expect(await hears(line.connection, 'wall.status.alice')).toBe(false);
  expect(await hears(line.connection, 'wall.status.shellfish')).toBe(true);
  expect(await mayPublish(line, `device.alice.rpc.log.${line.uid}`)).toBe(false);
  const { body } = await sam.call('GET', '/devices');
  expect(body.items.map((one: { device: { name: string } }) => one.device.name).sort()).toEqual(['octavia', 'shellfish']);
});

it('S15 a guest whose host no longer reaches the device is cut with the label', async () => {
  await label('octavia', 'berlin');
  const { body } = await sam.call('POST', '/guest-links', { json: { device: 'octavia', sid: SID, minutes: 30 } });
  const visitor = await guest(anchor, new URL(body.url).hash.slice(1));
  const watching = await connectPerson(hub, visitor);
  expect(await hears(watching.connection, `term.octavia.${SID}.out`)).toBe(true);
  const gone = watching.connection.closed();
  await label('octavia', 'paris');
  await gone;
  expect(await visitor.status()).toBe(401);
});

describe('a viewer', () => {
  let viewer: TestSession;
  let watching: Line;

  beforeAll(async () => {
    viewer = await joinAs(anchor, 'vera', 'viewer');
    watching = await connectPerson(hub, viewer);
  });
  afterAll(() => watching?.connection.close());

  it('S14 types nowhere, commands nothing and writes into no bucket', async () => {
    const { uid } = watching;
    for (const subject of [
      `term.octavia.${SID}.in.${uid}`,
      `device.octavia.rpc.exec.${uid}`,
      `device.octavia.rpc.answer.${uid}`,
      `screen.octavia.${uid}.${SID}.in`,
      '$KV.desired-state.octavia.hello',
      '$KV.devices.octavia',
      'desired-state.octavia.hello',
      'status.octavia',
      'wall.status.octavia',
      'audit.device.remove',
      '$JS.API.STREAM.PURGE.KV_devices',
    ])
      expect([subject, await mayPublish(watching, subject)]).toEqual([subject, false]);
  });

  it('S58 deploys nothing, keeps nobody out, makes no token beyond their role and opens no shell by asking directly', async () => {
    const inAWeek = new Date(Date.now() + 7 * 86_400_000).toISOString();
    for (const [method, path, json] of [
      ['PUT', '/deployments/x', {}],
      ['DELETE', '/deployments/x', {}],
      ['POST', '/devices/octavia/keep-out', { name: 'octavia' }],
      ['DELETE', '/devices/octavia', {}],
      ['PATCH', '/devices/octavia', { labels: {} }],
      ['POST', '/tokens', { name: 'x', grants: [{ role: 'operator' }], expiresAt: inAWeek }],
      ['POST', '/invites', { name: 'x', role: 'viewer' }],
      ['PATCH', '/people/vera', { role: 'admin' }],
      ['POST', '/guest-links', { device: 'octavia', sid: SID, minutes: 5 }],
      ['POST', '/join-tokens', {}],
      ['GET', '/audit', undefined],
    ] as const) {
      const { status } = await viewer.call(method, path, json ? { json } : {});
      expect([method, path, status]).toEqual([method, path, 403]);
    }
  });

  it('S70 who only watches a terminal sends no byte to it, under no name', async () => {
    const made = await anchor.call('POST', '/devices', { json: { name: 'pty' } });
    const { content: creds } = made.body.creds;
    const options = { servers: hub.nats.url, name: 'pty', inboxPrefix: '_INBOX.pty', firstConnect: 'fail' as const };
    const device = await connectNats({ ...options, creds });
    const heard: string[] = [];
    device.subscribe('term.pty.*.in.*', { callback: (_, message) => void heard.push(message.subject) });
    await device.flush();
    const driver = await connectPerson(hub, await joinAs(anchor, 'otto', 'operator'));
    for (const name of [watching.uid, driver.uid]) watching.connection.publish(`term.pty.${SID}.in.${name}`, 'rm -rf /');
    await watching.connection.flush();
    // What comes behind it on the same way shows that nothing else is still on it.
    expect(await mayPublish(driver, `term.pty.${SID}.in.${driver.uid}`)).toBe(true);
    await device.flush();
    expect(heard).toEqual([`term.pty.${SID}.in.${driver.uid}`]);
    await Promise.all([device.close(), driver.connection.close()]);
  });
});
