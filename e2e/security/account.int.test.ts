/** What somebody can do who stole the system user of the bus: rows of the security table, on a real nats-server beside a real hub. */
import type { NatsConnection } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf } from '#roadchain/device-state.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { TestIdentityHub } from '#server/identity/test-identity-hub.ts';
import { lookUpAccount, pushAccount } from '#server/nats/account.ts';
import { encodeJwt, readJwt } from '#server/nats/jwt.ts';
import { createNkey, userKeyOf } from '#server/nats/nkey.ts';
import { eventually } from '#server/test-anchor.ts';

let fleet: TestIdentityHub;
let sys: NatsConnection;

beforeAll(async () => {
  fleet = await TestIdentityHub.start({ SCOREWALL_IDENTITY_WATCH_SECONDS: '0.5' });
  sys = await fleet.hub.nats.connectAs('system');
});
afterAll(async () => {
  await sys?.close();
  await fleet?.stop();
});

describe('a thief of the system user', () => {
  const account = () => fleet.hub.nats.keys.edgeAccount.publicKey;

  it('S21 lets a refused key in again by an older account, and the hub puts it right', async () => {
    const old = await lookUpAccount(sys, account());
    const device = await fleet.joined({ name: 'refused' });
    const key = userKeyOf(nodeCrypto.publicKey(keyOf(nodeCrypto, device.state.committed!)));
    await fleet.anchor.anchor.hub.revokeKey(key);
    await expect(device.connect()).rejects.toThrow(/Authorization/);
    await pushAccount(sys, old);
    const restored = async () => key in ((readJwt(await lookUpAccount(sys, account())).nats.revocations as object) ?? {});
    await eventually(restored, 'the account is put right');
    // It only is where the older account was seen.
    const recorded = async () =>
      (await fleet.anchor.call('GET', '/audit')).body.lines.some(
        (line: { action: string }) => line.action === 'account.restored',
      );
    await eventually(recorded, 'it is in the record');
    await eventually(
      () =>
        device.connect().then(
          async (nc) => void (await nc.close()),
          () => true,
        ),
      'the key is refused again',
    );
  });

  it('S22 has the account signed by a foreign operator, and logins work again even after a restart of NATS', async () => {
    const device = await fleet.joined({ name: 'bob' });
    const foreign = createNkey('operator');
    const { nats, name } = readJwt(await lookUpAccount(sys, account()));
    const forged = encodeJwt({ sub: account(), name: name ?? '', nats: { ...nats, type: 'account' } }, foreign);
    // The server takes it: that is the hole.
    await pushAccount(sys, forged);
    const byUs = async () => readJwt(await lookUpAccount(sys, account())).iss === fleet.hub.nats.keys.operatorSigning.publicKey;
    await eventually(byUs, 'the account is signed by us again');
    await pushAccount(sys, forged);
    await fleet.hub.nats.restart();
    const works = () =>
      device
        .copy()
        .connect()
        .then(
          async (nc) => {
            await nc.close();
            return true;
          },
          () => false,
        );
    await eventually(works, 'a device logs in');
    await eventually(byUs, 'the account is signed by us');
  });

  it('S22 has what devices may do changed, and the hub puts it right', async () => {
    const { nats, name } = readJwt(await lookUpAccount(sys, account()));
    const wide = { ...nats, signing_keys: [fleet.hub.nats.keys.device.key.publicKey, fleet.hub.nats.keys.people.key.publicKey] };
    await pushAccount(
      sys,
      encodeJwt({ sub: account(), name: name ?? '', nats: { ...wide, type: 'account' } }, fleet.hub.nats.keys.operatorSigning),
    );
    const scoped = async () => JSON.stringify(readJwt(await lookUpAccount(sys, account())).nats).includes('user_scope');
    await eventually(scoped, 'the template is back');
  });
});
