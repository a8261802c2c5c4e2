import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { processStart } from '#server/up/pid-record.ts';
import { isGone, ownProcess } from './lease-holder.ts';

const own = ownProcess()!;

test.runIf(process.platform === 'linux')('this process is not gone', () => {
  expect(isGone(own)).toBe(false);
});

test.runIf(process.platform === 'linux')(
  'a process that was killed is gone, and so is one whose pid somebody else has by now',
  async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    const holder = { ...own, pid: child.pid!, started: processStart(child.pid!)! };
    expect(isGone(holder)).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isGone(holder)).toBe(true);
    expect(isGone({ ...own, started: 'another time' })).toBe(true);
  },
);

test('of a process in another boot or container nothing is known', () => {
  expect(isGone({ space: 'elsewhere', pid: 1, started: 'some time' })).toBe(false);
});
