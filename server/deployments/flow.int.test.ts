import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CONTROLLER_NAME, HEADER } from '#contracts/buckets.ts';
import { eventually, startTestHub, type TestAnchor, type TestHub } from '../test-anchor.ts';
import { connectDevice, running, TestBuckets, testManifest, testReport, testScoreText } from '../test-fleet.ts';

let hub: TestHub;
let anchor: TestAnchor;
let buckets: TestBuckets;
/** Names of their own for each test: all share one hub. */
let count = 0;
let device: string;
let app: string;

beforeAll(async () => {
  hub = await startTestHub();
  anchor = hub.first;
  buckets = new TestBuckets(hub.admin);
});
afterAll(() => hub.stop());
beforeEach(() => {
  count += 1;
  device = `device-${count}`;
  app = `app-${count}`;
});

const add = async (labels: Record<string, string> = {}) => {
  const reply = await anchor.call('POST', '/devices', { json: { name: device, labels } });
  expect(reply.status).toBe(201);
  return reply.body;
};
const create = async (yaml: string) => {
  const reply = await anchor.call('PUT', `/deployments/${app}`, { yaml, headers: { 'if-none-match': '*' } });
  expect(reply.status).toBe(201);
  return reply.body;
};
const change = (yaml: string, revision: number) =>
  anchor.call('PUT', `/deployments/${app}`, { yaml, headers: { 'if-match': `"${revision}"` } });
const here = () => testManifest(app, `targetDevices: [${device}]`);
const keyThere = () => eventually(() => buckets.desired(device, app), `${app} for ${device}`);
const keyGone = () => eventually(async () => (await buckets.desired(device, app)) === undefined, `${app} gone from ${device}`);
const statusWhere = (
  look: (status: { aggregate: Record<string, number>; conditions: { type: string; status: string }[] }) => boolean,
  what: string,
) =>
  eventually(async () => {
    const { body } = await anchor.call('GET', `/deployments/${app}`);
    return body.status && look(body.status) && body.status;
  }, what);
const holds = (type: string) => (status: { conditions: { type: string; status: string }[] }) =>
  status.conditions.some((condition) => condition.type === type && condition.status === 'True');

