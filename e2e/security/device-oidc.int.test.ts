import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { exportJWK } from 'jose';
import { Provider } from 'oidc-provider';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OidcConfig } from '#agent/config/agent-config.ts';
import { OidcSource } from '#agent/identity/oidc-source.ts';
import { fetchProviderToken } from '#agent/identity/provider-token.ts';
import { createLogger } from '#agent/log.ts';
import { NatsLink } from '#agent/nats-link.ts';
import { subjects } from '#contracts/subjects.ts';
import { connectNats } from '#server/nats/connect.ts';
import { formatCreds } from '#server/nats/jwt.ts';
import { createNkey } from '#server/nats/nkey.ts';
import { startTestHub, type TestHub } from '#server/test-anchor.ts';

const WAITING = { timeout: 30_000, interval: 50 };
const AUDIENCE = 'urn:scorewall:test';
const SECRET = 'a-secret-of-a-device-with-many-letters';
const device = generateKeyPairSync('ed25519');
const signing = generateKeyPairSync('rsa', { modulusLength: 2048 });

let provider: Server;
let issuer: string;
let hub: TestHub;
let folder: string;
const ends: (() => Promise<void>)[] = [];
const lines: string[] = [];
const log = createLogger({ level: 'debug', format: 'json', write: (line) => lines.push(line) });

/** A certified provider, whose clients are devices. */
async function startProvider(port = 0): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = { grant_types: ['client_credentials'], redirect_uris: [], response_types: [], scope: 'wall' };
  const oidc = new Provider(issuer, {
    clients: [
      { ...client, client_id: 'pi-by-secret', client_secret: SECRET, token_endpoint_auth_method: 'client_secret_post' },
      {
        ...client,
        client_id: 'pi-by-key',
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'EdDSA',
        jwks: { keys: [{ ...(await exportJWK(device.publicKey)), kid: 'of-pi', use: 'sig' }] },
      },
      { ...client, client_id: 'pi-nowhere', client_secret: SECRET, token_endpoint_auth_method: 'client_secret_post' },
    ],
    jwks: { keys: [{ ...(await exportJWK(signing.privateKey)), kid: 'of-provider', use: 'sig', alg: 'RS256' }] },
    enabledJWA: { clientAuthSigningAlgValues: ['EdDSA', 'RS256'] },
    scopes: ['wall'],
    features: {
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({ scope: 'wall', audience: AUDIENCE, accessTokenFormat: 'jwt', accessTokenTTL: 600 }),
      },
    },
  });
  server.on('request', oidc.callback());
  return server;
}

const stopServer = (server: Server) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

beforeAll(async () => {
  provider = await startProvider();
  hub = await startTestHub();
  const settings = `issuer = "${issuer}"\naudience = "${AUDIENCE}"\ndevice_claim = "client_id"\n[names]\npi-by-key = "keyed"\npi-by-secret = "secretive"\n`;
  await writeFile(join(hub.nats.home, 'device-oidc.toml'), settings);
  await hub.first.stop();
  hub.first = await hub.another();
  for (const name of ['keyed', 'secretive'])
    expect((await hub.first.call('POST', '/devices', { json: { name } })).status).toBe(201);
});
afterAll(async () => {
  await hub?.stop();
  await stopServer(provider);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sw-oidc-'));
  await writeFile(join(folder, 'key.pem'), device.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  await writeFile(join(folder, 'secret'), `${SECRET}\n`, { mode: 0o600 });
  lines.length = 0;
});
afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
  await rm(folder, { recursive: true });
});

const config = (changes: Partial<OidcConfig> = {}): OidcConfig => ({
  type: 'oidc',
  hub: { url: hub.first.url },
  issuer,
  clientId: 'pi-by-key',
  keyFile: join(folder, 'key.pem'),
  keyId: 'of-pi',
  scope: 'wall',
  ...changes,
});
const bySecret = (clientId: string) => {
  const { keyFile: _, keyId: __, ...others } = config({ clientId, clientSecretFile: join(folder, 'secret') });
  return others;
};

/** Connected as what `settings` say; `seen.connection` while it is. */
function start(name: string, settings: OidcConfig) {
  const seen: { connection: NatsConnection | undefined } = { connection: undefined };
  const user = {
    attach: (connection: NatsConnection) => {
      seen.connection = connection;
    },
    detach: () => {
      seen.connection = undefined;
    },
  };
  const ending = new AbortController();
  const credentials = new OidcSource(settings, name, join(folder, name));
  const running = new NatsLink({ device: name, urls: [], credentials, users: [user], log }).run(ending.signal);
  const stop = async () => {
    ending.abort();
    await running;
  };
  ends.push(stop);
  return { seen, stop };
}
const isConnected = ({ seen }: ReturnType<typeof start>) =>
  vi.waitFor(() => expect(seen.connection, lines.join('')).toBeDefined(), WAITING);
