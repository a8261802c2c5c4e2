import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_MANIFEST_BYTES } from '#contracts/deployment.ts';
import { Problem } from '#contracts/problem.ts';
import { eventually, startTestHub, type TestAnchor, type TestCall, type TestHub } from '../test-anchor.ts';
import { testManifest } from '../test-fleet.ts';
import { ROUTE_ACCESS } from './access.ts';

let hub: TestHub;
let anchor: TestAnchor;

beforeAll(async () => {
  hub = await startTestHub();
  anchor = hub.first;
});
afterAll(() => hub.stop());

const isNew = { 'if-none-match': '*' };
const put = (name: string, yaml: string, headers: Record<string, string> = isNew) =>
  anchor.call('PUT', `/deployments/${name}`, { yaml, headers });

describe('nobody', () => {
  it('gets nothing from any route but the few that are open', async () => {
    const routes = anchor.anchor.api.routes.filter(({ method }) => method !== 'ALL');
    expect(routes.length).toBeGreaterThan(20);
    for (const { method, path } of routes) {
      const open = ROUTE_ACCESS[`${method} ${path.replace('/api/v1', '')}`] === 'anybody';
      const short = path.replace('/api/v1', '').replace(/:\w+/g, 'x');
      const reply = await anchor.raw(method, short, method === 'GET' ? {} : { json: {} });
      expect([`${method} ${path}`, reply.status === 401]).toEqual([`${method} ${path}`, !open]);
      if (!open) expect(Problem.parse(reply.body).code).toBe('unauthenticated');
    }
  });

  it.each([
    ['a path that is not there', '/nothing', {}],
    ['a wrong token', '/devices', { authorization: 'Bearer wrong' }],
    ['a wrong cookie', '/devices', { cookie: 'scorewall=wrong' }],
    ['the cookie of another scheme', '/devices', { cookie: '__Host-scorewall=wrong' }],
  ])('gets 401 for %s', async (_, path, headers) => {
    expect((await anchor.raw('GET', path, { headers: headers as Record<string, string> })).status).toBe(401);
  });

  it('may ask whether the hub is alive and ready, but not why', async () => {
    expect((await anchor.raw('GET', '/healthz')).body).toEqual({ ok: true });
    // Nobody leads yet in the first moments of a hub.
    await eventually(async () => (await anchor.raw('GET', '/readyz')).status === 200, 'ready');
    expect((await anchor.raw('GET', '/readyz')).body).toEqual({ ready: true, checks: [] });
    expect(
      (await anchor.call('GET', '/readyz')).body.checks.map(({ name, ok }: { name: string; ok: boolean }) => `${name} ${ok}`),
    ).toEqual(['nats true', 'controller true', 'presence true']);
  });
});

