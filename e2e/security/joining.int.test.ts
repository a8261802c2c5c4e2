/** What somebody can do who has a join token, once or again: rows of the security table, on a real hub. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toBase64url } from '#roadchain/bytes.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { TestDevice } from '#server/identity/test-device.ts';
import { TestIdentityHub } from '#server/identity/test-identity-hub.ts';
import { eventually } from '#server/test-anchor.ts';

let fleet: TestIdentityHub;
beforeAll(async () => {
  fleet = await TestIdentityHub.start({ SCOREWALL_IDENTITY_RETIRE_SECONDS: '2' });
});
afterAll(() => fleet?.stop());

const hasAlarm = async (name: string) =>
  (await fleet.anchor.call('GET', `/devices/${name}/events`)).body.items.some(
    (event: { kind: string }) => event.kind === 'contested' || event.kind === 'identity-alarm',
  );

describe('somebody with a join token', () => {
  it('S16 gets nowhere with it but to the enrolment', async () => {
    const text = await fleet.token({ name: 'elsewhere' });
    const secret = text.split('.')[2]!;
    for (const bearer of [text, secret])
      for (const [method, path] of [
        ['GET', '/wall'],
        ['GET', '/devices'],
        ['GET', '/join-tokens'],
        ['POST', '/join-tokens'],
        ['POST', '/nats-credentials'],
      ] as const) {
        const headers = { authorization: `Bearer ${bearer}` };
        const reply = await fleet.anchor.raw(method, path, { headers, ...(method === 'POST' ? { json: {} } : {}) });
        expect([path, reply.status]).toEqual([path, 401]);
      }
    expect(JSON.stringify((await fleet.anchor.call('GET', '/join-tokens')).body)).not.toContain(secret);
  });

  it('S17 that was used is refused with another key, the alarm is told, and the device waits for a person', async () => {
    const text = await fleet.token({ name: 'shellfish' });
    const device = fleet.kept(await TestDevice.join(fleet.options, text));
    const { device: thief, secret } = TestDevice.fresh(fleet.options, text);
    await expect(thief.enrol(secret)).rejects.toThrow(/410/);
    expect(await fleet.standingOf(device.name)).toBe('contested');
    await eventually(async () => await hasAlarm(device.name), 'the alarm');
    const { body } = await fleet.anchor.call('GET', '/wall');
    expect(body.devices.find((one: { device: { name: string } }) => one.device.name === 'shellfish').device.standing).toBe(
      'contested',
    );
    await fleet.post('/devices/shellfish/clear');
    expect(await fleet.standingOf(device.name)).toBe('active');
  });

  it('S17 before it was approved freezes it: both wait, and only the first can be let in', async () => {
    const text = await fleet.token({ name: 'waiting', approval: true });
    const { device, secret } = TestDevice.fresh(fleet.options, text);
    const first = await device.enrol(secret);
    expect(first).toMatchObject({ state: 'waiting', words: expect.stringMatching(/^\w+( \w+){3}$/) });
    await expect(TestDevice.fresh(fleet.options, text).device.enrol(secret)).rejects.toThrow(/410/);
    const [join] = (await fleet.anchor.call('GET', '/join-tokens')).body.items;
    expect(join).toMatchObject({ stage: 'approval', words: (first as { words: string }).words });
    expect((await fleet.post(`/join-tokens/${join.tid}/approve`)).status).toBe(200);
    expect(await fleet.kept(device).enrol(secret)).toMatchObject({ state: 'enrolled', device: 'waiting' });
  });

  it('S18 and the same key, twice, hears the same twice: the power may go in between', async () => {
    const { device, secret } = TestDevice.fresh(fleet.options, await fleet.token({ name: 'twice' }));
    const before = device.copy();
    const [one, other] = [await device.enrol(secret), await before.enrol(secret)];
    expect(one).toMatchObject({ state: 'enrolled' });
    expect((one as { link: unknown }).link).toEqual((other as { link: unknown }).link);
    expect((await fleet.identityOf(device.name)).entries).toHaveLength(1);
  });

  it('S19 that is over, of another fleet, for another name or with a wrong secret is refused', async () => {
    const text = await fleet.token({ name: 'right-name' });
    const { device, secret } = TestDevice.fresh(fleet.options, text);
    const other = toBase64url(nodeCrypto.random(32));
    await expect(device.enrol(other)).rejects.toThrow(/403 This join token is not the one/);
    const parts = text.split('.');
    const read = JSON.parse(Buffer.from(parts[1]!, 'base64url').toString());
    const written = (more: object) =>
      [parts[0], Buffer.from(JSON.stringify({ ...read, ...more })).toString('base64url'), parts[2]].join('.');
    await expect(TestDevice.fresh(fleet.options, written({ fleet: other })).device.enrol(secret)).rejects.toThrow(
      /another fleet/,
    );
    expect(await TestDevice.fresh(fleet.options, written({ name: 'wrong-name' })).device.enrol(secret)).toEqual({
      state: 'again',
      device: 'right-name',
    });
    await fleet.anchor.call('DELETE', `/join-tokens/${read.tid}`);
    await expect(device.enrol(secret)).rejects.toThrow(/no such join token/);
  });

  it('S19 without a name takes none that is on the wall', async () => {
    const device = fleet.kept(await TestDevice.join(fleet.options, await fleet.token(), 'octavia'));
    const second = fleet.kept(await TestDevice.join(fleet.options, await fleet.token(), 'octavia'));
    expect([device.name, second.name]).toEqual(['octavia', 'octavia-2']);
  });
});
