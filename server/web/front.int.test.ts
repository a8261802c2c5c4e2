import { once } from 'node:events';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asPage, signedIn, TestFront } from './test-front.ts';

let test: TestFront;
beforeAll(async () => {
  test = await TestFront.start();
});
afterAll(() => test?.stop());

describe('without a session', () => {
  it('S57 a page leads to the login and remembers where to', async () => {
    expect(await test.get('/', asPage)).toMatchObject({ status: 302, headers: { location: '/login' } });
    expect(await test.get('/d/alice?x=1', asPage)).toMatchObject({
      status: 302,
      headers: { location: '/login?next=%2Fd%2Falice' },
    });
  });

  it('S57 what is not a page is refused', async () => {
    expect((await test.get('/', { ...asPage, rsc: '1' })).status).toBe(401);
    expect((await test.get('/deployments', {}, 'POST')).status).toBe(401);
    expect((await test.get('/', { cookie: 'scorewall=eve' })).status).toBe(401);
    expect(await test.get('/robots.txt%2f..%2fd')).toMatchObject({ status: 401 });
    for (const path of ['/_next/static/../../d/alice', '/_next/static/%2e%2e/%2e%2e/d/alice'])
      expect((await test.get(path, asPage)).status).toBe(302);
  });

  it('the doors and their files open', async () => {
    for (const path of ['/login', '/start', '/_next/static/chunks/a.js', '/icon.svg'])
      expect((await test.get(path)).status).toBe(200);
  });
});

describe('every answer', () => {
  it('S61 carries the headers word for word', async () => {
    for (const path of ['/', '/api/v1/devices', '/login']) {
      const { headers } = await test.get(path, signedIn);
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
          `connect-src 'self' ws://127.0.0.1:${test.port}; frame-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'`,
      );
    }
  });

  it('has a nonce of its own, the same for the page and the browser', async () => {
    const first = await test.get('/', signedIn);
    expect(test.seenByPages?.['content-security-policy']).toBe(first.headers['content-security-policy']);
    const second = await test.get('/', signedIn);
    expect(second.headers['content-security-policy']).not.toBe(first.headers['content-security-policy']);
  });

  it('is a refusal for a name that is not ours', async () => {
    for (const host of ['evil.example', `evil.example:${test.port}`, 'localhost.evil.example', 'a b'])
      expect((await test.get('/login', { host })).status).toBeGreaterThanOrEqual(400);
    for (const host of [`localhost:${test.port}`, `127.0.0.1:${test.port}`, '[::1]:7400', 'shellfish.local', 'wall.example'])
      expect((await test.get('/login', { host })).status).toBe(200);
  });
});

describe('a page', () => {
  it.each([
    ['guest', '/guest'],
    ['tv', '/tv'],
  ])('of the hub does not open to a %s, who is sent to its own', async (who, only) => {
    test.kind = who;
    try {
      for (const path of ['/', '/d/alice', '/deployments', '/people']) {
        const page = await test.get(path, { ...signedIn, ...asPage });
        expect([path, page.status, page.headers.location]).toEqual([path, 302, only]);
        expect((await test.get(path, { ...signedIn, rsc: '1' })).status).toBe(403);
      }
      expect((await test.get(only, { ...signedIn, ...asPage })).status).toBe(200);
    } finally {
      test.kind = 'person';
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
    await test.get('/api/v1/devices', forged);
    await test.get('/', forged);
    for (const headers of [test.seenByAnchor!.headers, test.seenByPages!]) {
      expect(headers).toMatchObject({
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
        'x-forwarded-host': `127.0.0.1:${test.port}`,
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
        const answer = await test.get('/api/v1/devices', { ...signedIn, ...disguise }, method, hidden);
        expect(JSON.parse(answer.body.toString())).toMatchObject({ method, body: hidden });
        expect(test.seenByAnchor?.url).toBe('/api/v1/devices');
        expect(test.seenByAnchor?.headers).toMatchObject({
          'x-forwarded-for': '127.0.0.1',
          'x-forwarded-host': `127.0.0.1:${test.port}`,
        });
      }
  });

  it('is the last of its connection when it is refused before its end', async () => {
    const socket = connect(test.port, '127.0.0.1');
    socket.write(`PUT /api/v1/too-large HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 400000\r\n\r\n${'x'.repeat(1_000)}`);
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1\.1 413 .*\r\nconnection: close\r\n/is);
    socket.destroy();
  });

  it.each([
    ['of a length that is said', false],
    ['in pieces', true],
  ])('that is too large gets an answer in words, %s, and the connection goes on', async (_, inPieces) => {
    for (const bytes of [600_000, 8_000_000]) {
      const response = await fetch(`http://127.0.0.1:${test.port}/api/v1/deployments/hello`, {
        method: 'PUT',
        headers: signedIn,
        body: inPieces ? new Blob(['x'.repeat(bytes)]).stream() : 'x'.repeat(bytes),
        ...(inPieces ? { duplex: 'half' } : {}),
      });
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([413, 'too-large']);
    }
    const socket = connect(test.port, '127.0.0.1');
    const large = 'x'.repeat(600_000);
    socket.write(`PUT /api/v1/a HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${large.length}\r\n\r\n${large}`);
    socket.write(`GET /api/v1/b HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
    let answers = '';
    socket.on('data', (chunk: Buffer) => {
      answers += chunk.toString();
    });
    await once(socket, 'close');
    expect(answers.match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
    expect(test.seenByAnchor?.url).toBe('/api/v1/b');
  });

  it('reaches the API whole, and the answer comes back compressed', async () => {
    const body = 'x'.repeat(300_000);
    const put = await test.get('/api/v1/deployments/hello', { ...signedIn, 'content-type': 'application/yaml' }, 'PUT', body);
    expect(JSON.parse(put.body.toString())).toMatchObject({ method: 'PUT', body });
    expect(put.headers['content-encoding']).toBeUndefined();
    expect(put.headers['set-cookie']).toEqual(['a=b']);
    const read = await test.get('/api/v1/wall', { ...signedIn, 'accept-encoding': 'gzip' });
    expect(read.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(read.body).toString())).toMatchObject({ method: 'GET' });
  });
});
