import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { projectRoot } from './build.ts';
import { isAlive, readPidRecord } from './pid-record.ts';
import { stopPtyHosts } from './pty-hosts.ts';

const home = mkdtempSync(path.join(tmpdir(), 'scorewall-up-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

it("ends a device's terminals by the record they left, and nothing where there is none", async () => {
  const folder = path.join(home, 'devices', 'alice');
  mkdirSync(folder, { recursive: true });
  const config = path.join(folder, 'agent.toml');
  writeFileSync(
    config,
    '[agent]\ndevice_id = "alice"\n[credentials]\ntype = "toml-shared"\nnats_user = "a"\nnats_pass = "b"\n[nats]\nurls = ["nats://127.0.0.1:1"]\n',
  );
  const args = ['--import', 'tsx', path.join(projectRoot, 'agent/main.ts'), 'pty-host', '--config', config];
  const host = spawn(process.execPath, args, { cwd: projectRoot, stdio: 'ignore', detached: true });
  try {
    const file = path.join(folder, 'state', 'pty-host.json');
    const record = await vi.waitFor(() => readPidRecord(file) ?? Promise.reject(new Error('no record yet')), {
      timeout: 60_000,
      interval: 50,
    });
    expect(record.pid).toBe(host.pid);
    expect(await stopPtyHosts(home)).toBe(1);
    expect(isAlive(record)).toBe(false);
    expect(existsSync(file)).toBe(false);
    expect(await stopPtyHosts(home)).toBe(0);
  } finally {
    host.kill('SIGKILL');
  }
});
