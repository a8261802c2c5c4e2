import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { killProcess } from '#e2e/stack/kill-process.ts';
import { openHome } from './home.ts';
import { isAlive, readPidRecord } from './pid-record.ts';
import { Supervised } from './supervised.ts';
import { waitUntil } from './wait-until.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'scorewall-supervised-'));
const home = openHome(folder);
const recorded = () => readPidRecord(path.join(home.pids, 'sleeper.json'));
const warnings: string[] = [];
const supervise = (args: string[], command = 'sleep') =>
  new Supervised({ name: 'sleeper', command, args }, { home, warn: (line) => warnings.push(line) });
const atOnce = async () => true;

afterAll(() => rmSync(folder, { recursive: true }));

describe('a supervised process', () => {
  it('hands its name over: the end of the first does not wipe the record of the second', async () => {
    for (let round = 0; round < 5; round++) {
      const [first, second] = [supervise(['60']), supervise(['60'])];
      await first.start(atOnce);
      await first.stop(1000);
      await second.start(atOnce);
      expect(recorded()?.pid).toBe(second.pid);
      await second.stop(1000);
      expect(recorded()).toBeUndefined();
    }
  });

  it('that died is started again, and stays ended once it was stopped', async () => {
    const sleeper = supervise(['60']);
    await sleeper.start(atOnce);
    const before = recorded()!;
    killProcess(before.pid);
    expect(await waitUntil(() => sleeper.pid !== undefined && sleeper.pid !== before.pid, { timeoutMs: 60_000 })).toBe(true);
    expect(warnings.join()).toContain('sleeper was ended by SIGKILL. Starting it again');
    const second = recorded()!;
    await sleeper.stop(1000);
    expect(isAlive(second)).toBe(false);
    expect(sleeper.pid).toBeUndefined();
  });

  it('that stops while it starts is an error with its last words', async () => {
    await expect(supervise(['-c', 'echo no such thing >&2; exit 3'], 'sh').start(async () => false)).rejects.toThrow(
      /sleeper stopped while it started[\s\S]*no such thing/,
    );
    await expect(supervise([], '/no/such/program').start(async () => false)).rejects.toThrow(/ENOENT/);
  });
});
