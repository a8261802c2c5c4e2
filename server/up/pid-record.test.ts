import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimFile, releaseFile } from './exclusive-file.ts';
import { stopOrphans } from './orphans.ts';
import { isAlive, readPidRecord, recordOf, writePidRecord } from './pid-record.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'scorewall-pids-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const sleeper = () => spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });

describe('pid records', () => {
  it('know a living process, and do not take another one with its pid for it', async () => {
    const child = sleeper();
    const record = recordOf('sleeper', child.pid!)!;
    expect(isAlive(record)).toBe(true);
    expect(isAlive({ ...record, started: `${record.started}0` })).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isAlive(record)).toBe(false);
  });

  it('a file that was cut off names no process', () => {
    const file = path.join(folder, 'x.json');
    writeFileSync(file, '{"name":"x","pi');
    expect(readPidRecord(file)).toBeUndefined();
  });
});

describe('orphans', () => {
  it('are ended, and a stranger that got the same pid is left alone', async () => {
    const [orphan, stranger] = [sleeper(), sleeper()];
    const ended = once(orphan, 'exit');
    writePidRecord(path.join(folder, 'anchor.json'), recordOf('anchor', orphan.pid!)!);
    writePidRecord(path.join(folder, 'web.json'), { name: 'web', pid: stranger.pid!, started: 'before the reboot' });
    expect(await stopOrphans(folder)).toEqual(['anchor']);
    await ended;
    expect(recordOf('web', stranger.pid!)).toBeDefined();
    stranger.kill('SIGKILL');
  });
});

describe('a file that one process holds', () => {
  it('tells who holds it, and is free again once that process is gone', async () => {
    const file = path.join(folder, 'up.json');
    const child = sleeper();
    writePidRecord(file, recordOf('up', child.pid!)!);
    expect(claimFile(file, 'up')?.pid).toBe(child.pid);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(claimFile(file, 'up')).toBeUndefined();
    expect(readPidRecord(file)?.pid).toBe(process.pid);
    releaseFile(file);
    expect(readPidRecord(file)).toBeUndefined();
  });
});
