import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { subjects } from '#contracts/subjects.ts';
import { kickUser, revokeUser } from './account.ts';
import { connectNats } from './connect.ts';
import { mintDevice } from './mint.ts';
import { writeServerConfig } from './server-config.ts';
import { startTestNats, type TestNats } from './test-server.ts';

const WITHIN = { timeout: 60_000, interval: 50 };

let nats: TestNats;
let sys: NatsConnection;

beforeAll(async () => {
  nats = await startTestNats();
  sys = await nats.connectAs('system');
});
afterAll(async () => {
  await sys?.close();
  await nats?.stop();
});

const power = () => ({ account: nats.keys.device.account, sys, operatorSigning: nats.keys.operatorSigning });

const connectDevice = (name: string, creds: string) =>
  connectNats({ servers: nats.url, creds, name, inboxPrefix: subjects.inbox(name), firstConnect: 'fail' });

/** How often the connection was lost and found again. */
function follow(connection: NatsConnection): { lost: number; back: number } {
  const count = { lost: 0, back: 0 };
  (async () => {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') count.lost += 1;
      if (type === 'reconnect') count.back += 1;
    }
  })();
  return count;
}

describe('revoking a device', () => {
  it('cuts its connection, keeps it out, and leaves the others alone', async () => {
    const aria = mintDevice(nats.keys, 'aria');
    const connection = await connectDevice('aria', aria.creds);
    const other = await connectDevice('octavia', mintDevice(nats.keys, 'octavia').creds);
    const [ariaCount, otherCount] = [follow(connection), follow(other)];

    expect(await revokeUser(power(), aria.publicKey)).toMatchObject({ revoked: true, off: [] });

    await vi.waitFor(() => expect(ariaCount.lost).toBeGreaterThan(1), WITHIN);
    expect(ariaCount.back).toBe(0);
    await expect(connectDevice('aria', aria.creds)).rejects.toThrow(/Authorization Violation/);
    expect(otherCount).toEqual({ lost: 0, back: 0 });
    await Promise.all([connection.close(), other.close()]);
  });

  it('lets the same name in again with a new key', async () => {
    const again = await connectDevice('aria', mintDevice(nats.keys, 'aria').creds);
    await again.close();
  });

  it('adds to earlier revocations and holds over a restart with a configuration written anew', async () => {
    const [first, second] = [mintDevice(nats.keys, 'one'), mintDevice(nats.keys, 'two')];
    await revokeUser(power(), first.publicKey);
    await revokeUser(power(), second.publicKey);
    await nats.kill();
    const ports = [nats.url, nats.wsUrl, nats.monitorUrl].map((url) => Number(new URL(url).port));
    await writeServerConfig({ home: nats.home, natsPort: ports[0]!, wsPort: ports[1]!, monitorPort: ports[2]! });
    await nats.restart();
    for (const device of [first, second])
      await expect(connectDevice('late', device.creds)).rejects.toThrow(/Authorization Violation/);
    await vi.waitFor(() => sys.flush(), WITHIN);
  });
});

describe('with less power', () => {
  it('without the operator key a connection is cut, and the result says that the key still works', async () => {
    const device = mintDevice(nats.keys, 'carol');
    const connection = await connectDevice('carol', device.creds);
    const count = follow(connection);
    const result = await revokeUser({ account: nats.keys.device.account, sys }, device.publicKey);
    expect(result).toMatchObject({ revoked: false, kicked: 1 });
    expect(result.off[0]).toMatch(/was not revoked/);
    await vi.waitFor(() => expect(count.back).toBeGreaterThan(0), WITHIN);
    expect(count.lost).toBeGreaterThan(0);
    await connection.close();
  });

  it('without the system user nothing is done, and the result says so', async () => {
    const result = await revokeUser({ account: nats.keys.device.account }, 'UABC');
    expect(result).toMatchObject({ revoked: false, kicked: 0 });
    expect(result.off[0]).toMatch(/SCOREWALL_NATS_SYS_CREDS/);
  });

  it('an unknown key has no connection to cut', async () => {
    expect(await kickUser(sys, nats.keys.device.account, mintDevice(nats.keys, 'nobody').publicKey)).toBe(0);
  });
});

describe('the system user', () => {
  it('sees who comes and goes, by key and not by the name they give themselves', async () => {
    const device = mintDevice(nats.keys, 'dora');
    const seen: string[] = [];
    for (const what of ['CONNECT', 'DISCONNECT'])
      sys.subscribe(`$SYS.ACCOUNT.${nats.keys.device.account}.${what}`, {
        callback: (_, message) => {
          const { client } = message.json<{ client: { user: string } }>();
          if (client.user === device.publicKey) seen.push(what);
        },
      });
    await sys.flush();
    const connection = await connectDevice('dora', device.creds);
    await vi.waitFor(() => expect(seen).toEqual(['CONNECT']), WITHIN);
    await connection.close();
    await vi.waitFor(() => expect(seen).toEqual(['CONNECT', 'DISCONNECT']), WITHIN);
  });
});
