import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kvm } from '@nats-io/kv';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BUCKET } from '#contracts/buckets.ts';
import { subjects } from '#contracts/subjects.ts';
import { revokeUser } from './account.ts';
import { connectNats } from './connect.ts';
import { readHubEnvironment, usesExistingCluster } from './hub-environment.ts';
import { encodeJwt, encodeUserJwt, formatCreds } from './jwt.ts';
import { mintDevice } from './mint.ts';
import { createNkey } from './nkey.ts';
import { HUB_ID } from './permission-table.ts';
import { provisionFleet } from './provision.ts';
import { freePorts, startConfiguredServer } from './test-server.ts';

const WITHIN = { timeout: 60_000, interval: 20 };
/** A request waits a second only, unless it is told. */
const PATIENT = { timeout: 60_000 };

/** Somebody else's operator with one account for us: all that is handed over is a signing key without a template. */
const operator = createNkey('operator');
const system = createNkey('account');
const account = createNkey('account');
const signing = createNkey('account');

let folder: string;
let url: string;
let server: { stop(): Promise<void> };
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scorewall-cluster-'));
  const [port, monitor] = await freePorts(2);
  url = `nats://127.0.0.1:${port}`;
  const limits = { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
  const config = {
    port,
    http: `127.0.0.1:${monitor}`,
    jetstream: { store_dir: join(folder, 'jetstream') },
    operator: encodeJwt(
      { sub: operator.publicKey, name: 'theirs', nats: { type: 'operator', system_account: system.publicKey } },
      operator,
    ),
    resolver: { type: 'full', dir: join(folder, 'jwt') },
    resolver_preload: {
      [system.publicKey]: encodeJwt({ sub: system.publicKey, name: 'SYS', nats: { type: 'account', limits } }, operator),
      [account.publicKey]: encodeJwt(
        {
          sub: account.publicKey,
          name: 'IOT',
          nats: {
            type: 'account',
            limits: { ...limits, mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 },
            signing_keys: [signing.publicKey],
          },
        },
        operator,
      ),
    },
  };
  const file = join(folder, 'server.conf');
  await writeFile(file, JSON.stringify(config));
  await writeFile(join(folder, 'signing.seed'), `${signing.seed}\n`);
  server = await startConfiguredServer(file, `http://127.0.0.1:${monitor}`);
  env = {
    SCOREWALL_NATS_URL: url,
    SCOREWALL_NATS_ACCOUNT: account.publicKey,
    SCOREWALL_NATS_ACCOUNT_SIGNING_KEY_FILE: join(folder, 'signing.seed'),
  };
});

afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('a cluster of somebody else', () => {
  it('is used with nothing but an account signing key, and says what is off', async () => {
    expect(usesExistingCluster(env)).toBe(true);
    const hub = await readHubEnvironment(env, folder);
    expect(hub.embedded).toBe(false);
    expect(hub.off.map((line) => line.split(':')[0])).toEqual([
      'Presence is off',
      'Revocation is off',
      'Isolation is off',
      'Live tiles are off',
    ]);
    expect(await revokeUser({ account: hub.minting.device.account }, 'UABC')).toMatchObject({ revoked: false });
  });

  it('carries the thread: desired state down, reports up', async () => {
    const { creds, minting, servers } = await readHubEnvironment(env, folder);
    const hub = await connectNats({ servers, creds, name: 'hub', inboxPrefix: subjects.inbox(HUB_ID), firstConnect: 'fail' });
    await provisionFleet(hub);
    expect(await provisionFleet(hub)).toEqual({ created: [], updated: [] });
    const device = await connectNats({
      servers,
      creds: mintDevice(minting, 'alice').creds,
      name: 'alice',
      inboxPrefix: subjects.inbox('alice'),
      firstConnect: 'fail',
    });
    await (await new Kvm(hub).open(BUCKET.desiredState)).put('alice.hello', 'score');
    expect((await device.request(subjects.getDesired('alice', 'hello'), '', PATIENT)).string()).toBe('score');
    await expect(device.request(subjects.getDesired('bob', 'hello'), '', PATIENT)).rejects.toThrow(/Permissions Violation/);
    device.publish(subjects.status('alice'), 'report');
    const status = await new Kvm(hub).open(BUCKET.status);
    await vi.waitFor(async () => expect((await status.get('alice'))?.string()).toBe('report'), WITHIN);
    await Promise.all([device.close(), hub.close()]);
  });

  it('can revoke with the system user and the operator key', async () => {
    const user = createNkey('user');
    const sysCreds = join(folder, 'sys.creds');
    const jwt = encodeUserJwt({ publicKey: user.publicKey, name: 'sys', account: system.publicKey, permissions: {} }, system);
    await writeFile(sysCreds, formatCreds(jwt, user.seed));
    const hub = await readHubEnvironment(
      {
        ...env,
        SCOREWALL_NATS_SYS_CREDS: sysCreds,
        SCOREWALL_NATS_OPERATOR_SIGNING_KEY: operator.seed,
        SCOREWALL_NATS_WS_URL: 'wss://nats.example.org',
      },
      folder,
    );
    expect(hub.off).toHaveLength(1);
    const sys = await connectNats({
      servers: url,
      credsFile: sysCreds,
      name: 'sys',
      inboxPrefix: '_INBOX.system',
      firstConnect: 'fail',
    });
    const device = mintDevice(hub.minting, 'bob');
    const power = { account: hub.minting.device.account, sys, operatorSigning: hub.operatorSigning };
    expect(await revokeUser(power, device.publicKey)).toMatchObject({ revoked: true, off: [] });
    const connect = (creds: string) =>
      connectNats({ servers: url, creds, name: 'bob', inboxPrefix: '_INBOX.bob', firstConnect: 'fail' });
    await expect(connect(device.creds)).rejects.toThrow(/Authorization Violation/);
    // What else the account says is left as it was: its signing key still counts.
    await (await connect(mintDevice(hub.minting, 'bob').creds)).close();
    await sys.close();
  });
});

describe('an environment that cannot work', () => {
  it.each([
    ['no address', { SCOREWALL_NATS_URL: '' }, /SCOREWALL_NATS_URL is not set/],
    ['a key file that is not there', { SCOREWALL_NATS_ACCOUNT_SIGNING_KEY_FILE: '/absent' }, /points to \/absent/],
    [
      'a key of the wrong kind',
      { SCOREWALL_NATS_ACCOUNT_SIGNING_KEY_FILE: '', SCOREWALL_NATS_ACCOUNT_SIGNING_KEY: operator.seed },
      /holds no account seed/,
    ],
    ['an odd number of copies', { SCOREWALL_NATS_REPLICAS: '2' }, /1, 3 or 5/],
  ])('says so: %s', async (_, change, message) => {
    await expect(readHubEnvironment({ ...env, ...change }, folder)).rejects.toThrow(message);
  });
});
