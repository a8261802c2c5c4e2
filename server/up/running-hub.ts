/** For tests: one real `up` in a home of its own, watched through what it prints and leaves. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RunFile } from '#contracts/run-file.ts';
import { freePort } from '#e2e/stack/free-port.ts';
import { projectRoot } from './build.ts';
import { isAlive, type PidRecord, readPidRecord } from './pid-record.ts';
import { waitUntil } from './wait-until.ts';

const START_MS = 150_000;
/** Addresses of these tests alone: other suites may run beside them. */
const FIRST_ADDRESS = '127.0.3.11';

export class HubHome {
  readonly home = mkdtempSync(path.join(tmpdir(), 'scorewall-up-'));
  readonly devices: readonly string[];
  port = 0;
  natsPort = 0;

  constructor(devices: readonly string[] = ['up-one', 'up-two']) {
    this.devices = devices;
  }

  async choosePorts(): Promise<void> {
    this.port = await freePort();
    this.natsPort = await freePort();
  }

  start(...more: string[]): Up {
    const flags = { '--home': this.home, '--port': this.port, '--nats-port': this.natsPort, '--first-address': FIRST_ADDRESS };
    const args = [
      ...Object.entries(flags).flatMap(([flag, value]) => [flag, String(value)]),
      '--devices',
      this.devices.join(','),
      ...more,
    ];
    return new Up(args);
  }

  get runFile(): RunFile {
    return RunFile.parse(JSON.parse(readFileSync(path.join(this.home, 'run.json'), 'utf8')));
  }

  /** What the supervisor remembers of its processes. */
  get processes(): PidRecord[] {
    const folder = path.join(this.home, 'run', 'pids');
    return readdirSync(folder).flatMap((name) => readPidRecord(path.join(folder, name)) ?? []);
  }

  log(name: string): string {
    return readFileSync(path.join(this.home, 'run', `${name}.log`), 'utf8');
  }

  /** Also where a test failed half-way: nothing of it may outlive the suite. */
  remove(): void {
    for (const record of this.processes.filter(isAlive)) process.kill(-record.pid, 'SIGKILL');
    rmSync(this.home, { recursive: true, force: true });
  }
}

export class Up {
  readonly process: ChildProcess;
  output = '';
  #exit: Promise<number | null>;

  constructor(args: readonly string[]) {
    this.process = spawn(process.execPath, ['server/up/bootstrap.mjs', ...args], {
      cwd: projectRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process.stdout!.on('data', (chunk: Buffer) => {
      this.output += chunk.toString('utf8');
    });
    this.process.stderr!.on('data', (chunk: Buffer) => {
      this.output += chunk.toString('utf8');
    });
    this.#exit = once(this.process, 'close').then(([code]) => code as number | null);
  }

  async ready(): Promise<this> {
    const ok = await waitUntil(() => this.ended || /^ready /m.test(this.output), { timeoutMs: START_MS });
    if (!ok || this.ended) throw new Error(`up did not become ready:\n${this.output}`);
    return this;
  }

  get ended(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }

  exit(): Promise<number | null> {
    return this.#exit;
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.process.kill(signal);
    return this.#exit;
  }
}
