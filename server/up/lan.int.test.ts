import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { get as getPlain, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { get, request } from 'node:https';
import { connect } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from './build.ts';
import { HubHome, type Up } from './running-hub.ts';
import { waitUntil } from './wait-until.ts';

const hub = new HubHome(['up-lan']);
let up: Up;

beforeAll(async () => {
  await hub.choosePorts();
  up = await hub.start('--lan').ready();
});
afterAll(async () => {
  if (up && !up.ended) await up.end('SIGTERM');
  hub.remove();
});

const scorewall = (...args: string[]) =>
  execFileSync(process.execPath, ['cli/bin.mjs', '--home', hub.home, ...args], { cwd: projectRoot, encoding: 'utf8' });

const askHealth = (ca: string | undefined): Promise<number | string> =>
  new Promise((resolve) => {
    get(`https://127.0.0.1:${hub.port}/api/v1/healthz`, { ...(ca ? { ca } : {}), agent: false }, (reply) => {
      reply.resume();
      resolve(reply.statusCode ?? 0);
    }).on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });

/** As its page by its first address; a websocket that is let in answers 101 and is closed again. */
const ask = (where: string, headers: Record<string, string>, body?: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { host } = new URL(hub.runFile.url);
    const ca = readFileSync(hub.runFile.caFile!, 'utf8');
    const to = { host: '127.0.0.1', port: hub.port, path: where, method: body ? 'POST' : 'GET', ca, agent: false };
    const asked = request({ ...to, headers: { ...headers, host } }, (reply) => {
      reply.resume();
      resolve(reply);
    });
    asked.on('upgrade', (reply, socket) => {
      socket.destroy();
      resolve(reply);
    });
    asked.on('error', reject);
    asked.end(body);
  });

const askPlain = (where: string, headers: Record<string, string>) =>
  new Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: string }>((resolve, reject) => {
    const to = { host: '127.0.0.1', port: hub.port, path: where, headers, agent: false };
    getPlain(to, async (reply) => {
      let body = '';
      for await (const chunk of reply.setEncoding('utf8')) body += chunk;
      resolve({ status: reply.statusCode, headers: reply.headers, body });
    }).on('error', reject);
  });

describe('a hub for the network', () => {
  it('speaks TLS with a certificate of its own CA, and shows what to compare', async () => {
    const { url, caFile } = hub.runFile;
    const ca = readFileSync(caFile!, 'utf8');
    expect(url).toMatch(/^https:/);
    expect(await askHealth(ca)).toBe(200);
    expect(await askHealth(undefined)).not.toBe(200);
    expect(up.output).toMatch(/Fingerprint of its CA[\s\S]*([0-9A-F]{2}:){15}[0-9A-F]{2}/);
  });

  it('tells who speaks plain http the address that works, and leads browsers there alone', async () => {
    const page = { accept: 'text/html', host: `shellfish.local:${hub.port}` };
    const led = await askPlain('/people?as=you', page);
    expect([led.status, led.headers.location]).toEqual([307, `https://shellfish.local:${hub.port}/people?as=you`]);
    expect(led.headers['strict-transport-security']).toBeUndefined();
    const program = await askPlain('/api/v1/devices', { host: page.host, authorization: 'Bearer readable' });
    expect([program.status, program.headers.location]).toEqual([400, undefined]);
    expect(program.body).toMatch(/speaks TLS.*https:\/\/shellfish\.local:\d+.*could be read on the way/);
    const foreign = await askPlain('/', { ...page, host: 'rebound.example' });
    expect([foreign.status, foreign.headers.location]).toEqual([400, undefined]);
    expect(foreign.body).not.toContain('rebound');
    // What neither of them would say is no reason to wait, nor to fall over.
    const silent = connect(hub.port, '127.0.0.1').on('error', () => undefined);
    expect((await ask('/api/v1/healthz', {})).headers['strict-transport-security']).toBeUndefined();
    silent.end('\u0000\u0001');
    expect((await ask('/api/v1/healthz', {})).statusCode).toBe(200);
  });

  it('opens the live connection to a page that came over TLS, and to no other', async () => {
    const { url, ownerLink } = hub.runFile;
    const body = JSON.stringify({ token: ownerLink.split('#')[1], password: 'nine frames and a plate' });
    const owner = await ask('/api/v1/owner', { 'content-type': 'application/json', origin: url }, body);
    const cookie = owner.headers['set-cookie']?.map((one) => one.split(';')[0]).join('; ') ?? '';
    expect(cookie).not.toBe('');
    const knock = (origin: string) =>
      ask('/nats', {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': Buffer.from('scorewall-knocks').toString('base64'),
        origin,
        cookie,
      });
    expect((await knock(url)).statusCode).toBe(101);
    expect((await knock(url.replace('https', 'http'))).statusCode).toBe(403);
  });

  it('is reached over TLS by its own device and by the command line', async () => {
    const live = /up-lan +● Running +Live/;
    await waitUntil(() => live.test(scorewall('get', 'devices')), { timeoutMs: 60_000, everyMs: 500 });
    expect(scorewall('get', 'devices')).toMatch(live);
  });

  it('hands a new device the certificate it knows the hub by', () => {
    const folder = path.join(hub.home, 'to-carry');
    scorewall('device', 'add', 'up-far', '-d', folder);
    expect(readdirSync(folder).sort()).toEqual(['ca.pem', 'up-far.creds', 'up-far.toml']);
    const config = readFileSync(path.join(folder, 'up-far.toml'), 'utf8');
    expect(config).toMatch(new RegExp(`urls = \\[ "tls://[^"]+:${hub.natsPort}" \\]\\nca_file = "ca.pem"`));
  });
});
