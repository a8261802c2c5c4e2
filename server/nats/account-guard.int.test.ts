import type { NatsConnection } from '@nats-io/nats-core';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subjects } from '#contracts/subjects.ts';
import { lookUpAccount, pushAccount } from './account.ts';
import { encodeEdgeAccountJwt } from './account-claims.ts';
import { AccountGuard, type AccountGuardOptions, type RefusedKey } from './account-guard.ts';
import { connectNats } from './connect.ts';
import { encodeJwt, readJwt } from './jwt.ts';
import { mintDevice } from './mint.ts';
import { createNkey } from './nkey.ts';
import { startTestNats, type TestNats } from './test-server.ts';

let nats: TestNats;
let sys: NatsConnection;
const restored: string[] = [];

beforeAll(async () => {
  nats = await startTestNats();
  sys = await nats.connectAs('system');
});
afterAll(async () => {
  await sys?.close();
  await nats?.stop();
});

/** What outlives a process. */
function memory(): AccountGuardOptions['keys'] & { kept: Map<string, RefusedKey> } {
  const kept = new Map<string, RefusedKey>();
  return {
    kept,
    list: async () => [...kept.values()],
    put: async (key) => void kept.set(key.publicKey, key),
    delete: async (publicKey) => void kept.delete(publicKey),
  };
}
const guardOf = (keys: AccountGuardOptions['keys'], more: Partial<AccountGuardOptions> = {}) =>
  new AccountGuard({
    account: nats.keys.device.account,
    sys,
    operatorSigning: nats.keys.operatorSigning,
    encode: (revocations) => encodeEdgeAccountJwt(nats.keys, revocations),
    keys,
    onRestored: (what) => restored.push(what),
    log: pino({ level: 'silent' }),
    ...more,
  });
const refusedNow = async () =>
  Object.keys((readJwt(await lookUpAccount(sys, nats.keys.device.account)).nats.revocations as object | undefined) ?? {});
const connects = (name: string, creds: string) =>
  connectNats({ servers: nats.url, creds, name, inboxPrefix: subjects.inbox(name), firstConnect: 'fail' }).then(
    async (nc) => {
      await nc.close();
      return true;
    },
    () => false,
  );

describe.each([
  ['whose account is ours', {}],
  ['of somebody else', { encode: undefined }],
] as const)('on a server %s', (_, more) => {
  it('a key is cut at once while nothing can be kept yet, and is kept by the refusal that follows', async () => {
    const keys = memory();
    const guard = guardOf(keys, more);
    await guard.check();
    const { publicKey, creds } = mintDevice(nats.keys, 'octavia');
    expect(await connects('octavia', creds)).toBe(true);
    await guard.cutAtOnce([publicKey], Date.now() + 60_000);
    expect(await connects('octavia', creds)).toBe(false);
    expect(keys.kept.has(publicKey)).toBe(false);
    await guard.refuse(publicKey);
    expect(keys.kept.has(publicKey)).toBe(true);
    expect(await connects('octavia', creds)).toBe(false);
  });

  it('many keys are refused at once, and all stay refused', async () => {
    const keys = memory();
    const guard = guardOf(keys, more);
    await guard.check();
    const devices = Array.from({ length: 20 }, (_item, at) => mintDevice(nats.keys, `device-${at}`));
    const results = await Promise.all(devices.map(({ publicKey }) => guard.refuse(publicKey)));
    expect(results.every(({ revoked, off }) => revoked && off.length === 0)).toBe(true);
    expect(await refusedNow()).toEqual(expect.arrayContaining(devices.map(({ publicKey }) => publicKey)));
    expect(await connects('device-7', devices[7]!.creds)).toBe(false);
    expect(keys.kept.size).toBeGreaterThanOrEqual(20);
  });

  it('a key is forgotten when nothing that was signed for it lives, everywhere, and stays forgotten', async () => {
    const keys = memory();
    const guard = guardOf(keys, more);
    const { publicKey } = mintDevice(nats.keys, 'ended');
    await guard.refuse(publicKey, { untilMs: Date.now() - 3_600_000 });
    await guard.check();
    expect([await refusedNow(), keys.kept.has(publicKey), guard.isRefused(publicKey)]).toEqual([
      expect.not.arrayContaining([publicKey]),
      false,
      false,
    ]);
    await guard.refuse(mintDevice(nats.keys, 'another').publicKey);
    expect(await refusedNow()).not.toContain(publicKey);
  });

  it('what another anchor refused is known after the next look', async () => {
    const keys = memory();
    const { publicKey, creds } = mintDevice(nats.keys, 'shared');
    await guardOf(keys, more).refuse(publicKey);
    const other = guardOf(keys, more);
    expect(await other.check()).toBe(false);
    expect(other.isRefused(publicKey)).toBe(true);
    expect(await connects('shared', creds)).toBe(false);
  });

  it('an account by a foreign operator, and an older one, are put right, and it is said', async () => {
    const keys = memory();
    const guard = guardOf(keys, more);
    await guard.check();
    const old = await lookUpAccount(sys, nats.keys.device.account);
    const { publicKey } = mintDevice(nats.keys, 'let-in-again');
    await guard.refuse(publicKey);
    await pushAccount(sys, old);
    expect(await guard.check()).toBe(true);
    expect(restored.at(-1)).toMatch(/1 refused keys were let in again/);
    expect(await refusedNow()).toContain(publicKey);
    const { nats: body, sub } = readJwt(old);
    await pushAccount(sys, encodeJwt({ sub, name: 'EDGE', nats: { ...body, type: 'account' } }, createNkey('operator')));
    expect(await guard.check()).toBe(true);
    expect(restored.at(-1)).toMatch(/somebody else had signed it/);
    expect([await guard.check(), await refusedNow()]).toEqual([false, expect.arrayContaining([publicKey])]);
  });
});