describe('every error', () => {
  it.each<[string, string, string, TestCall, number, string]>([
    ['a path that is not there', 'GET', '/nothing', {}, 404, 'not-found'],
    ['a device that is not there', 'GET', '/devices/ghost', {}, 404, 'not-found'],
    ['a deployment that is not there', 'GET', '/deployments/ghost', {}, 404, 'not-found'],
    ['revisions of nothing', 'GET', '/deployments/ghost/revisions', {}, 404, 'not-found'],
    ['a method that is not there', 'DELETE', '/wall', {}, 405, 'method-not-allowed'],
    ['a wildcard as a device', 'GET', '/devices/*', {}, 404, 'not-found'],
    ['a wildcard as a new device', 'POST', '/devices', { json: { name: '*' } }, 422, 'invalid'],
    ['a dot in a new device', 'POST', '/devices', { json: { name: 'a.b' } }, 422, 'invalid'],
    ['an unknown field', 'POST', '/devices', { json: { name: 'a', colour: 'red' } }, 422, 'invalid'],
    ['no JSON', 'POST', '/devices', { headers: { 'content-type': 'application/json' } }, 400, 'bad-request'],
    [
      'a form',
      'POST',
      '/devices',
      { yaml: 'name=a', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      'unsupported-media-type',
    ],
    [
      'a manifest as text',
      'PUT',
      '/deployments/a',
      { yaml: 'a', headers: { ...isNew, 'content-type': 'text/plain' } },
      415,
      'unsupported-media-type',
    ],
    ['a change without a revision', 'PUT', '/deployments/a', { yaml: 'a: 1' }, 428, 'precondition-required'],
    ['a deletion without a revision', 'DELETE', '/deployments/a', {}, 428, 'precondition-required'],
    ['labels without a revision', 'PATCH', '/devices/a', { json: { labels: {} } }, 428, 'precondition-required'],
    ['a revision that is none', 'PUT', '/deployments/a', { yaml: 'a: 1', headers: { 'if-match': 'x' } }, 400, 'bad-request'],
    ['a NATS key that is none', 'POST', '/nats-credentials', { json: { publicKey: 'SU>' } }, 422, 'invalid'],
    ['2 MB', 'PUT', '/deployments/a', { yaml: 'x'.repeat(2_000_000), headers: isNew }, 413, 'too-large'],
  ])('for %s is a problem in words', async (_, method, path, call, status, code) => {
    const reply = await anchor.call(method, path, call);
    expect(reply.headers.get('content-type')).toBe('application/problem+json');
    expect(reply.headers.get('cache-control')).toBe('no-store');
    expect(Problem.parse(reply.body)).toMatchObject({ status, code, type: `urn:scorewall:problem:${code}` });
    expect(reply.status).toBe(status);
  });

  it('says which methods there are', async () => {
    expect((await anchor.call('PUT', '/devices/alice')).headers.get('allow')).toBe('GET, PATCH, DELETE');
  });
});

describe('a manifest that is refused', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    'b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]',
    'c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]',
    'd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]',
  ].join('\n');
  const good = testManifest('refused', 'targetDevices: [ghost]');

  it.each<[string, string, number, object]>([
    ['an alias bomb', bomb, 422, { message: expect.stringContaining('unfold') }],
    ['a type nobody knows', good.replace('PodmanV0', 'JobV0'), 422, { path: ['spec', 'score', 'type'], line: 8 }],
    [
      'a bad port',
      good.replace('8080:80', '99999:80'),
      422,
      { path: ['spec', 'score', 'data', 'services', 0, 'ports', 0], line: 13 },
    ],
    ['the name *', good.replace('name: refused', 'name: "*"'), 422, { path: ['metadata', 'name'], line: 4 }],
    ['another name than the address', good.replace('name: refused', 'name: other'), 422, { suggestion: 'refused' }],
    ['an unknown field', good.replace('image:', 'img:'), 422, { path: expect.arrayContaining(['img']), line: 12 }],
    [
      'another strategy',
      good.replace('spec:', 'spec:\n  rollout: { strategy: Progressive }'),
      422,
      { message: expect.stringContaining('Immediate') },
    ],
  ])('%s', async (_, yaml, status, issue) => {
    const reply = await put('refused', yaml);
    expect(reply.status).toBe(status);
    expect(reply.body.issues).toContainEqual(expect.objectContaining(issue));
    const review = await anchor.call('POST', '/deployments/refused/review', { yaml });
    expect(review.status).toBe(200);
    expect(review.body.issues).toContainEqual(expect.objectContaining(issue));
  });

  it('S71 JSON that nests too deeply, before anything walks down into it', async () => {
    const yaml = '['.repeat(100_000) + ']'.repeat(100_000);
    const headers = { 'content-type': 'application/json' };
    expect(await anchor.call('POST', '/deployments/deep/review', { yaml, headers })).toMatchObject({ status: 400 });
  });

  it('S71 one that is too large, in words', async () => {
    const reply = await put('refused', `${good}# ${'x'.repeat(MAX_MANIFEST_BYTES)}`);
    expect(reply.body).toMatchObject({ status: 413, detail: expect.stringContaining('257 KB') });
  });

  it('nothing of it was kept', async () => {
    expect((await anchor.call('GET', '/deployments/refused')).status).toBe(404);
  });
});

