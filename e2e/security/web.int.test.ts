/** Rows S57, S59, S60, S61, S66 and S71: what a stranger, another site and a hostile text get at the hub's one door. */
import { readdir } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROUTE_ACCESS } from '#server/api/access.ts';
import { startTestHub, type TestHub } from '#server/test-anchor.ts';
import { makeOwner, type TestSession } from '#server/test-people.ts';
import type { Front } from '#server/web/front.ts';
import { openTestFront } from '#server/web/open-test-front.ts';

const SECRET_PAGE = 'what is on a page of the hub';
/** The doors: they answer everybody, and hold nothing of the fleet. */
const DOORS = ['/login', '/login/oidc', '/start', '/join', '/guest', '/tv', '/trust'];

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

let hub: TestHub;
let front: Front;
let port: number;
let owner: TestSession;
let pages: string[];

beforeAll(async () => {
  hub = await startTestHub();
  owner = await makeOwner(hub);
  await hub.first.call('POST', '/devices', { json: { name: 'octavia' } });
  ({ front, port } = await openTestFront({
    anchor: hub.first.url,
    wsUrl: hub.nats.wsUrl,
    pages: async (_, response) => void response.end(SECRET_PAGE),
  }));
  pages = await builtPages();
});
afterAll(async () => {
  await front?.close();
  await hub?.stop();
});

/** Every page of the app folder, as an address: `(hub)` is no part of it, `[name]` is some name. */
async function builtPages(): Promise<string[]> {
  const app = join(import.meta.dirname, '../../app');
  const files = await readdir(app, { recursive: true, withFileTypes: true });
  const found = files.filter(({ name }) => name === 'page.tsx').map(({ parentPath }) => relative(app, parentPath));
  const addresses = found.map((folder) =>
    folder
      .split('/')
      .filter((part) => part && !/^\(.*\)$/.test(part))
      .map((part) => part.replace(/^\[.*\]$/, 'octavia'))
      .join('/'),
  );
  return [...new Set(addresses.map((address) => `/${address}`))].sort();
}

function ask(path: string, headers: Record<string, string> = {}, method = 'GET', body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers: { ...headers, ...lengthOf(body) } }, (reply) => {
      const parts: Buffer[] = [];
      reply.on('data', (part: Buffer) => parts.push(part));
      reply.on('end', () =>
        resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text: Buffer.concat(parts).toString() }),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
const lengthOf = (body: string) => (body ? { 'content-length': String(Buffer.byteLength(body)) } : undefined);
const origin = () => `http://127.0.0.1:${port}`;
const asOwner = () => ({ cookie: `scorewall=${owner.cookie}` });

describe('S57 nobody', () => {
  it('gets no page of the build, in none of the ways a page may be asked for', async () => {
    expect(pages).toEqual(expect.arrayContaining(['/', '/audit', '/d/octavia', '/deployments', '/people', '/recordings']));
    const got: string[] = [];
    for (const page of pages.filter((one) => !DOORS.includes(one))) {
      const ways: [string, Record<string, string>, string?][] = [
        [page, { accept: 'text/html' }],
        [page, {}],
        [`${page}?_rsc=1x2y`, { rsc: '1' }],
        [page, { rsc: '1', 'next-router-prefetch': '1' }],
        [page, { rsc: '1', 'next-router-segment-prefetch': '/_tree' }],
        [`${page === '/' ? '/index' : page}.rsc`, {}],
        [`${page === '/' ? '' : page}.segments/_tree.segment.rsc`, {}],
        [`/_next/data/build${page === '/' ? '/index' : page}.json`, { 'x-nextjs-data': '1' }],
        [page, { 'x-middleware-subrequest': 'middleware:middleware:middleware:middleware:middleware' }],
        [page, { 'next-action': 'a'.repeat(40), 'content-type': 'text/plain' }, 'POST'],
        [`/_next/static/..%2f..${page}`, {}],
        [`/login/..${page}`, {}],
        [`//login${page}`, {}],
      ];
      for (const [path, headers, method] of ways) {
        const { status, text } = await ask(path, headers, method);
        if (![302, 400, 401, 403, 404].includes(status) || text.includes(SECRET_PAGE))
          got.push(`${status} ${method ?? ''} ${path}`);
      }
    }
    expect(got).toEqual([]);
  });

  it('gets nothing of the API but the doors, whatever else is sent along', async () => {
    const through: string[] = [];
    for (const [route, access] of Object.entries(ROUTE_ACCESS).filter(([, one]) => one !== 'anybody')) {
      const [method = '', path = ''] = route.split(' ');
      const address = `/api/v1${path.replace(/:\w+/g, 'octavia')}`;
      const headers = { origin: origin(), 'content-type': 'application/json', 'x-forwarded-for': '127.0.0.1' };
      const { status } = await ask(address, headers, method, method === 'GET' ? '' : '{}');
      if (status !== 401) through.push(`${route} ${status} ${JSON.stringify(access)}`);
    }
    expect(through).toEqual([]);
  });
});

