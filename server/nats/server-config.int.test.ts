import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueCa, issueServerCertificate } from '#server/up/certificate.ts';
import { connectNats } from './connect.ts';
import { loadOrCreateFleetKeys } from './fleet-keys.ts';
import { readJwt } from './jwt.ts';
import { mintDevice } from './mint.ts';
import { startTestNats, type TestNats } from './test-server.ts';

describe('the embedded server', () => {
  let nats: TestNats;
  beforeAll(async () => {
    nats = await startTestNats();
  });
  afterAll(() => nats?.stop());

  it('runs with the settings that matter', async () => {
    const settings = await (await fetch(`${nats.monitorUrl}/varz`)).json();
    expect(settings).toMatchObject({
      max_payload: 1_048_576,
      max_pending: 8_388_608,
      write_deadline: 2_000_000_000,
      ping_interval: 20_000_000_000,
      jetstream: { config: { sync_always: true } },
    });
  });

  it('listens on loopback alone', async () => {
    const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')));
    const ports = [nats.url, nats.wsUrl, nats.monitorUrl].map((url) => Number(new URL(url).port));
    const hex = ports.map((port) => port.toString(16).toUpperCase().padStart(4, '0'));
    const addresses = tables
      .join('\n')
      .split('\n')
      .flatMap((line) => {
        const [, local, , state] = line.trim().split(/\s+/);
        return state === '0A' && hex.includes(local!.split(':')[1]!) ? [local!.split(':')[0]] : [];
      });
    expect(addresses).toEqual(['0100007F', '0100007F', '0100007F']);
  });

  it('keeps every secret to its owner', async () => {
    for (const folder of ['keys', 'nats']) {
      expect((await stat(join(nats.home, folder))).mode & 0o777, folder).toBe(0o700);
    }
    const keys = join(nats.home, 'keys');
    for (const name of await readdir(keys)) expect((await stat(join(keys, name))).mode & 0o777, name).toBe(0o600);
    const config = await readFile(join(nats.home, 'nats/server.conf'), 'utf8');
    for (const name of await readdir(keys)) {
      if (name.endsWith('.seed')) expect(config).not.toContain((await readFile(join(keys, name), 'utf8')).trim());
    }
  });

  it('has the same keys at the next start, and the same users in its creds', async () => {
    const before = await readFile(nats.keys.creds.anchor, 'utf8');
    const again = await loadOrCreateFleetKeys(join(nats.home, 'keys'));
    expect(again.fleetAccount.publicKey).toBe(nats.keys.fleetAccount.publicKey);
    const user = (creds: string) => readJwt(creds.split('\n')[1]!).sub;
    expect(user(await readFile(again.creds.anchor, 'utf8'))).toBe(user(before));
  });

  it.each([
    ['the page`s own origin', (host: string) => `http://${host}`, 101],
    ['no origin: not a browser, the JWT decides', () => undefined, 101],
    ['another site', () => 'https://evil.example', 403],
    ['another port of the same machine', () => 'http://127.0.0.1:9', 403],
    ['no origin at all, in words', () => 'null', 403],
  ])('opens a websocket for %s: %#', async (_, origin, status) => {
    const { host } = new URL(nats.wsUrl);
    expect(await upgrade(nats.wsUrl, origin(host))).toBe(status);
  });
});

describe('with a certificate', () => {
  let folder: string;
  let nats: TestNats;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'scorewall-tls-'));
    const ca = issueCa('Test CA');
    const { key, certificate } = issueServerCertificate(ca, 'Test CA', ['localhost', '127.0.0.1']);
    const [caFile, keyFile, certFile] = ['ca.pem', 'key.pem', 'cert.pem'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await Promise.all([writeFile(caFile, ca.certificate), writeFile(keyFile, key), writeFile(certFile, certificate)]);
    nats = await startTestNats({
      tls: { certFile, keyFile },
      webOrigins: ['https://wall.example'],
    });
  });
  afterAll(async () => {
    await nats?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('lets in a device that trusts it, and a device that does not stays away', async () => {
    const device = { creds: mintDevice(nats.keys, 'alice').creds, name: 'alice', inboxPrefix: '_INBOX.alice' };
    const servers = nats.url.replace('nats://', 'tls://');
    const connection = await connectNats({ ...device, servers, caFile: join(folder, 'ca.pem'), firstConnect: 'fail' });
    await connection.flush();
    await connection.close();
    await expect(connectNats({ ...device, servers, firstConnect: 'fail' })).rejects.toThrow(/certificate/);
  });

  it('opens a websocket for the named origin alone', async () => {
    expect(await upgrade(nats.wsUrl, 'https://wall.example')).toBe(101);
    expect(await upgrade(nats.wsUrl, 'https://wall.example.evil.example')).toBe(403);
    expect(await upgrade(nats.wsUrl, 'http://wall.example')).toBe(403);
  });
});

function upgrade(wsUrl: string, origin: string | undefined): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = get(wsUrl.replace('ws://', 'http://'), {
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': Buffer.from('0123456789abcdef').toString('base64'),
        ...(origin === undefined ? {} : { Origin: origin }),
      },
    });
    request.on('error', reject);
    request.on('response', (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode);
    });
  });
}
