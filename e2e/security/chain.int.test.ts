/** What thieves, copies and forgers can do with the identity of a device: rows of the security table, on a real hub and a real bus. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBase64url } from '#roadchain/bytes.ts';
import { linkHash, proposeLink, readBody } from '#roadchain/chain.ts';
import { keyOf } from '#roadchain/device-state.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { signProof } from '#roadchain/proofs.ts';
import { TestDevice } from '#server/identity/test-device.ts';
import { contact, isLive, TestIdentityHub, ticks, ticksOf } from '#server/identity/test-identity-hub.ts';
import { eventually } from '#server/test-anchor.ts';

let fleet: TestIdentityHub;
beforeAll(async () => {
  fleet = await TestIdentityHub.start({ SCOREWALL_IDENTITY_RETIRE_SECONDS: '2' });
});
afterAll(() => fleet?.stop());

let count = 0;
const nextName = () => `device-${++count}`;
const alarms = async ({ name }: TestDevice) =>
  (await fleet.anchor.call('GET', `/devices/${name}/events`)).body.items.filter(
    (event: { kind: string }) => event.kind === 'contested' || event.kind === 'identity-alarm',
  );

describe('a copy of a device', () => {
  it('S24 is found while both are online, and one tap resolves it once it is switched off', async () => {
    const device = await fleet.started({ name: nextName() });
    const copy = fleet.kept(device.copy());
    await copy.start();
    await eventually(async () => (await fleet.standingOf(device.name)) === 'contested', 'the copy is found', 30_000);
    await copy.stop();
    await eventually(async () => (await fleet.post(`/devices/${device.name}/clear`)).status === 204, 'one tap');
    // The key the copy has ends at once: whoever shows it later is only noted.
    await eventually(async () => device.epoch === 1 && isLive(device), 'the device has its next key');
    await eventually(async () => (await fleet.identityOf(device.name)).entries.length === 5, 'the older key is known lost');
    const size = fleet.ledgerSize;
    expect(await contact(copy)).toMatchObject({ op: 'refused', code: 'stale' });
    expect([await fleet.standingOf(device.name), fleet.ledgerSize]).toEqual(['active', size]);
  });

  it('S25 that rotated while the original was off: the original is refused at its first contact, and both wait for a person', async () => {
    const device = await fleet.started({ name: nextName() });
    await device.stop();
    const [original, copy] = [fleet.kept(device.copy()), fleet.kept(device.copy())];
    await copy.start();
    await ticks(copy);
    await fleet.rotate(copy);
    expect(await contact(original)).toMatchObject({
      op: 'refused',
      code: 'stale',
      message: expect.stringContaining('second copy'),
    });
    expect(await fleet.standingOf(device.name)).toBe('contested');
    await eventually(async () => (await alarms(device)).length === 1, 'the alarm');
    const recorded = async () =>
      (await fleet.anchor.call('GET', '/audit')).body.lines.find(
        (line: { action: string; target: string }) => line.action === 'device.contested' && line.target === device.name,
      );
    expect(await eventually(recorded, 'it is in the record')).toMatchObject({ user: 'hub', result: 'ok' });
  });

  it('S26 from before the last two links is refused with one alarm, and the device keeps working', async () => {
    const device = await fleet.started({ name: nextName() });
    const old = fleet.kept(device.copy());
    await fleet.rotate(device);
    await fleet.rotate(device);
    for (let time = 0; time < 3; time++) expect(await contact(old)).toMatchObject({ op: 'refused', code: 'stale' });
    expect(await fleet.standingOf(device.name)).toBe('contested');
    await eventually(async () => (await alarms(device)).length > 0, 'the alarm');
    const before = ticksOf(device);
    await eventually(async () => ticksOf(device) > before + 1, 'the device still ticks');
    expect(await alarms(device)).toHaveLength(1);

    // S27: once a person has spoken, the same copy is only noted.
    await fleet.post(`/devices/${device.name}/clear`);
    await eventually(async () => device.epoch === 3 && isLive(device), 'the device has its next key');
    await eventually(async () => (await fleet.identityOf(device.name)).entries.length === 7, 'the older keys are known lost');
    const size = fleet.ledgerSize;
    expect(await contact(old)).toMatchObject({ op: 'refused', code: 'stale' });
    expect([await fleet.standingOf(device.name), fleet.ledgerSize]).toEqual(['active', size]);
  });

  it('S27 after the device was taken back is refused and noted, and changes nothing', async () => {
    const device = await fleet.started({ name: nextName() });
    const old = fleet.kept(device.copy());
    await fleet.post(`/devices/${device.name}/keep-out`);
    const { body } = await fleet.post(`/devices/${device.name}/take-back`);
    const back = fleet.kept(await TestDevice.join(fleet.options, body.token));
    expect([back.name, back.epoch]).toEqual([device.name, 1]);
    await back.start();
    await ticks(back);
    const size = fleet.ledgerSize;
    expect(await contact(old)).toMatchObject({ op: 'refused', code: 'stale' });
    expect([await fleet.standingOf(back.name), fleet.ledgerSize]).toEqual(['active', size]);
  });
});

describe('a forger', () => {
  const seed = (byte: number) => new Uint8Array(32).fill(byte);
  const proposal = (device: TestDevice, change: { head?: string; epoch?: number; dev?: string; oldSeed?: Uint8Array } = {}) => {
    const { fleet } = device.state;
    const { committed } = device.state;
    return proposeLink(nodeCrypto, {
      fleet,
      dev: change.dev ?? device.name,
      agent: 'x',
      at: new Date().toISOString(),
      previous: { head: change.head ?? device.head, epoch: change.epoch ?? device.epoch },
      oldSeed: change.oldSeed ?? new Uint8Array(Buffer.from(committed!.seed, 'base64url')),
      newSeed: seed(7),
      cause: 'operator',
      req: 'r',
      an: toBase64url(seed(9)),
    });
  };

  it('S28 adds no link: wrong place, skipped epoch, other device, no signature, an older key', async () => {
    const device = await fleet.joined({ name: nextName() });
    const good = proposal(device);
    const size = fleet.ledgerSize;
    const forged = {
      'wrong prev': proposal(device, { head: toBase64url(seed(1)) }),
      'epoch + 2': proposal(device, { epoch: device.epoch + 1 }),
      'other device': proposal(device, { dev: 'octavia' }),
      'no new signature': { ...good, sigNew: good.sigOld },
      'older key': proposal(device, { oldSeed: seed(3) }),
      'changed body': { ...good, body: good.body.replace('"req":"r"', '"req":"s"') },
    };
    for (const [what, link] of Object.entries(forged)) {
      const answer = await device.ask({ op: 'prepare', ...link });
      expect([what, answer.op]).toEqual([what, 'refused']);
    }
    expect([fleet.ledgerSize, await fleet.standingOf(device.name)]).toEqual([size, 'active']);
  });

  it('S29 S30 two commits at once, and every message twice: one link, one receipt', async () => {
    const device = await fleet.joined({ name: nextName() });
    const link = proposal(device);
    const prepared = await Promise.all([1, 2].map(() => device.ask({ op: 'prepare', ...link })));
    const [first, second] = prepared;
    if (first?.op !== 'prepared' || second?.op !== 'prepared') throw new Error(JSON.stringify(prepared));
    expect(second.an).toBe(first.an);
    const size = fleet.ledgerSize;
    const hash = linkHash(nodeCrypto, link);
    const key = keyOf(nodeCrypto, { seed: toBase64url(seed(7)) });
    const sig = signProof(nodeCrypto, key, 'commit', { link: hash, an: first.an });
    const commit = { op: 'commit', link: hash, an: first.an, sig } as const;
    const committed = await Promise.all(Array.from({ length: 6 }, () => device.ask(commit)));
    committed.push(await device.ask({ op: 'prepare', ...link }));
    const links = new Set(committed.map((answer) => JSON.stringify(answer.op === 'committed' && answer.link)));
    expect([links.size, fleet.ledgerSize - size]).toEqual([1, 1]);
    expect(readBody((committed[0] as { link: { body: string } }).link).epoch).toBe(1);
  });

  it('S29 two anchors at once seal one link', async () => {
    const other = await fleet.hub.another();
    const device = await fleet.joined({ name: nextName() });
    const elsewhere = device.copy();
    Object.assign(elsewhere, { options: { ...fleet.options, hubUrl: other.url } });
    const size = fleet.ledgerSize;
    await eventually(async () => other.anchor.hub.identity.ledger.tree.size === size, 'the other anchor has read the ledger');
    const link = proposal(device);
    const one = await device.ask({ op: 'prepare', ...link });
    if (one.op !== 'prepared') throw new Error(JSON.stringify(one));
    const hash = linkHash(nodeCrypto, link);
    const sig = signProof(nodeCrypto, keyOf(nodeCrypto, { seed: toBase64url(seed(7)) }), 'commit', { link: hash, an: one.an });
    const commit = { op: 'commit', link: hash, an: one.an, sig } as const;
    const answers = await Promise.all([device.ask(commit), elsewhere.ask(commit)]);
    expect(answers.map(({ op }) => op)).toEqual(['committed', 'committed']);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.op === 'committed' && answer.link))).size).toBe(1);
    expect(fleet.ledgerSize - size).toBe(1);
    await other.stop();
  });
});

describe('a device that is kept out', () => {
  it('S35 is cut at once, and refused by NATS, by continue, by its old token; nothing is published for it', async () => {
    const text = await fleet.token({ name: 'stolen' });
    const { device, secret } = TestDevice.fresh(fleet.options, text);
    const before = device.copy();
    await fleet.kept(device).enrol(secret);
    await device.start();
    await ticks(device);
    const data = { services: [{ name: 'a', image: 'a:1', ports: [] }] };
    const json = {
      ...{ apiVersion: 'iot.nationtech.io/v1alpha1', kind: 'Deployment', metadata: { name: 'hello' } },
      spec: { targetDevices: ['stolen'], score: { type: 'PodmanV0', data } },
    };
    const put = await fleet.anchor.call('PUT', '/deployments/hello', { json, headers: { 'if-none-match': '*' } });
    expect(put.status).toBeLessThan(300);
    const { desired } = fleet.anchor.anchor.hub.fleet;
    await eventually(async () => desired.entries.has('stolen.hello'), 'its desired state');

    const { status, body } = await fleet.post('/devices/stolen/keep-out');
    expect([status, body.off]).toEqual([200, []]);
    expect(body.connections).toBeGreaterThan(0);
    expect(body.tookMs).toBeTypeOf('number');
    await eventually(async () => device.nc!.isClosed(), 'its connection is cut');
    await expect(device.connect()).rejects.toThrow(/Authorization/);
    expect(await contact(device)).toMatchObject({ op: 'refused', code: 'kept-out', sig: expect.any(String) });
    await expect(before.enrol(secret)).rejects.toThrow(/40[34]|410/);
    await eventually(async () => !desired.entries.has('stolen.hello'), 'nothing is published for it');
    expect(await fleet.standingOf(device.name)).toBe('kept-out');
  });
});

describe('a device that was away too long', () => {
  it('S36 is refused, and comes in when a person confirms it', async () => {
    const late = await fleet.hub.another({ env: { SCOREWALL_IDENTITY_ABSENCE_SECONDS: '1' } });
    const device = fleet.kept(
      await TestDevice.join({ ...fleet.options, hubUrl: late.url }, await fleet.token({ name: 'traveller' })),
    );
    // Longer than it may be away.
    await delay(1_200);
    expect(await contact(device)).toMatchObject({ op: 'refused', code: 'absent' });
    expect(await fleet.standingOf(device.name)).toBe('contested');
    await eventually(async () => {
      await late.call('POST', '/devices/traveller/clear', { json: {} });
      return (await contact(device)).op === 'proved';
    }, 'it comes in');
    await late.stop();
  });
});