describe('S59 another site', () => {
  const sent = (headers: Record<string, string>, method = 'POST', type = 'application/json') =>
    ask('/api/v1/devices', { ...asOwner(), ...headers, 'content-type': type }, method, '{"name":"evil"}');

  it.each<[string, Record<string, string>, string?]>([
    ['a fetch', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['a form', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 'application/x-www-form-urlencoded'],
    ['a form of text', { origin: 'https://evil.example' }, 'text/plain'],
    ['a page without an address', { origin: 'null' }],
    ['a page on another port', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
    ['one that hides where it is', {}],
  ])('changes nothing by %s with the cookie of the owner', async (_, headers, type) => {
    const { status } = await sent(headers, 'POST', type);
    expect([403, 415]).toContain(status);
    expect((await hub.first.call('GET', '/devices/evil')).status).toBe(404);
  });

  it('changes nothing by an image or a link: no route that changes something is asked by GET', async () => {
    const before = await hub.first.anchor.hub.store.manager.streams.info('KV_devices');
    for (const [route] of Object.entries(ROUTE_ACCESS).filter(([one]) => one.startsWith('GET ')))
      await ask(`/api/v1${route.slice(4).replace(/:\w+/g, 'octavia')}`, { ...asOwner(), 'sec-fetch-site': 'cross-site' });
    const after = await hub.first.anchor.hub.store.manager.streams.info('KV_devices');
    expect(after.state.last_seq).toBe(before.state.last_seq);
  });
});

describe('S60 another site', () => {
  const knock = (headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      const asked = request({
        host: '127.0.0.1',
        port,
        path: '/nats',
        headers: {
          Connection: 'Upgrade',
          Upgrade: 'websocket',
          'Sec-WebSocket-Version': '13',
          'Sec-WebSocket-Key': Buffer.from('0123456789abcdef').toString('base64'),
          ...headers,
        },
      });
      asked.on('response', (reply) => resolve(reply.statusCode ?? 0));
      asked.on('upgrade', (reply, socket) => {
        socket.destroy();
        resolve(reply.statusCode ?? 0);
      });
      asked.on('error', reject);
      asked.end();
    });

  it('opens no live connection with the cookie of the owner', async () => {
    expect(await knock({ ...asOwner(), origin: origin() })).toBe(101);
    expect(await knock({ ...asOwner(), origin: 'https://evil.example' })).toBe(403);
    expect(await knock({ ...asOwner(), origin: 'null' })).toBe(403);
    expect(await knock(asOwner())).toBe(403);
    expect([401, 403]).toContain(await knock({ origin: origin() }));
  });
});

describe('S61 another site', () => {
  it('frames no page', async () => {
    for (const path of [...pages, '/api/v1/session']) {
      const { headers } = await ask(path, { ...asOwner(), accept: 'text/html' });
      expect([path, headers['x-frame-options']]).toEqual([path, 'DENY']);
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    }
  });
});

describe('S66 a member', () => {
  const EVIL = ['<img src=x onerror=alert(1)>', 'javascript:alert(1)', 'a\u202egnp.exe', '../../etc', "x';--"];

  it('names nothing by what could run, and answers are never taken for a page', async () => {
    for (const name of EVIL) {
      const reply = await owner.call('POST', '/devices', { json: { name } });
      expect([name, reply.status]).toEqual([name, 422]);
      const labels = await owner.call('POST', '/devices', { json: { name: 'plain', labels: { site: name } } });
      expect([name, labels.status]).toEqual([name, 422]);
    }
    for (const path of ['/devices/%3Cimg%20src=x%3E', '/deployments/%3Cscript%3E', '/nothing/%3Cb%3E']) {
      const { headers, status } = await ask(`/api/v1${path}`, asOwner());
      expect(status).toBe(404);
      expect(headers['content-type']).toContain('json');
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });
});

describe('S71 a member', () => {
  const put = (body: string, type: string) =>
    ask(
      '/api/v1/deployments/bomb',
      { ...asOwner(), origin: origin(), 'content-type': type, 'if-none-match': '*', 'sec-fetch-site': 'same-origin' },
      'PUT',
      body,
    );
  const bomb = () => {
    const lines = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (const [index, key] of [...'bcdefghi'].entries()) {
      const before = 'abcdefgh'[index];
      lines.push(`${key}: &${key} [${Array(9).fill(`*${before}`).join(',')}]`);
    }
    return lines.join('\n');
  };

  it.each<[string, () => string, string]>([
    ['YAML that grows by its aliases', bomb, 'application/yaml'],
    ['forty thousand keys', () => Array.from({ length: 40_000 }, (_, index) => `k${index}: 1`).join('\n'), 'application/yaml'],
    ['deep nesting', () => '['.repeat(50_000), 'application/yaml'],
    ['deep nesting in JSON', () => '['.repeat(50_000), 'application/json'],
    ['NUL', () => 'a: "\u0000"', 'application/yaml'],
    ['__proto__', () => '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}', 'application/json'],
  ])('is refused %s within seconds and without much memory', { timeout: 20_000 }, async (_, body, type) => {
    const text = body();
    const before = process.memoryUsage().heapUsed;
    const { status } = await put(text, type);
    expect([400, 413, 422]).toContain(status);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(256 * 1024 * 1024);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect((await ask('/api/v1/healthz')).status).toBe(200);
  });

  it('is cut off in the middle of what is larger than any manifest', { timeout: 20_000 }, async () => {
    const keys = Array.from({ length: 100_000 }, (_, index) => `k${index}: 1`).join('\n');
    for (const body of [`a: "${'x'.repeat(5 * 1024 * 1024)}"`, keys]) {
      // Whoever still sends while the answer is there may hear only the end of the connection.
      const status = await put(body, 'application/yaml').then(
        (answer) => answer.status,
        () => 'cut',
      );
      expect([413, 503, 'cut']).toContain(status);
      expect((await hub.first.call('GET', '/deployments/bomb')).status).toBe(404);
    }
  });
});
