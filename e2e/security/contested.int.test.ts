/** What a device may do while nobody knows which of two it is, and how a person decides: rows of the security table, on a real hub and bus. */
import { type NatsConnection, PermissionViolationError } from '@nats-io/nats-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestDevice } from '#server/identity/test-device.ts';
import { contact, isLive, TestIdentityHub } from '#server/identity/test-identity-hub.ts';
import { readJwt } from '#server/nats/jwt.ts';
import { eventually } from '#server/test-anchor.ts';

const SID = '00112233445566778899aabb';

let fleet: TestIdentityHub;
beforeAll(async () => {
  fleet = await TestIdentityHub.start({ SCOREWALL_IDENTITY_RETIRE_SECONDS: '2' });
});
afterAll(() => fleet?.stop());

let count = 0;
const nextName = () => `twice-${++count}`;
const isContested = ({ jwt }: TestDevice) => JSON.stringify(readJwt(jwt).nats.tags) === '["contested"]';
const isThere = (device: TestDevice) => device.nc !== undefined && !device.nc.isClosed() && isLive(device);
const standing = async ({ name }: TestDevice) => fleet.standingOf(name);
const holdersOf = async ({ name }: TestDevice) =>
  ((await fleet.identityOf(name)).holders ?? []) as {
    holder: string;
    address?: string;
    connectedSince: string;
    current: boolean;
  }[];
const narrowed = (device: TestDevice) =>
  eventually(async () => isThere(device) && isContested(device), `${device.name} is back with less`);
const wide = (device: TestDevice) =>
  eventually(async () => isThere(device) && !isContested(device), `${device.name} has all again`);

/** Of what a device does, what NATS lets through: first what it says, then what it hears. */
async function allowedOf(nc: NatsConnection, name: string): Promise<string[]> {
  const say = {
    'its status': `status.${name}`,
    'its identity': `rc.up.${name}`,
    'a terminal': `term.${name}.${SID}.out`,
    'a log': `log.${name}.ada_0123456789abcdef01234567.${SID}.out`,
    'a screen': `screen.${name}.ada_0123456789abcdef01234567.${SID}.out`,
    'a small picture': `peek.${name}.term`,
    'a word on the bus': `bus.${name}.person`,
    'an answer to a page': '_INBOX.ada_0123456789abcdef01234567.x',
    'a question for what it is to run': `$JS.API.DIRECT.GET.KV_desired-index.$KV.desired-index.${name}`,
  };
  const hear = {
    answers: `_INBOX.${name}.x`,
    calls: `rc.down.${name}`,
    'what it is to run': `desired-state.${name}.>`,
    requests: `device.${name}.rpc.>`,
    'the bus': 'bus.>',
    'what is typed': `term.${name}.*.in.*`,
  };
  const denied = new Set<string>();
  const status = nc.status();
  const listening = (async () => {
    for await (const event of status)
      if (event.type === 'error' && event.error instanceof PermissionViolationError) denied.add(event.error.subject);
  })();
  // Not the storage's business: the answer goes nowhere.
  for (const subject of Object.values(say)) nc.publish(subject, '', { reply: `_INBOX.${name}.nowhere` });
  const heard = Object.values(hear).map((subject) =>
    nc.subscribe(subject, {
      callback: (error) => {
        if (error) denied.add(subject);
      },
    }),
  );
  await nc.flush();
  for (const subscription of heard) subscription.unsubscribe();
  await nc.flush();
  (status as AsyncIterable<unknown> & { stop(): void }).stop();
  await listening;
  return Object.entries({ ...say, ...hear }).flatMap(([what, subject]) => (denied.has(subject) ? [] : [what]));
}
const LEFT = ['its status', 'its identity', 'answers', 'calls'];