const isTold = (words: RegExp) => vi.waitFor(() => expect(lines.join('')).toMatch(words), WAITING);

describe('a device whose provider vouches for it', () => {
  it('is let in by a signed assertion, and by the secret of a client', async () => {
    await isConnected(start('keyed', config()));
    await isConnected(start('secretive', bySecret('pi-by-secret')));
    const identity = await hub.first.call('GET', '/devices/keyed/identity');
    expect(identity.body).toMatchObject({ device: 'keyed', standing: 'active' });
  });

  it('comes back while the provider and the hub are away', async () => {
    const first = start('keyed', config());
    await isConnected(first);
    await first.stop();
    const { port } = new URL(issuer);
    const { port: hubPort } = new URL(hub.first.url);
    const settings = config();
    const token = await fetchProviderToken(settings);
    await stopServer(provider);
    await hub.first.stop();
    try {
      await isConnected(start('keyed', settings));
      // The hub reads the keys of the provider from its own disk.
      hub.first = await hub.another({ listen: `127.0.0.1:${hubPort}` });
      const publicKey = createNkey('user').publicKey;
      const told = await hub.first.raw('POST', '/rc/exchange', { json: { token, publicKey } });
      expect(told, told.text).toMatchObject({ status: 200, body: { device: 'keyed' } });
    } finally {
      provider = await startProvider(Number(port));
    }
  });

  it.each([
    ['a client that names no device of the wall', 'nowhere', () => bySecret('pi-nowhere'), /No device is called/],
    ['a wrong key', 'keyed', () => config({ keyId: 'of-nobody' }), /refuses this device \(401 invalid_client\)/],
    ['the name of another', 'secretive', () => config(), /provider calls this device keyed/],
  ])('is told in words why it is not let in: %s', async (_, name, settings, words) => {
    const started = start(name, settings());
    await isTold(words);
    expect(started.seen.connection).toBeUndefined();
  });

  it('is not let in by a token for somebody else, or by one that nobody signed', async () => {
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(
      JSON.stringify({ iss: issuer, aud: AUDIENCE, client_id: 'pi-by-key', exp: 4_000_000_000 }),
    ).toString('base64url')}.`;
    const { SignJWT } = await import('jose');
    const sign = (audience: string, key = signing.privateKey) =>
      new SignJWT({ client_id: 'pi-by-key' })
        .setProtectedHeader({ alg: 'RS256', kid: 'of-provider' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setExpirationTime('1m')
        .sign(key);
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    for (const token of [none, await sign('urn:somebody:else'), await sign(AUDIENCE, stranger)]) {
      const reply = await hub.first.raw('POST', '/rc/exchange', { json: { token, publicKey: `U${'A'.repeat(55)}` } });
      expect(reply.status, reply.text).toBe(403);
    }
  });

  it('has one key however many ask at once, and none once it is kept out', async () => {
    const token = await fetchProviderToken(bySecret('pi-by-secret'));
    const keys = Array.from({ length: 4 }, () => createNkey('user'));
    const ask = ({ publicKey }: { publicKey: string }) => hub.first.raw('POST', '/rc/exchange', { json: { token, publicKey } });
    const answers = await Promise.all(keys.map(ask));
    const given = answers.flatMap(({ status, body }, at) => (status === 200 ? [{ jwt: body.jwt, ...keys[at]! }] : []));
    expect(given.length).toBeGreaterThan(0);
    const isLetIn = async ({ jwt, seed }: { jwt: string; seed: string }) => {
      const creds = formatCreds(jwt, seed);
      try {
        const inboxPrefix = subjects.inbox('secretive');
        await (await connectNats({ servers: hub.nats.url, creds, name: 'secretive', inboxPrefix, firstConnect: 'fail' })).close();
        return true;
      } catch (error) {
        expect((error as Error).message).toMatch(/Authorization/);
        return false;
      }
    };
    const { body } = await hub.first.call('GET', '/devices/secretive');
    for (const one of given) expect(await isLetIn(one)).toBe(one.publicKey === body.device.publicKey);
    expect((await hub.first.call('POST', '/devices/secretive/keep-out', { json: {} })).status).toBe(200);
    for (const one of given) expect(await isLetIn(one)).toBe(false);
    expect((await ask(createNkey('user'))).body.jwt).toBeUndefined();
    const { body: after } = await hub.first.call('POST', '/devices/secretive/credentials', { json: {} });
    expect(after.device.standing).toBeUndefined();
  });
});