describe('a deployment and its devices', () => {
  it('hands the exact Score over, lists it, and counts the device as it reports', async () => {
    const added = await add();
    await create(here());
    const key = await keyThere();
    expect(key.text).toBe(testScoreText(app));
    expect(key.header(HEADER.controller)).toBe(CONTROLLER_NAME);
    expect(key.header(HEADER.generation)).toBe('1');
    await eventually(async () => (await buckets.index(device))?.[app] === key.revision, 'the index');

    const nc = await connectDevice(hub, device, added.creds.content);
    nc.publish(`status.${device}`, JSON.stringify(testReport(device, running(app, key.revision))));
    const status = await statusWhere(holds('Ready'), 'running');
    expect(status).toMatchObject({
      observedGeneration: 1,
      observedScoreString: testScoreText(app),
      aggregate: { targets: 1, running: 1 },
    });
    const devices = await anchor.call('GET', `/deployments/${app}/devices`);
    expect(devices.body.items).toMatchObject([{ device, online: true, takenUp: true, state: 'running' }]);
    const wall = await anchor.call('GET', '/wall');
    expect(wall.body.presenceKnown).toBe(true);
    expect(wall.body.presence).toContainEqual(expect.objectContaining({ device, connected: true }));
    await nc.close();
    await statusWhere(({ aggregate }) => aggregate.offline === 1, 'offline after it went away');
  });

  it('keeps what it asks for ready for a device that is away, and says so', async () => {
    await add();
    await create(here());
    await keyThere();
    const status = await statusWhere(({ aggregate }) => aggregate.offline === 1, 'offline');
    expect(holds('TargetsFound')(status)).toBe(true);
  });

  it('follows a label as it comes and goes', async () => {
    const added = await add();
    await create(testManifest(app, `targetSelector: { wave: ${app} }`));
    await statusWhere((status) => status.aggregate.targets === 0 && !holds('TargetsFound')(status), 'no target');
    const labelled = await anchor.call('PATCH', `/devices/${device}`, {
      json: { labels: { wave: app } },
      headers: { 'if-match': `"${added.revision}"` },
    });
    expect(labelled.status).toBe(200);
    await keyThere();
    await statusWhere(({ aggregate }) => aggregate.targets === 1, 'one target');
    const bare = await anchor.call('PATCH', `/devices/${device}`, {
      json: { labels: {} },
      headers: { 'if-match': `"${labelled.body.revision}"` },
    });
    expect(bare.status).toBe(200);
    await keyGone();
    await eventually(async () => JSON.stringify(await buckets.index(device)) === '{}', 'an empty index');
  });

  it('gives a named device its key once it is added', async () => {
    await create(here());
    await statusWhere((status) => status.aggregate.targets === 1 && !holds('TargetsFound')(status), 'not added yet');
    expect(await buckets.desired(device, app)).toBeUndefined();
    await add();
    await keyThere();
  });

  it('leaves a key of somebody else alone, lists it, and says so', async () => {
    await add();
    const theirs = await buckets.put('desired-state', `${device}.${app}`, '{"type":"PodmanV0","data":{"services":[]}}');
    await create(here());
    await statusWhere(holds('Conflict'), 'a conflict');
    await eventually(async () => (await buckets.index(device))?.[app] === theirs, 'the index lists it');
    expect((await buckets.desired(device, app))?.revision).toBe(theirs);
    await buckets.delete('desired-state', `${device}.${app}`);
    expect((await keyThere()).text).toBe(testScoreText(app));
    await statusWhere((status) => !holds('Conflict')(status), 'no conflict any more');
  });

  it('serves whoever writes past the hub, for devices it does not know', async () => {
    const revision = await buckets.put('desired-state', `${device}.direct`, testScoreText('direct'));
    await eventually(async () => (await buckets.index(device))?.direct === revision, 'listed');
    await buckets.delete('desired-state', `${device}.direct`);
    await eventually(async () => JSON.stringify(await buckets.index(device)) === '{}', 'listed no more');
  });

  it('replaces a changed Score, and does not touch devices for a comment', async () => {
    await add();
    const first = await create(here());
    const before = await keyThere();
    const commented = await change(`# a remark\n${here()}`, first.revision);
    expect(commented.body.deployment.metadata.generation).toBe(2);
    await statusWhere((status) => (status as { observedGeneration?: number }).observedGeneration === 2, 'seen');
    expect((await buckets.desired(device, app))?.revision).toBe(before.revision);
    const changed = await change(testManifest(app, `targetDevices: [${device}]`, { image: 'nginx:2' }), commented.body.revision);
    expect(changed.status).toBe(200);
    await eventually(
      async () => (await buckets.desired(device, app))?.text === testScoreText(app, { image: 'nginx:2' }),
      'the new Score',
    );
  });

  it('takes everything back when it is deleted', async () => {
    await add();
    const { revision } = await create(here());
    await keyThere();
    const refused = await anchor.call('DELETE', `/deployments/${app}`, { headers: { 'if-match': `"${revision + 1}"` } });
    expect(refused.status).toBe(412);
    expect((await anchor.call('DELETE', `/deployments/${app}`, { headers: { 'if-match': `"${revision}"` } })).status).toBe(204);
    await keyGone();
    await eventually(async () => (await buckets.get('deployment-status', app)) === undefined, 'no status');
    expect((await anchor.call('GET', `/deployments/${app}`)).status).toBe(404);
    const revisions = await anchor.call('GET', `/deployments/${app}/revisions`);
    expect(revisions.body.items).toMatchObject([
      { generation: 2, deleted: true, author: 'owner' },
      { generation: 1, deleted: false },
    ]);
    const again = await create(here());
    expect(again.deployment.metadata.generation).toBe(3);
    await keyThere();
  });

  it('keeps what it cannot read, and what that asked for', async () => {
    await add();
    const { revision, deployment } = await create(here());
    await keyThere();
    const newer = { ...deployment, spec: { ...deployment.spec, score: { type: 'JobV9', data: {} } } };
    expect(await buckets.put('deployments', app, JSON.stringify(newer))).toBeGreaterThan(revision);
    const other = `${app}-other`;
    const yaml = testManifest(other, `targetDevices: [${device}]`, { port: 8100 });
    expect((await anchor.call('PUT', `/deployments/${other}`, { yaml, headers: { 'if-none-match': '*' } })).status).toBe(201);
    await eventually(() => buckets.desired(device, other), 'the other one');
    expect((await buckets.desired(device, app))?.text).toBe(testScoreText(app));
  });

  it('writes a status only when it changed', async () => {
    const added = await add();
    await create(here());
    const key = await keyThere();
    const nc = await connectDevice(hub, device, added.creds.content);
    const say = () => nc.publish(`status.${device}`, JSON.stringify(testReport(device, running(app, key.revision))));
    say();
    await statusWhere(holds('Ready'), 'running');
    const before = (await buckets.get('deployment-status', app))?.revision;
    for (let i = 0; i < 20; i++) say();
    // A deployment that is created afterwards has a status afterwards: the reports before it were looked at.
    app = `${app}-after`;
    await create(testManifest(app, `targetDevices: [${device}]`, { port: 8200 }));
    await statusWhere(({ aggregate }) => aggregate.targets === 1, 'the later one');
    expect((await buckets.get('deployment-status', app.replace('-after', '')))?.revision).toBe(before);
    await nc.close();
  });
});
