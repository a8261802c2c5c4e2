import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sleeper } from '../faults/services.ts';
import { eventually } from '../stack/eventually.ts';
import { Stack } from '../stack/stack.ts';
import { HubFront } from './hub-front.ts';

let stack: Stack;
let hub: HubFront;
let device: string;
const folders: string[] = [];

beforeAll(async () => {
  stack = await Stack.start({ devices: ['alice'] });
  hub = await HubFront.open(stack);
  device = stack.device.name;
  await stack.deploy('app', [sleeper('box')]);
});
afterAll(async () => {
  await hub?.close();
  await stack?.stop();
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

describe('scorewall exec in a script', () => {
  beforeAll(async () => {
    await eventually('the service runs', async () => {
      const { code, stderr } = await hub.run(['exec', `${device}/app/box`, '--', 'true']);
      if (code !== 0) throw new Error(`${code} ${stderr}`);
      return true;
    });
  });

  it('gives what the program wrote, byte for byte, and its exit code', async () => {
    expect(await hub.run(['exec', `${device}/box`, '--', 'sh', '-c', 'echo out; echo err >&2; exit 42'])).toMatchObject({
      code: 42,
      stdout: expect.stringMatching(/^(?:out\nerr\n|err\nout\n)$/),
      stderr: '',
    });
    const words = ['exec', `${device}/box`, '--', 'printf', '%s|', 'two words', '$HOME', '"quoted"', '*'];
    expect(await hub.run(words)).toMatchObject({ code: 0, stdout: 'two words|$HOME|"quoted"|*|' });
    // No terminal is to be seen for the program: nothing waits for keys, nothing is coloured.
    expect(await hub.run(['exec', `${device}/box`, '--', 'sh', '-c', 'test -t 0 || test -t 1; echo $?; cat'])).toMatchObject({
      code: 0,
      stdout: '1\n',
    });
  });

  it('hands over standard input, of any bytes, to its end', async () => {
    const bytes = randomBytes(100_000);
    const { code, bytes: back } = await hub.run(['exec', `${device}/box`, '--', 'cat'], bytes);
    expect(code).toBe(0);
    expect(back.equals(bytes)).toBe(true);
    expect(await hub.run(['exec', `${device}/box`, '--', 'wc', '-l'], 'one\ntwo')).toMatchObject({ code: 0, stdout: '1\n' });
  });

  it('loses nothing of a long output', async () => {
    const { code, stdout } = await hub.run(['exec', `${device}/box`, '--', 'seq', '400000']);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([400_000, '1', '400000']);
  });

  it('says what is wrong, with an exit code', async () => {
    expect(await hub.run(['exec', `${device}/nothing`, '--', 'ls'])).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('box'),
    });
    expect(await hub.run(['exec', 'nobody/box', '--', 'ls'])).toMatchObject({ code: 4 });
    expect(await hub.run(['exec', device, '--', 'ls'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('scorewall shell'),
    });
    expect((await hub.run(['exec', `${device}/box`, '--', 'no-such-program'])).code).toBe(127);
    expect(await hub.run(['shell', device])).toMatchObject({ code: 2, stderr: expect.stringContaining('exec') });
  });
});

describe('scorewall shell', () => {
  it('is a terminal of the device, of the size of this one, and ends with its exit code', async () => {
    const typed = hub.type(['shell', device]);
    await typed.says('~. at the beginning of a line');
    await typed.says(/[$#] /);
    typed.types('echo is-$((20+22)); stty size\r');
    await typed.says('is-42');
    await typed.says('30 100');
    typed.pty.resize(90, 25);
    await typed.typesUntil('stty size\r', '25 90');
    typed.types('exit 7\r');
    expect(await typed.ends()).toBe(7);
  });

  it('is left with ~. and goes on, is listed, and can be entered again, over an agent that died', async () => {
    const typed = hub.type(['shell', device]);
    await typed.says(/[$#] /);
    typed.types('KEPT=still-here\r');
    typed.types('echo ready-$((1+1))\r');
    await typed.says('ready-2');
    await typed.says(/[$#] /);
    typed.types('~.');
    await typed.says('The session goes on');
    expect(await typed.ends()).toBe(0);
    const { stdout } = await hub.run(['sessions', device, '-o', 'json']);
    const { sid } = JSON.parse(stdout).items.find(
      ({ ended, target }: { ended?: object; target: { kind: string } }) => !ended && target.kind === 'host',
    );
    const again = hub.type(['shell', device, '--attach', sid]);
    await again.says('ready-2');
    await stack.device.agent.kill();
    stack.device.agent.start();
    await again.typesUntil('echo "$KEPT-$((2+2))"\r', 'still-here-4');
    again.types('exit\r');
    expect(await again.ends()).toBe(0);
  });

  it('in a service is a shell there; one who watches types nothing', async () => {
    const typed = hub.type(['exec', `${device}/box`, '--', '/bin/busybox', 'sh']);
    await typed.says(/[$#] /);
    const { stdout } = await hub.run(['sessions', device, '-o', 'json']);
    const { sid } = JSON.parse(stdout).items.find(
      ({ ended, target }: { ended?: object; target: { kind: string } }) => !ended && target.kind === 'exec',
    );
    const watcher = hub.type(['shell', device, '--attach', sid, '--watch']);
    typed.types('echo seen-$((3+3))\r');
    await typed.says('seen-6');
    await watcher.says('seen-6');
    watcher.types('x');
    await watcher.says('what you type goes nowhere');
    watcher.types('\r~.');
    expect(await watcher.ends()).toBe(0);
    typed.types('exit 3\r');
    expect(await typed.ends()).toBe(3);
  });
});

it('what was typed is recorded, listed, played and saved', async () => {
  const list = async () => JSON.parse((await hub.run(['recordings', 'list', device, '-o', 'json'])).stdout).items;
  // Newest first: the first one of this file is the last, once both are there. It may come after the other one.
  const recording = await eventually('both shells are there', async () => {
    const shells = (await list()).filter(({ target }: { target: { kind: string } }) => target.kind === 'host');
    return shells.length > 1 && shells.at(-1);
  });
  expect(recording).toMatchObject({ device, kind: 'terminal' });
  expect(recording.people).toContainEqual(expect.objectContaining({ name: 'owner' }));
  const played = await hub.run(['recordings', 'play', recording.id, '--speed', '1000']);
  expect(played.stdout).toContain('is-42');
  const folder = await mkdtemp(join(tmpdir(), 'scorewall-cast-'));
  folders.push(folder);
  const file = join(folder, 'a.cast');
  expect((await hub.run(['recordings', 'save', recording.id, file])).code).toBe(0);
  const content = await readFile(file);
  expect(content.length).toBe(recording.bytes);
  expect(JSON.parse(content.toString().split('\n')[0]!)).toMatchObject({ version: 3 });
  expect((await hub.run(['recordings', 'save', recording.id, file])).code).toBe(1);
});

it('people are invited, listed and taken back', async () => {
  const invited = await hub.run(['people', 'invite', 'sam', '--role', 'operator']);
  expect(invited.stdout).toMatch(/\/join#\S{20,}/);
  expect((await hub.run(['people', 'list'])).stdout).toMatch(/sam +operator +invited +owner/);
  expect((await hub.run(['people', 'remove', 'sam', '--yes'])).code).toBe(0);
  expect(await hub.run(['people', 'remove', 'sam', '--yes'])).toMatchObject({ code: 4 });
});