describe('a deployment', () => {
  it('comes back as it was written, with its revision', async () => {
    const yaml = testManifest('verbatim', 'targetDevices: [ghost-1]');
    const saved = await anchor.call('PUT', '/deployments/verbatim', {
      yaml,
      headers: { ...isNew, 'x-scorewall-message': encodeURIComponent('für alle') },
    });
    expect(saved.status).toBe(201);
    expect(saved.headers.get('etag')).toBe(`"${saved.body.revision}"`);
    const text = await anchor.call('GET', '/deployments/verbatim', { headers: { accept: 'application/yaml' } });
    expect(text.text).toBe(yaml);
    expect(text.headers.get('etag')).toBe(saved.headers.get('etag'));
    const { body } = await anchor.call('GET', '/deployments/verbatim/revisions/1');
    expect(body).toMatchObject({ generation: 1, author: 'owner', message: 'für alle', manifest: yaml, deleted: false });
  });

  it('is not written again when it is the same', async () => {
    const yaml = testManifest('same', 'targetDevices: [ghost-2]');
    const { body } = await put('same', yaml);
    const again = await put('same', yaml, { 'if-match': `"${body.revision}"` });
    expect(again).toMatchObject({ status: 200, body: { revision: body.revision } });
    expect((await anchor.call('GET', '/deployments/same/revisions')).body.items).toHaveLength(1);
  });

  it('may come as JSON, and leave as YAML', async () => {
    const spec = {
      targetDevices: ['ghost'],
      score: { type: 'PodmanV0', data: { services: [{ image: 'nginx', name: 'json' }] } },
    };
    const document = { apiVersion: 'iot.nationtech.io/v1alpha1', kind: 'Deployment', metadata: { name: 'json' }, spec };
    const saved = await anchor.call('PUT', '/deployments/json', { json: document, headers: isNew });
    expect(saved.status).toBe(201);
    const again = await anchor.call('PUT', '/deployments/json', {
      json: saved.body.deployment,
      headers: { 'if-match': `"${saved.body.revision}"` },
    });
    expect(again.body.revision).toBe(saved.body.revision);
    const text = await anchor.call('GET', '/deployments/json', { headers: { accept: 'application/yaml' } });
    expect(text.text).toContain('kind: Deployment\n');
    expect(text.text).not.toContain('scorewall.io');
  });

  it('is not overwritten by the second of two editors, who sees what the first one wrote', async () => {
    const { body } = await put('contested', testManifest('contested', 'targetDevices: [ghost-3]'));
    const seen = { 'if-match': `"${body.revision}"` };
    const edits = ['nginx:1', 'nginx:2'].map((image) => testManifest('contested', 'targetDevices: [ghost-3]', { image }));
    const replies = await Promise.all(edits.map((yaml) => put('contested', yaml, seen)));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 412]);
    const winner = replies.find(({ status }) => status === 200)!;
    const loser = replies.find(({ status }) => status === 412)!;
    expect(loser.body).toMatchObject({
      code: 'precondition-failed',
      current: { revision: winner.body.revision, deployment: { metadata: { generation: 2 } } },
    });
    const create = await put('contested', edits[0]!, isNew);
    expect(create).toMatchObject({ status: 412, body: { current: { revision: winner.body.revision } } });
    expect((await put('nowhere', edits[0]!.replaceAll('contested', 'nowhere'), seen)).status).toBe(412);
  });

  it('is refused where somebody holds its port, and warned about what looks wrong', async () => {
    await anchor.call('POST', '/devices', { json: { name: 'porty', labels: { kind: 'port' } } });
    expect((await put('holder', testManifest('holder', 'targetDevices: [porty]', { port: 7070 }))).status).toBe(201);
    const clash = testManifest('clash', 'targetSelector: { kind: port }', { port: 7070 });
    const message = '7070 is taken on Porty by holder. Next free: 7071.';
    const issue = {
      severity: 'error',
      message,
      suggestion: '7071:80',
      path: ['spec', 'score', 'data', 'services', 0, 'ports', 0],
    };
    expect((await anchor.call('POST', '/deployments/clash/review', { yaml: clash })).body).toMatchObject({
      issues: [issue],
      targets: [{ device: 'porty', online: false, known: true }],
      currentRevision: null,
      changed: true,
    });
    expect(await put('clash', clash)).toMatchObject({ status: 422, body: { issues: [issue] } });
    const typo = testManifest('typo', 'targetDevices: [porti]', { port: 7072 });
    expect((await anchor.call('POST', '/deployments/typo/review', { yaml: typo })).body.issues).toMatchObject([
      { severity: 'warning', suggestion: 'porty', path: ['spec', 'targetDevices', 0] },
    ]);
    const nowhere = testManifest('nobody', 'targetSelector: { kind: none }');
    expect((await put('nobody', nowhere)).status).toBe(201);
    expect((await anchor.call('POST', '/deployments/nobody/review', { yaml: nowhere })).body).toMatchObject({
      changed: false,
      issues: [{ severity: 'warning', message: 'No device has kind: none. Nothing would happen.' }],
    });
  });
});

describe('the description of the API', () => {
  it('names every route and its schemas', async () => {
    const { body } = await anchor.call('GET', '/openapi.json');
    const described = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/{(\w+)}/g, ':$1')}`),
    );
    const routes = anchor.anchor.api.routes.filter(({ method, path }) => method !== 'ALL' && !path.endsWith('/openapi.json'));
    expect(new Set(described)).toEqual(new Set(routes.map(({ method, path }) => `${method} ${path}`)));
    expect(JSON.stringify(body).includes('"closed"')).toBe(false);
    expect(body.components.schemas.PodmanService).toMatchObject({ additionalProperties: false, required: ['name', 'image'] });
    expect(Object.keys(body.components.schemas)).toEqual(
      expect.arrayContaining(['Deployment', 'Problem', 'WallSnapshot', 'Review']),
    );
  });
});
