import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Right, ROLES, rightsOf } from '#contracts/access.ts';
import { startTestHub, type TestAnchor, type TestCall, type TestHub, type TestReply } from '../test-anchor.ts';
import { fromSomewhere, guest, guestLink, joinAs, joinWith, makeOwner, pairTv } from '../test-people.ts';
import { type Access, isOpen, ROUTE_ACCESS, ruleOf } from './access.ts';

type Caller = (method: string, path: string, call?: TestCall) => Promise<TestReply>;

let hub: TestHub;
let anchor: TestAnchor;
let routes: { method: string; path: string }[];
const callers: Record<string, Caller> = {};

beforeAll(async () => {
  hub = await startTestHub();
  anchor = hub.first;
  const owner = await makeOwner(hub);
  await anchor.call('POST', '/devices', { json: { name: 'octavia', labels: { site: 'berlin' } } });
  callers.nobody = (...call) => anchor.raw(...call);
  for (const role of ['viewer', 'operator', 'admin'] as const) callers[role] = (await joinAs(anchor, `a-${role}`, role)).call;
  for (const site of ['berlin', 'paris'])
    callers[`operator on site=${site}`] = (await joinWith(anchor, `on-${site}`, [{ role: 'operator', selector: { site } }])).call;
  callers.owner = owner.call;
  callers['owner with the token of the machine'] = anchor.call;
  callers.tv = (await pairTv(anchor, 'Hall')).call;
  callers.guest = (await guest(anchor, await guestLink(anchor, 'octavia', '00112233445566778899aabb'))).call;
  routes = anchor.anchor.api.routes
    .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/v1/'))
    .map(({ method, path }) => ({ method, path: path.replace('/api/v1', '') }));
});
afterAll(() => hub.stop());

const OPERATORS: readonly Right[] = rightsOf('operator');
const TABLE: Record<string, (access: Access) => boolean> = {
  nobody: (access) => access === 'anybody',
  ...Object.fromEntries(
    ROLES.map((role) => [role, (access: Access) => isOpen(access) || rightsOf(role).includes(ruleOf(access).right)]),
  ),
  ...Object.fromEntries(
    ['berlin', 'paris'].map((site) => [
      `operator on site=${site}`,
      (access: Access) => isOpen(access) || (ruleOf(access).on === 'device' && OPERATORS.includes(ruleOf(access).right)),
    ]),
  ),
  'owner with the token of the machine': (access) => isOpen(access) || ruleOf(access).person !== 'session',
  tv: (access) => isOpen(access) || (ruleOf(access).right === 'see' && !ruleOf(access).person),
  guest: (access) => isOpen(access),
};
/** It ends the session that is still needed, and is tried by a test of its own. */
const LAST = 'POST /logout';

describe('every route', () => {
  it('is in the access table', () => {
    const missing = routes.map(({ method, path }) => `${method} ${path}`).filter((route) => !(route in ROUTE_ACCESS));
    expect(missing).toEqual([]);
  });

  it.each(Object.keys(TABLE))('S57 S58 answers %s as the table says', async (who) => {
    const verdicts: string[] = [];
    const wanted: string[] = [];
    for (const { method, path } of routes.filter((route) => `${route.method} ${route.path}` !== LAST)) {
      const access = ROUTE_ACCESS[`${method} ${path}`]!;
      // Nothing of it exists, so whoever is let through changes nothing.
      const reply = await callers[who]!(method, path.replace(/:\w+/g, 'x'), {
        ...(method === 'GET' ? {} : { json: {} }),
        headers: fromSomewhere(),
      });
      // With a session alone the owner makes no link: the verb says so.
      const allowed = TABLE[who]!(access) && !(who === 'owner' && path === '/owner-link');
      wanted.push(`${method} ${path} ${allowed ? 'let through' : who === 'nobody' ? 401 : 403}`);
      verdicts.push(`${method} ${path} ${[401, 403].includes(reply.status) ? reply.status : 'let through'}`);
    }
    expect(verdicts).toEqual(wanted);
  });

  it.each([
    ['operator on site=berlin', 200],
    ['operator on site=paris', 404],
  ])('about one device answers %s as if there were no other', async (who, status) => {
    const call = callers[who]!;
    for (const path of ['/devices/octavia', '/devices/octavia/events'])
      expect([path, (await call('GET', path)).status]).toEqual([path, status]);
    const manifest = { apiVersion: 'iot.nationtech.io/v1alpha1', kind: 'Deployment', metadata: { name: 'tried' } };
    const spec = {
      targetDevices: ['octavia'],
      score: { type: 'PodmanV0', data: { services: [{ name: 'a', image: 'a:1', ports: [] }] } },
    };
    const review = await call('POST', '/deployments/tried/review', { json: { ...manifest, spec } });
    expect(review.body.targets).toEqual(status === 200 ? [{ device: 'octavia', online: false, known: true }] : []);
    expect(review.body.issues.filter((one: { severity: string }) => one.severity === 'error')).toHaveLength(
      status === 200 ? 0 : 1,
    );
    const put = await call('PUT', '/deployments/tried', { json: { ...manifest, spec }, headers: { 'if-none-match': '*' } });
    expect(put.status).toBe(status === 200 ? 201 : 403);
    // Only the whole fleet may be asked by a selector that goes beyond the grant.
    const wide = { ...spec, targetDevices: undefined, targetSelector: { role: 'camera' } };
    const refused = await call('PUT', '/deployments/wide', {
      json: { ...manifest, metadata: { name: 'wide' }, spec: wide },
      headers: { 'if-none-match': '*' },
    });
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
    expect((await call('GET', '/deployments')).body.items).toHaveLength(status === 200 ? 1 : 0);
    expect((await call('GET', '/wall')).body.devices).toHaveLength(status === 200 ? 1 : 0);
  });

  it('says what is missing and who can give it', async () => {
    const { body } = await callers.viewer!('PUT', '/deployments/x', { yaml: 'a: 1' });
    expect(body).toMatchObject({
      code: 'forbidden',
      title: 'As viewer you may not change deployments or walls.',
      detail: expect.stringContaining('operator'),
    });
  });

  it('lets everybody out who is in', async () => {
    for (const who of ['viewer', 'operator', 'admin', 'tv', 'guest']) {
      expect([who, (await callers[who]!('POST', '/logout', { json: {} })).status]).toEqual([who, 204]);
      expect([who, (await callers[who]!('GET', '/session')).status]).toEqual([who, 401]);
    }
  });
});
