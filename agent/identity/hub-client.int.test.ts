import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareFleetTls } from '#server/up/fleet-tls.ts';
import { askHub, fetchFromHub, HubUnreachable, WrongFile, WrongKey } from './hub-client.ts';

let folder: string;
let server: Server;
let url: string;
let pin: string;
/** Bodies that reached the other side. */
const heard: string[] = [];
let answer = '{"state":"waiting"}';
const FILE = '/install/agent.mjs';
/** What is done to whoever asks for the file. */
let give: (response: ServerResponse) => void = (response) => void response.end();
let fetches = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sw-pin-'));
  const { certFile, keyFile } = prepareFleetTls(folder);
  const cert = await readFile(certFile, 'utf8');
  const spki = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' });
  pin = createHash('sha256').update(spki).digest('base64');
  server = createServer({ cert, key: await readFile(keyFile, 'utf8') }, (request, response) => {
    if (request.url === FILE) {
      fetches += 1;
      return give(response);
    }
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      heard.push(text);
      response.end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

describe('a hub with a certificate of its own', () => {
  it('is believed by its key, and only by that', async () => {
    heard.length = 0;
    expect(await askHub({ url, pin }, '/rc/enrol', { tid: 'one' })).toEqual({ status: 200, body: { state: 'waiting' } });
    expect(heard).toEqual(['{"tid":"one"}']);
  });

  it('S20 with another key hears nothing', async () => {
    heard.length = 0;
    const other = createHash('sha256').update('another key').digest('base64');
    for (const wrong of [other, pin.slice(0, 8), 'not base64 at all'])
      await expect(askHub({ url, pin: wrong }, '/rc/enrol', { secret: 'x' })).rejects.toThrow(WrongKey);
    expect(heard).toEqual([]);
  });

  it('is not believed without its key where no authority knows it', async () => {
    heard.length = 0;
    await expect(askHub({ url }, '/rc/enrol', {})).rejects.toThrow(/cannot be reached \(.*SIGNATURE|cannot be reached \(.*CERT/);
    expect(heard).toEqual([]);
  });

  it('may answer with anything: too much, or no JSON, is no answer', async () => {
    answer = `"${'x'.repeat(300 * 1024)}"`;
    await expect(askHub({ url, pin }, '/rc/enrol', {})).rejects.toThrow(/too long/);
    answer = '<html>Sign in to the hotel</html>';
    await expect(askHub({ url, pin }, '/rc/enrol', {})).rejects.toThrow(/is not a hub/);
    await expect(askHub({ url: 'http://127.0.0.1:1' }, '/rc/enrol', {})).rejects.toThrow(HubUnreachable);
  });
});

describe('a file of the hub', () => {
  const CONTENT = Buffer.alloc(300_000, 'x');
  const whole = (response: ServerResponse) => void response.writeHead(200, { 'content-length': CONTENT.length }).end(CONTENT);

  it('S20 is fetched from whoever has the key, and from nobody else', async () => {
    give = whole;
    fetches = 0;
    expect((await fetchFromHub({ url, pin }, FILE, CONTENT.length)).equals(CONTENT)).toBe(true);
    const other = createHash('sha256').update('another key').digest('base64');
    await expect(fetchFromHub({ url, pin: other }, FILE, CONTENT.length)).rejects.toThrow(WrongKey);
    await expect(fetchFromHub({ url }, FILE, CONTENT.length)).rejects.toThrow(HubUnreachable);
    expect(fetches).toBe(1);
  });

  it.each<[string, (response: ServerResponse) => void, typeof WrongFile | typeof HubUnreachable]>([
    ['of another size', (response) => void response.writeHead(200, { 'content-length': 1 }).end('x'), WrongFile],
    ['without a size, and without an end', (response) => void response.writeHead(200).write(CONTENT), WrongFile],
    ['that is not there', (response) => void response.writeHead(404).end(), WrongFile],
    ['that cannot be had now', (response) => void response.writeHead(503).end(), HubUnreachable],
    [
      'that is cut off in the middle',
      (response) =>
        void response.writeHead(200, { 'content-length': CONTENT.length }).write(CONTENT.subarray(1), () => response.destroy()),
      HubUnreachable,
    ],
  ])('%s is not taken', async (_, act, error) => {
    give = act;
    await expect(fetchFromHub({ url, pin }, FILE, CONTENT.length)).rejects.toThrow(error);
  });
});
