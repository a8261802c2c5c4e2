import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestNats, type TestNats } from '../nats/test-server.ts';
import { createFront, type Front } from './front.ts';

const COOKIE = 'scorewall=sam';
const signedIn = { cookie: COOKIE };
const asPage = { accept: 'text/html' };

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

let folder: string;
let nats: TestNats;
let anchor: Server;
let front: Front;
let port: number;
/** Cookie of the one who is signed in. */
let session = COOKIE;
/** What is signed in. */
let kind = 'person';
/** Of the program that is let in. */
let token = 'Bearer of a program';
let seenByAnchor: IncomingMessage | undefined;
let seenByPages: IncomingHttpHeaders | undefined;

/** As much of an anchor as the front needs: a session for one cookie, and an echo. */
function answerAsAnchor(socketPath: string): Promise<Server> {
  const server = createServer((incoming, response) => {
    if (incoming.url === '/api/v1/session') {
      const { cookie, authorization } = incoming.headers;
      response.writeHead(cookie === session || authorization === token ? 200 : 401).end(JSON.stringify({ kind }));
      return;
    }
    seenByAnchor = incoming;
    if (incoming.url === '/api/v1/too-large') {
      response.writeHead(413).end();
      return;
    }
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Set-Cookie': 'a=b', Connection: 'close' });
      response.end(
        JSON.stringify({ method: incoming.method, body: Buffer.concat(chunks).toString(), padding: ' '.repeat(5_000) }),
      );
    });
  }).listen(socketPath);
  return once(server, 'listening').then(() => server);
}

function get(path: string, headers: Record<string, string> = {}, method = 'GET', body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(chunks) }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

function upgrade(path: string, headers: Record<string, string>): Promise<{ status: number; socket?: Socket; first?: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({
      host: '127.0.0.1',
      port,
      path,
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': Buffer.from('0123456789abcdef').toString('base64'),
        ...headers,
      },
    });
    asked.on('response', (reply) => resolve({ status: reply.statusCode ?? 0 }));
    asked.on('upgrade', (reply, socket, head) => {
      const done = (first: Buffer) => resolve({ status: reply.statusCode ?? 0, socket, first: first.toString('latin1') });
      if (head.length > 0) done(head);
      else socket.once('data', done);
    });
    asked.on('error', reject);
    asked.end();
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scorewall-front-'));
  const socketPath = join(folder, 'anchor.sock');
  nats = await startTestNats();
  anchor = await answerAsAnchor(socketPath);
  const ws = new URL(nats.wsUrl);
  front = createFront(
    {
      host: '127.0.0.1',
      port: 0,
      anchor: { socketPath },
      nats: { host: ws.hostname, port: Number(ws.port) },
      tls: undefined,
      hosts: ['wall.example'],
      sessionCheckMs: 50,
    },
    async (incoming, response) => {
      seenByPages = incoming.headers;
      response.end('page');
    },
  );
  front.server.listen(0, '127.0.0.1');
  await once(front.server, 'listening');
  port = (front.server.address() as AddressInfo).port;
});

