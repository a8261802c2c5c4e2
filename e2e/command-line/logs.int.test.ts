import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sleeper } from '../faults/services.ts';
import { eventually } from '../stack/eventually.ts';
import { Stack } from '../stack/stack.ts';
import { HubFront } from './hub-front.ts';

let stack: Stack;
let hub: HubFront;
let alice: string;
let aria: string;

/** Writes a line a second, coloured and with what a terminal should not obey. */
const SCRIPT =
  'i=0; while true; do i=$((i+1)); printf "\\033[32mline $i\\033[0m of $HOSTNAME \\033]0;evil\\007\\n"; /bin/busybox sleep 0.5; done';
const chatty = (name: string) => sleeper(name, { command: ['/bin/busybox', 'sh', '-c', SCRIPT] });

beforeAll(async () => {
  stack = await Stack.start({ devices: ['alice', 'aria'] });
  hub = await HubFront.open(stack);
  [alice, aria] = stack.devices.map(({ name }) => name) as [string, string];
  await stack.deploy('talk', [chatty('one'), chatty('two')]);
  await eventually('both write', async () => {
    const { stdout } = await hub.run(['logs', '--deployment', 'talk', '-o', 'json']);
    const seen = new Set(
      stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => `${JSON.parse(line).device} ${JSON.parse(line).s}`),
    );
    return seen.size === 4;
  });
});
afterAll(async () => {
  await hub?.close();
  await stack?.stop();
});

describe('scorewall logs', () => {
  it('prints what a service wrote, without what a terminal would obey, and ends', async () => {
    const { code, stdout, stderr } = await hub.run(['logs', `${alice}/one`]);
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .filter((line) => !line.startsWith('──'));
    expect(lines[0]).toMatch(/^line 1 of /);
    expect(lines[1]).toMatch(/^line 2 of /);
    expect(stdout).not.toContain('evil');
    expect(stdout).not.toContain('\u001b');
  });

  it('merges devices and services by time, and says whose line it is', async () => {
    const { code, stdout } = await hub.run(['logs', '--deployment', 'talk', '--tail', '60', '-o', 'json']);
    expect(code).toBe(0);
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records.length).toBeLessThanOrEqual(60);
    expect(new Set(records.map(({ device }) => device))).toEqual(new Set([alice, aria]));
    const times = records.map(({ t }) => t);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    // Enough of them: where one device answers some seconds later than the other, the newest few are all its own.
    const named = await hub.run(['logs', '--deployment', 'talk', '--tail', '60', '-t']);
    expect(named.stdout).toMatch(new RegExp(`\\d{4}-\\d\\d-\\d\\dT\\S+ ${alice} talk/one │ line \\d+`));
  });

  it('searches with an expression', async () => {
    const { stdout } = await hub.run(['logs', `${alice}/talk/two`, '--search', '^LINE [12] ', '-i']);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .filter((line) => !line.startsWith('──'));
    expect(lines).toHaveLength(2);
    expect((await hub.run(['logs', alice, '--search', '('])).code).toBe(2);
  });

  it('follows what is written later, also over an agent that dies and a connection that is lost, each line once', async () => {
    const following = hub.start(['logs', `${alice}/one`, '-f', '--tail', '5']);
    const numbers = () => [...following.output().matchAll(/line (\d+) of/g)].map((match) => Number(match[1]));
    await eventually('it follows', () => numbers().length > 8);
    const { agent } = stack.devices[0]!;
    await agent.kill();
    const before = numbers().at(-1)!;
    agent.start();
    await eventually('it goes on', () => (numbers().at(-1) ?? 0) > before + 5);
    const later = numbers().at(-1)!;
    await hub.interrupt();
    await eventually('it goes on over another connection', () => (numbers().at(-1) ?? 0) > later + 3);
    expect(following.output()).toContain('The connection to the hub was lost');
    const seen = numbers();
    expect(seen).toEqual(seen.map((_, index) => seen[0]! + index));
    expect(await following.end('SIGINT')).toBe(0);
  });

  it('says what is wrong, with an exit code for scripts', async () => {
    expect(await hub.run(['logs', 'nobody/one'])).toMatchObject({ code: 4, stderr: expect.stringContaining('nobody') });
    expect(await hub.run(['logs', `${alice}/three`])).toMatchObject({ code: 4, stderr: expect.stringContaining('one, two') });
    expect((await hub.run(['logs'])).code).toBe(2);
    expect((await hub.run(['logs', alice, '--since', 'yesterday'])).code).toBe(2);
  });
});
