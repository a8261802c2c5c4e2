import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openEngine } from '../engine/open-engine.ts';
import { startTestFleet, type TestDevice, type TestFleet } from '../test-fleet.ts';
import { TestPerson, TestView, WAITING } from './test-terminal.ts';

const SHELL = [
  'sh',
  '-c',
  'while true; do echo "ready $(test -t 0 && echo on-a-terminal)"; read line || exit; echo "<$line>"; done',
];

let fleet: TestFleet;
let device: TestDevice;
let sam: TestPerson;
let hello: number;
const views: TestView[] = [];

const look = async (sid: string) => {
  const view = await TestView.of(sam, device.name, sid);
  views.push(view);
  return view;
};

beforeAll(async () => {
  fleet = await startTestFleet();
  device = await fleet.addDevice();
  hello = await device.write('hello', device.score({ ports: [], command: SHELL, screen: { kind: 'terminal' } }));
  await device.writeIndex({ hello });
  await device.start();
  await device.reportsRunning('hello');
  sam = await TestPerson.join(fleet.nats, 'sam');
});

afterAll(async () => {
  for (const view of views) view.leave();
  await sam?.close();
  await device?.remove();
  await fleet?.stop();
});

describe('a command in a container', () => {
  it('is the shell that is there, has the size of who types, and tells how it ended', async () => {
    const sid = await sam.open(device.name, { kind: 'exec', deployment: 'hello', service: 'hello' });
    const view = await look(sid);
    await view.control('take');
    view.type('echo TERM=$TERM; test -t 0 && echo on-a-te""rminal\r');
    await view.sees(/TERM=xterm-256color\r\non-a-terminal/);
    await view.ask({ op: 'resize', cols: 71, rows: 19 });
    view.type('busybox stty size\r');
    await view.sees('19 71');
    view.type('exit 3\r');
    await vi.waitFor(() => expect(view.state?.ended).toMatchObject({ exitCode: 3 }), WAITING);
    await vi.waitFor(() => expect(view.closed).toBe(true), WAITING);
  });

  it('is ended with its session, though the engine would let it live', async () => {
    const command = ['sh', '-c', 'trap "" HUP; echo li""ving; exec sleep 98765'];
    const sid = await sam.open(device.name, { kind: 'exec', deployment: 'hello', service: 'hello', command });
    const view = await look(sid);
    await view.sees('living');
    const processes = async () => {
      const [id] = await device.containerIds();
      return JSON.stringify((await fleet.engine.api('GET', `/v4.0.0/libpod/containers/${id}/top`)).json);
    };
    await vi.waitFor(async () => expect(await processes()).toContain('98765'), WAITING);
    await sam.execute(device.name, { op: 'end', sid });
    await vi.waitFor(() => expect(view.closed).toBe(true), WAITING);
    await vi.waitFor(async () => expect(await processes()).not.toContain('98765'), WAITING);
  });

  it('says in words what cannot be', async () => {
    const open = (target: Parameters<TestPerson['open']>[1]) =>
      sam.execute(device.name, { op: 'open', target, cols: 80, rows: 24 });
    expect(await open({ kind: 'exec', deployment: 'hello', service: 'other' })).toMatchObject({ ok: false, code: 'not-found' });
    const missing = await open({ kind: 'exec', deployment: 'hello', service: 'hello', command: ['not-there'] });
    if (missing.ok) {
      const view = await look(missing.sid as string);
      await view.sees(/not-there|not found/);
      await vi.waitFor(() => expect(view.state?.ended?.exitCode ?? 127).not.toBe(0), WAITING);
    } else expect(missing).toMatchObject({ code: 'not-running', message: expect.stringContaining('not-there') });
  });
});

describe("a service's own terminal", () => {
  it('begins with the last of what was written before, in its colours, and has every line once', async () => {
    const count = 'n=0; while :; do n=$((n+1)); printf "\\033[3%sm[line %s]\\033[0m\\r\\n" $((n%8)) $n; busybox sleep 0.01; done';
    const revision = await device.write(
      'count',
      device.score({ name: 'count', ports: [], command: ['sh', '-c', count], screen: { kind: 'terminal' } }),
    );
    await device.writeIndex({ hello, count: revision });
    await device.reports(({ deployments }) => {
      expect(deployments.find(({ name }) => name === 'count')).toMatchObject({ phase: 'running' });
    });
    const sid = await sam.open(device.name, { kind: 'attach', deployment: 'count', service: 'count' });
    const view = await look(sid);
    const numbers = async () => {
      const { text } = await view.ask({ op: 'text', lines: 1_000 });
      return [...(text as string).matchAll(/\[line (\d+)\]/g)].map(([, number]) => Number(number));
    };
    await vi.waitFor(async () => expect((await numbers()).length).toBeGreaterThan(250), WAITING);
    const seen = await numbers();
    expect(seen).toEqual(seen.map((_, index) => seen[0]! + index));
    const coloured = view.terminal.buffer.active.getLine(0)!.getCell(1)!;
    expect(coloured.isFgPalette()).toBe(true);
    await device.delete('count');
    await device.writeIndex({ hello });
    await vi.waitFor(async () => expect(await device.containerIds()).toHaveLength(1), WAITING);
  });

  it('shows what a program that waits said long before', async () => {
    const sid = await sam.open(device.name, { kind: 'attach', deployment: 'hello', service: 'hello' });
    const view = await look(sid);
    await vi.waitFor(async () => {
      const { text } = await view.ask({ op: 'text', lines: 10 });
      expect(text).toBe('ready on-a-terminal');
    }, WAITING);
  });

  it('has its last lines from the engine too, where their file cannot be read', async () => {
    const terminals = await openEngine(fleet.engine.socket).terminals();
    const [id] = await device.containerIds();
    const output: Buffer[] = [];
    for await (const chunk of terminals.lastOutput(id!, 5, AbortSignal.timeout(WAITING.timeout))) output.push(chunk);
    expect(Buffer.concat(output).toString()).toBe('ready on-a-terminal\r\n');
  });

  it('is one for everybody and stays over the restart of its container', async () => {
    const target = { kind: 'attach', deployment: 'hello', service: 'hello' } as const;
    const sid = await sam.open(device.name, target);
    expect(await sam.open(device.name, target)).toBe(sid);
    const view = await look(sid);
    await view.control('take');
    view.type('one\r');
    await view.sees(/<one>\r\nready on-a-terminal/);
    const [before] = await device.containerIds();
    view.type('\x04');
    await vi.waitFor(() => view.text.includes('\x1bc') || Promise.reject(new Error('not attached again')), WAITING);
    view.type('two\r');
    await view.sees('<two>');
    expect(await device.containerIds()).toEqual([before]);
    expect(view.closed).toBe(false);
  });
});
