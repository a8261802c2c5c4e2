import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asPage, COOKIE, signedIn, TestFront } from './test-front.ts';

let test: TestFront;
beforeAll(async () => {
  test = await TestFront.start();
});
afterAll(() => test?.stop());

describe('the live connection', () => {
  const own = (): Record<string, string> => ({ origin: `http://127.0.0.1:${test.port}`, ...signedIn });

  it('opens to NATS with a session and from our own pages', async () => {
    const { status, first, socket } = await test.upgrade('/nats', own());
    expect(status).toBe(101);
    expect(first).toContain('INFO {');
    socket?.destroy();
  });

  it('ends with the session', async () => {
    const { socket } = await test.upgrade('/nats', own());
    const ended = once(socket!, 'close');
    test.session = 'scorewall=of somebody else';
    try {
      await ended;
    } finally {
      test.session = COOKIE;
    }
  });

  it('opens to a program with a token, which comes from no page, and ends with it', async () => {
    const { status, first, socket } = await test.upgrade('/nats', { authorization: test.token });
    expect([status, first]).toEqual([101, expect.stringContaining('INFO {')]);
    const ended = once(socket!, 'close');
    test.token = 'Bearer of somebody else';
    await ended;
    expect((await test.upgrade('/nats', { authorization: 'Bearer of a program' })).status).toBe(401);
    test.token = 'Bearer of a program';
  });

  it('S60 is not opened by a token from a page of another site, nor by a cookie beside a wrong token', async () => {
    expect((await test.upgrade('/nats', { authorization: test.token, origin: 'http://evil.example' })).status).toBe(403);
    expect((await test.upgrade('/nats', { authorization: test.token, origin: 'null' })).status).toBe(403);
    expect((await test.upgrade('/nats', { authorization: test.token, origin: '' })).status).toBe(403);
    expect((await test.upgrade('/nats', { authorization: 'Bearer wrong', ...signedIn })).status).toBe(401);
    expect((await test.upgrade('/nats', { authorization: 'Basic c2FtOnNhbQ==', ...signedIn })).status).toBe(401);
  });

  it('S2 S60 stays shut for everybody else', async () => {
    const origin = `http://127.0.0.1:${test.port}`;
    expect((await test.upgrade('/nats', { ...own(), origin: 'http://evil.example' })).status).toBe(403);
    expect((await test.upgrade('/nats', { ...own(), origin: origin.replace('http', 'https') })).status).toBe(403);
    expect((await test.upgrade('/nats', signedIn)).status).toBe(403);
    expect((await test.upgrade('/nats', { origin })).status).toBe(401);
    expect((await test.upgrade('/nats', { ...own(), host: 'evil.example', origin: 'http://evil.example' })).status).toBe(403);
    expect((await test.upgrade('/other', own())).status).toBe(404);
  });
});

describe('at the end', () => {
  it('a silent anchor is said in words, and closing ends what is open', async () => {
    const { socket } = await test.upgrade('/nats', { origin: `http://127.0.0.1:${test.port}`, ...signedIn });
    // From now on: NATS itself ends after two seconds what never says who it is.
    const ended = once(socket!, 'close');
    test.anchor.closeAllConnections();
    await new Promise((resolve) => test.anchor.close(resolve));
    const page = await test.get('/', { ...asPage, ...signedIn });
    expect([page.status, page.headers['retry-after']]).toEqual([503, '3']);
    expect(page.body.toString()).toContain('Your devices keep running');
    const api = await test.get('/api/v1/wall', signedIn);
    expect(JSON.parse(api.body.toString())).toMatchObject({ code: 'unavailable' });
    await test.front.close();
    await ended;
  });
});