describe('a contested device', () => {
  it('S24 S26 is cut, comes back for its status and its identity alone, and has all again once a person has spoken', async () => {
    const device = await fleet.started({ name: nextName() });
    const old = fleet.kept(device.copy());
    await fleet.rotate(device);
    const { nc: before, jwt } = device;
    const stolen = fleet.kept(device.copy());
    expect((await allowedOf(before!, device.name)).length).toBeGreaterThan(LEFT.length);

    expect(await contact(old)).toMatchObject({ op: 'refused', code: 'stale' });
    await eventually(async () => before!.isClosed(), 'its connection is cut');
    await narrowed(device);
    expect(await allowedOf(device.nc!, device.name)).toEqual(LEFT);
    // What it had before opens nothing any more, whoever else has a copy of that.
    Object.assign(stolen, { jwt });
    await expect(stolen.connect()).rejects.toThrow(/Authorization/);
    const { body } = await fleet.anchor.call('GET', '/wall');
    const record = body.devices.find((one: { device: { name: string } }) => one.device.name === device.name).device;
    expect(record).toMatchObject({ standing: 'contested', standingWhy: expect.stringContaining('second copy') });

    expect((await fleet.post(`/devices/${device.name}/clear`)).status).toBe(204);
    await eventually(async () => device.epoch === 2, 'its next key');
    await wide(device);
    expect(await allowedOf(device.nc!, device.name)).toEqual(
      expect.arrayContaining(['a terminal', 'requests', 'what it is to run']),
    );
    expect(await standing(device)).toBe('active');
  });

  it('S24 is not cut once more by an anchor that begins to lead', async () => {
    const device = await fleet.started({ name: nextName() });
    const { guard } = fleet.anchor.anchor.hub.identity;
    const old = fleet.kept(device.copy());
    await fleet.rotate(device);
    await contact(old);
    await narrowed(device);
    const key = readJwt(device.jwt).sub;
    const at = guard.refusedAt(key);
    const other = await fleet.hub.another();
    await fleet.anchor.stop();
    fleet.anchor = other;
    const heard = device.heard.length;
    await eventually(async () => device.heard.length > heard + 3 && isThere(device), 'the other one leads');
    expect(other.anchor.hub.identity.guard.refusedAt(key)).toBe(at);
  });
});

describe('two that have the key of a device', () => {
  it('S24 are both shown with what tells them apart, and one tap lets the right one go on and ends the other', async () => {
    const device = await fleet.started({ name: nextName() });
    const copy = fleet.kept(device.copy());
    await copy.start();
    const { name } = device;
    await eventually(async () => (await standing(device)) === 'contested', 'the copy is found', 30_000);
    const holders = await eventually(async () => {
      const found = await holdersOf(device);
      return found.length === 2 && found;
    }, 'both are there');
    expect(holders.map(({ holder }) => holder)).toEqual([device.holder, copy.holder]);
    expect(holders).toMatchObject([{ current: true, address: '127.0.0.1' }, { current: false }]);
    await Promise.all([narrowed(device), narrowed(copy)]);

    expect((await fleet.post(`/devices/${name}/clear`)).status).toBe(409);
    expect((await fleet.post(`/devices/${name}/clear`, { holder: 'f'.repeat(32) })).status).toBe(409);
    expect((await fleet.post(`/devices/${name}/clear`, { holder: '*' })).status).toBe(422);
    expect((await fleet.post(`/devices/${name}/clear`, { holder: device.holder })).status).toBe(204);
    await wide(device);
    expect([await standing(device), device.epoch, copy.epoch]).toEqual(['active', 1, 0]);
    await eventually(async () => copy.nc!.isClosed(), 'the copy is cut');
    await expect(copy.connect()).rejects.toThrow(/Authorization/);
    await copy.stop();
    // Known lost: it may show what it has as often as it likes.
    const size = fleet.ledgerSize;
    expect(await contact(copy)).toMatchObject({ op: 'refused', code: 'stale' });
    expect([await standing(device), fleet.ledgerSize, isThere(device)]).toEqual(['active', size, true]);
    const said = (await fleet.anchor.call('GET', '/audit')).body.lines.find(
      ({ action, target }: { action: string; target: string }) => action === 'device.clear' && target.startsWith(`${name} #`),
    );
    expect(said).toMatchObject({ user: 'owner', result: 'ok' });
  });

  it('S24 the later one is right if a person says so', async () => {
    const device = await fleet.started({ name: nextName() });
    const copy = fleet.kept(device.copy());
    await copy.start();
    await eventually(async () => (await standing(device)) === 'contested', 'the copy is found', 30_000);
    // Also where both are being cut at this very moment.
    expect((await fleet.post(`/devices/${device.name}/clear`, { holder: copy.holder })).status).toBe(204);
    await eventually(async () => copy.epoch === 1, 'its next key');
    await wide(copy);
    expect([await standing(device), device.epoch, copy.epoch]).toEqual(['active', 0, 1]);
    await eventually(async () => device.nc!.isClosed(), 'the other one is cut');
    await device.stop();
  });
});
