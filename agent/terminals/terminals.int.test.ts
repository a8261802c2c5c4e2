import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { isHostAlive, readHostRecord } from './host-place.ts';
import { startTerminalLab, type TerminalLab, WAITING } from './test-terminal.ts';

let lab: TerminalLab;
beforeAll(async () => {
  lab = await startTerminalLab('shell');
});
afterAll(() => lab?.stop());

it('opens a shell of the host that shows what is typed and knows nothing of the agent', async () => {
  const { view, sid } = await lab.openShell('sam');
  expect(await view.control('take')).toMatchObject({ ok: true });
  view.type('echo he""llo from $TERM; env | grep -ci -e scorewall -e nats\r');
  await view.sees(/hello from xterm-256color\r\n0\r\n/);
  await vi.waitFor(
    () => expect(view.state).toMatchObject({ writer: { name: 'sam' }, viewers: ['sam'], recording: true }),
    WAITING,
  );
  expect(await view.person.execute(lab.device, { op: 'end', sid })).toMatchObject({ ok: true });
  await vi.waitFor(() => expect(view.closed).toBe(true), WAITING);
  // What it showed can still be read.
  expect(await view.ask({ op: 'text', lines: 50 })).toMatchObject({ ok: true, text: expect.stringContaining('hello from') });
});

it('refuses one terminal too many in words', async () => {
  const sam = await lab.join('sam');
  const open = () => sam.execute(lab.device, { op: 'open', target: { kind: 'host' }, cols: 80, rows: 24 });
  const answers = await Promise.all(Array.from({ length: 33 }, open));
  const refused = answers.filter(({ ok }) => !ok);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]).toMatchObject({ code: 'too-many', message: expect.stringContaining('End one of them') });
  const living = (await sam.list(lab.device)).filter(({ ended }) => !ended);
  expect(living.length).toBe(32);
  for (const { sid } of living) await sam.execute(lab.device, { op: 'end', sid });
});

it('leaves no host behind that nobody can reach', async () => {
  await lab.openShell('sam');
  const stateDir = join(lab.agent.folder, 'state');
  const record = readHostRecord(stateDir)!;
  expect(isHostAlive(record)).toBe(true);
  rmSync(record.socket);
  await vi.waitFor(() => expect(isHostAlive(record)).toBe(false), WAITING);
});