afterAll(async () => {
  await front?.close();
  anchor?.close();
  await nats?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('without a session', () => {
  it('S57 a page leads to the login and remembers where to', async () => {
    expect(await get('/', asPage)).toMatchObject({ status: 302, headers: { location: '/login' } });
    expect(await get('/d/alice?x=1', asPage)).toMatchObject({ status: 302, headers: { location: '/login?next=%2Fd%2Falice' } });
  });

  it('S57 what is not a page is refused', async () => {
    expect((await get('/', { ...asPage, rsc: '1' })).status).toBe(401);
    expect((await get('/deployments', {}, 'POST')).status).toBe(401);
    expect((await get('/', { cookie: 'scorewall=eve' })).status).toBe(401);
    expect(await get('/robots.txt%2f..%2fd')).toMatchObject({ status: 401 });
    for (const path of ['/_next/static/../../d/alice', '/_next/static/%2e%2e/%2e%2e/d/alice'])
      expect((await get(path, asPage)).status).toBe(302);
  });

  it('the doors and their files open', async () => {
    for (const path of ['/login', '/start', '/_next/static/chunks/a.js', '/icon.svg']) expect((await get(path)).status).toBe(200);
  });
});

describe('every answer', () => {
  it('S61 carries the headers word for word', async () => {
    for (const path of ['/', '/api/v1/devices', '/login']) {
      const { headers } = await get(path, signedIn);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'permissions-policy': 'camera=(), microphone=(), geolocation=(), clipboard-read=()',
        'x-frame-options': 'DENY',
        'cache-control': 'no-store',
      });
      expect(headers['strict-transport-security']).toBeUndefined();
      expect(String(headers['content-security-policy']).replace(/'nonce-[^']+'/, "'nonce-…'")).toBe(
        "default-src 'none'; script-src 'self' 'nonce-…' 'strict-dynamic'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; font-src 'self'; media-src 'self' blob:; worker-src 'self' blob:; manifest-src 'self'; " +
          `connect-src 'self' ws://127.0.0.1:${port}; frame-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'`,
      );
    }
  });

  it('has a nonce of its own, the same for the page and the browser', async () => {
    const first = await get('/', signedIn);
    expect(seenByPages?.['content-security-policy']).toBe(first.headers['content-security-policy']);
    const second = await get('/', signedIn);
    expect(second.headers['content-security-policy']).not.toBe(first.headers['content-security-policy']);
  });

  it('is a refusal for a name that is not ours', async () => {
    for (const host of ['evil.example', `evil.example:${port}`, 'localhost.evil.example', 'a b'])
      expect((await get('/login', { host })).status).toBeGreaterThanOrEqual(400);
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, '[::1]:7400', 'shellfish.local', 'wall.example'])
      expect((await get('/login', { host })).status).toBe(200);
  });
});

describe('a page', () => {
  it.each([
    ['guest', '/guest'],
    ['tv', '/tv'],
  ])('of the hub does not open to a %s, who is sent to its own', async (who, only) => {
    kind = who;
    try {
      for (const path of ['/', '/d/alice', '/deployments', '/people']) {
        const page = await get(path, { ...signedIn, ...asPage });
        expect([path, page.status, page.headers.location]).toEqual([path, 302, only]);
        expect((await get(path, { ...signedIn, rsc: '1' })).status).toBe(403);
      }
      expect((await get(only, { ...signedIn, ...asPage })).status).toBe(200);
    } finally {
      kind = 'person';
    }
  });
});

describe('a request inwards', () => {
  it('S57 cannot pretend who forwarded it, nor speak the inner language of the pages', async () => {
    const forged = {
      ...signedIn,
      'x-forwarded-for': '6.6.6.6',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'evil.example',
      forwarded: 'for=6.6.6.6',
      'x-middleware-subrequest': 'proxy:proxy:proxy',
      'x-nextjs-data': '1',
      'next-action': 'abc',
    };
    await get('/api/v1/devices', forged);
    await get('/', forged);
    for (const headers of [seenByAnchor!.headers, seenByPages!]) {
      expect(headers).toMatchObject({
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
        'x-forwarded-host': `127.0.0.1:${port}`,
      });
      for (const name of ['forwarded', 'x-middleware-subrequest', 'x-nextjs-data', 'next-action'])
        expect(headers[name]).toBeUndefined();
    }
  });

  it('cannot hide a second one in its body: the anchor would answer it to whoever comes next', async () => {
    const hidden = 'GET /api/v1/hidden HTTP/1.1\r\nHost: x\r\n\r\n';
    const disguises: Record<string, string>[] = [
      { 'transfer-encoding': 'chunked' },
      { 'content-length': String(hidden.length), connection: 'keep-alive, content-length, x-forwarded-for, x-forwarded-host' },
    ];
    for (const method of ['GET', 'DELETE'])
      for (const disguise of disguises) {
        const answer = await get('/api/v1/devices', { ...signedIn, ...disguise }, method, hidden);
        expect(JSON.parse(answer.body.toString())).toMatchObject({ method, body: hidden });
        expect(seenByAnchor?.url).toBe('/api/v1/devices');
        expect(seenByAnchor?.headers).toMatchObject({
          'x-forwarded-for': '127.0.0.1',
          'x-forwarded-host': `127.0.0.1:${port}`,
        });
      }
  });

  it('is the last of its connection when it is refused before its end', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write(`PUT /api/v1/too-large HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000\r\n\r\n${'x'.repeat(1_000)}`);
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1\.1 413 .*\r\nconnection: close\r\n/is);
    socket.destroy();
  });

  it('reaches the API whole, and the answer comes back compressed', async () => {
    const body = 'x'.repeat(300_000);
    const put = await get('/api/v1/deployments/hello', { ...signedIn, 'content-type': 'application/yaml' }, 'PUT', body);
    expect(JSON.parse(put.body.toString())).toMatchObject({ method: 'PUT', body });
    expect(put.headers['content-encoding']).toBeUndefined();
    expect(put.headers['set-cookie']).toEqual(['a=b']);
    const read = await get('/api/v1/wall', { ...signedIn, 'accept-encoding': 'gzip' });
    expect(read.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(read.body).toString())).toMatchObject({ method: 'GET' });
  });
});

