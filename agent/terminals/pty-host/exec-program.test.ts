import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { isForeign } from './exec-program.ts';

it('no process of this machine itself is taken for one of a container', async () => {
  const sleeper = spawn('sleep', ['60'], { stdio: 'ignore' });
  await once(sleeper, 'spawn');
  expect(isForeign(sleeper.pid!)).toBe(false);
  expect(isForeign(process.pid)).toBe(false);
  for (const pid of [1, 0, -1, 2 ** 30]) expect(isForeign(pid)).toBe(false);
  sleeper.kill();
});
