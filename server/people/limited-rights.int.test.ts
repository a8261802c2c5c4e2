import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestHub, type TestAnchor, type TestHub } from '../test-anchor.ts';
import { connectPerson, joinWith, type Line, makeOwner, mayPublish, type TestSession } from '../test-people.ts';

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