describe('the live connection', () => {
  const own = (): Record<string, string> => ({ origin: `http://127.0.0.1:${port}`, ...signedIn });

  it('opens to NATS with a session and from our own pages', async () => {
    const { status, first, socket } = await upgrade('/nats', own());
    expect(status).toBe(101);
    expect(first).toContain('INFO {');
    socket?.destroy();
  });

  it('ends with the session', async () => {
    const { socket } = await upgrade('/nats', own());
    const ended = once(socket!, 'close');
    session = 'scorewall=of somebody else';
    try {
      await ended;
    } finally {
      session = COOKIE;
    }
  });

  it('opens to a program with a token, which comes from no page, and ends with it', async () => {
    const { status, first, socket } = await upgrade('/nats', { authorization: token });
    expect([status, first]).toEqual([101, expect.stringContaining('INFO {')]);
    const ended = once(socket!, 'close');
    token = 'Bearer of somebody else';
    await ended;
    expect((await upgrade('/nats', { authorization: 'Bearer of a program' })).status).toBe(401);
    token = 'Bearer of a program';
  });

  it('S60 is not opened by a token from a page of another site, nor by a cookie beside a wrong token', async () => {
    expect((await upgrade('/nats', { authorization: token, origin: 'http://evil.example' })).status).toBe(403);
    expect((await upgrade('/nats', { authorization: token, origin: 'null' })).status).toBe(403);
    expect((await upgrade('/nats', { authorization: token, origin: '' })).status).toBe(403);
    expect((await upgrade('/nats', { authorization: 'Bearer wrong', ...signedIn })).status).toBe(401);
    expect((await upgrade('/nats', { authorization: 'Basic c2FtOnNhbQ==', ...signedIn })).status).toBe(401);
  });

  it('S2 S60 stays shut for everybody else', async () => {
    const origin = `http://127.0.0.1:${port}`;
    expect((await upgrade('/nats', { ...own(), origin: 'http://evil.example' })).status).toBe(403);
    expect((await upgrade('/nats', { ...own(), origin: origin.replace('http', 'https') })).status).toBe(403);
    expect((await upgrade('/nats', signedIn)).status).toBe(403);
    expect((await upgrade('/nats', { origin })).status).toBe(401);
    expect((await upgrade('/nats', { ...own(), host: 'evil.example', origin: 'http://evil.example' })).status).toBe(403);
    expect((await upgrade('/other', own())).status).toBe(404);
  });
});

describe('at the end', () => {
  it('a silent anchor is said in words, and closing ends what is open', async () => {
    const { socket } = await upgrade('/nats', { origin: `http://127.0.0.1:${port}`, ...signedIn });
    anchor.closeAllConnections();
    await new Promise((resolve) => anchor.close(resolve));
    const page = await get('/', { ...asPage, ...signedIn });
    expect([page.status, page.headers['retry-after']]).toEqual([503, '3']);
    expect(page.body.toString()).toContain('Your devices keep running');
    const api = await get('/api/v1/wall', signedIn);
    expect(JSON.parse(api.body.toString())).toMatchObject({ code: 'unavailable' });
    const ended = once(socket!, 'close');
    await front.close();
    await ended;
  });
});
