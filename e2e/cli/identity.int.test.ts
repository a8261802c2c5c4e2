import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestDevice } from '#server/identity/test-device.ts';
import { TestDevice as Device } from '#server/identity/test-device.ts';
import { contact, TestIdentityHub, ticks } from '#server/identity/test-identity-hub.ts';
import { eventually } from '#server/test-anchor.ts';
import { prepareFleetTls } from '#server/up/fleet-tls.ts';
import type { Front } from '#server/web/front.ts';
import { openTestFront } from '#server/web/open-test-front.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const CALL_MS = 60_000;

let fleet: TestIdentityHub;
let front: Front;
/** Where the hub is, whom it is to believe, and by what certificate: the environment of the command line. */
let env: Record<string, string>;

beforeAll(async () => {
  fleet = await TestIdentityHub.start();
  const { home, wsUrl } = fleet.hub.nats;
  const { caFile, certFile, keyFile } = prepareFleetTls(join(home, 'keys'));
  const tls = { cert: await readFile(certFile), key: await readFile(keyFile) };
  const opened = await openTestFront({ anchor: fleet.anchor.url, wsUrl, tls });
  front = opened.front;
  env = { SCOREWALL_URL: `https://127.0.0.1:${opened.port}`, SCOREWALL_TOKEN: fleet.anchor.token, SCOREWALL_CA: caFile };
});
afterAll(async () => {
  await front?.close();
  await fleet?.stop();
});

interface Said {
  code: number;
  out: string;
  err: string;
}

/** One run of the program, as a script runs it. */
function scorewall(args: string, more: Record<string, string> = {}): Promise<Said> {
  const { PATH = '', HOME = '' } = process.env;
  const options = { cwd: PROJECT, env: { PATH, HOME, ...env, ...more }, timeout: CALL_MS };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['cli/bin.mjs', ...args.split(' ')], options, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

async function done(args: string): Promise<string> {
  const { code, out, err } = await scorewall(args);
  expect([args, code, err]).toEqual([args, 0, err]);
  return out;
}

/** As whoever pastes the line that was printed. */
async function paste(printed: string): Promise<TestDevice> {
  const token = /rcj1\.[\w-]+\.[\w-]+/.exec(printed)?.[0] ?? '';
  const device = fleet.kept(await Device.join(fleet.options, token));
  await device.start();
  await ticks(device);
  return device;
}

let names = 0;
/** A test that is tried again finds nothing of its first try. */
const fresh = (name: string) => `${name}${++names}`;

describe('the command line, over TLS with the certificate of the fleet', () => {
  it('does not talk to a hub whose certificate it does not know', async () => {
    const { code, err } = await scorewall('tokens list', { SCOREWALL_CA: '' });
    expect(code).toBe(3);
    expect(err).toMatch(/certificate/i);
  });

  it('makes a token that is printed alone, works, and ends', async () => {
    const name = fresh('backup');
    const made = await scorewall(`tokens create ${name} --role viewer --days 2`);
    expect(made.code).toBe(0);
    expect(made.err).toContain(`${name} may: viewer`);
    const secret = made.out.trim();
    expect(secret).toMatch(/^\S+$/);
    const { items } = JSON.parse(await done('tokens list --output json'));
    const own = items.find((one: { name: string }) => one.name === name);
    expect(own).toMatchObject({ user: 'owner' });
    expect(JSON.stringify(items)).not.toContain(secret);
    const as = { SCOREWALL_TOKEN: secret };
    expect((await scorewall('get devices', as)).code).toBe(0);
    expect((await scorewall('people invite eve --role viewer', as)).code).toBe(7);
    await done(`tokens remove ${own.id}`);
    expect((await scorewall('get devices', as)).code).toBe(7);
  });

  it('invites somebody for the devices with a label', async () => {
    const kim = fresh('kim');
    const out = await done(`people invite ${kim} --role operator --on site=berlin`);
    expect(out).toContain(`${env.SCOREWALL_URL}/join#`);
    expect(await done('people list')).toMatch(new RegExp(`${kim} +operator on site=berlin +invited`));
    expect((await scorewall('people invite max --role king')).code).toBe(2);
  });

  it('lets a device in, renews its key, keeps it out and takes it back', async () => {
    const name = fresh('door');
    const device = await paste(await done(`device join --name ${name} --label site=bonn`));
    expect(await done('get devices')).toContain(name);
    await done(`device renew ${name}`);
    await eventually(async () => device.epoch === 1, 'it has its next key');
    expect(await done('device renew --all')).toMatch(/\d devices? asked/);
    await eventually(async () => device.epoch === 2, 'and the one after');
    expect((await scorewall(`device clear ${name}`)).code).toBe(5);
    const unsure = await scorewall(`device keep-out ${name}`);
    expect([unsure.code, unsure.err]).toEqual([2, expect.stringContaining('--yes')]);
    expect(await done(`device keep-out ${name} --yes`)).toMatch(/Door\d+ is out\. Cut off after \d/);
    await expect(device.connect()).rejects.toThrow(/Authorization/);
    const back = await paste(await done(`device take-back ${name}`));
    expect([back.name, back.epoch]).toEqual([name, 3]);
    expect(await fleet.standingOf(name)).toBe('active');
    expect((await scorewall(`device take-back ${name}`)).code).toBe(5);
    expect((await scorewall('device keep-out nobody --yes')).code).toBe(4);
  });

  it('says which one is right after a failed check', async () => {
    const name = fresh('attic');
    const device = await paste(await done(`device join --name ${name}`));
    const copy = device.copy();
    await done(`device renew ${name}`);
    await eventually(async () => device.epoch === 1, 'it has its next key');
    await contact(copy);
    await eventually(async () => (await fleet.standingOf(name)) === 'contested', 'the old key is found');
    const other = await scorewall(`device clear ${name} --holder abc`);
    expect([other.code, other.err]).toEqual([4, expect.stringContaining('Nothing is connected')]);
    expect(await done(`device clear ${name}`)).toContain('trusted again');
    await eventually(async () => (await fleet.standingOf(name)) === 'active', 'it is trusted');
  });
});
