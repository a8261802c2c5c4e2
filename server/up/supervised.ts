/** One process that is kept running: recorded by pid and start time, logged with a bound, started again when it dies. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { BoundedLog } from './bounded-log.ts';
import type { Home } from './home.ts';
import { type PidRecord, readPidRecord, recordOf, removePidRecord, writePidRecord } from './pid-record.ts';
import { SetupError } from './setup-error.ts';
import { signalGroup, stopProcess } from './stop-process.ts';
import { waitUntil } from './wait-until.ts';

const FIRST_BACKOFF_MS = 250;
const MAX_BACKOFF_MS = 15_000;
/** A process that lived this long is taken to work: the next death starts with the short backoff again. */
const SETTLED_AFTER_MS = 20_000;

export interface Program {
  name: string;
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  cwd?: string;
}

interface Surroundings {
  home: Home;
  /** Told when the process died and when it is tried again. */
  warn(line: string): void;
}

export class Supervised {
  readonly name: string;
  readonly #program: Program;
  readonly #surroundings: Surroundings;
  readonly #log: BoundedLog;
  readonly #pidFile: string;
  #child: ChildProcess | undefined;
  #record: PidRecord | undefined;
  #wanted = false;
  #startedAt = 0;
  #backoffMs = FIRST_BACKOFF_MS;
  #retry: NodeJS.Timeout | undefined;
  #spawnError: Error | undefined;

  constructor(program: Program, surroundings: Surroundings) {
    this.name = program.name;
    this.#program = program;
    this.#surroundings = surroundings;
    this.#log = new BoundedLog(surroundings.home.log(program.name));
    this.#pidFile = path.join(surroundings.home.pids, `${program.name}.json`);
  }

  get running(): boolean {
    return this.#child !== undefined;
  }

  get pid(): number | undefined {
    return this.#record?.pid;
  }

  /** Starts it, and waits until `ready` says yes. A death before that is an error with the last lines of its log. */
  async start(ready: () => Promise<boolean>, timeoutMs = 30_000): Promise<void> {
    this.#spawn();
    const ok = await waitUntil(async () => !this.running || (await ready()), { timeoutMs, everyMs: 40 });
    if (ok && this.running) {
      this.#wanted = true;
      return;
    }
    const why = this.running ? `gave no answer within ${Math.round(timeoutMs / 1000)} s` : 'stopped while it started';
    await this.stop(1000);
    const lines = this.#spawnError ? [this.#spawnError.message] : this.#log.lastLines(8);
    throw new SetupError(
      `${this.name} ${why}. Its last words:\n${lines.map((line) => `  ${line}`).join('\n')}\nThe whole log: ${this.#log.file}`,
    );
  }

  /** Ends it for good. */
  async stop(graceMs: number): Promise<void> {
    this.#wanted = false;
    clearTimeout(this.#retry);
    const record = this.#record;
    if (record) await stopProcess(record, graceMs);
    // The kernel knows of the end before this object is told.
    await waitUntil(() => !this.running, { timeoutMs: 2000, everyMs: 10 });
    this.#forget(record);
  }

  kill(): void {
    this.#wanted = false;
    clearTimeout(this.#retry);
    if (this.#record) signalGroup(this.#record, 'SIGKILL');
    this.#forget(this.#record);
  }

  #spawn(): void {
    const { command, args, env, cwd } = this.#program;
    this.#spawnError = undefined;
    this.#startedAt = performance.now();
    // A group of its own: Ctrl-C in the terminal reaches the supervisor alone, which then stops everything in order.
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child = child;
    this.#record = child.pid === undefined ? undefined : recordOf(this.name, child.pid);
    if (this.#record) writePidRecord(this.#pidFile, this.#record);
    child.stdout.on('data', (chunk: Buffer) => this.#log.write(chunk));
    child.stderr.on('data', (chunk: Buffer) => this.#log.write(chunk));
    child.on('error', (error) => {
      this.#spawnError = error;
      this.#ended('could not be started');
    });
    child.on('exit', (code, signal) => this.#ended(signal ? `was ended by ${signal}` : `stopped with code ${code}`));
  }

  #ended(how: string): void {
    if (!this.#child) return;
    this.#forget(this.#record);
    this.#child = undefined;
    this.#record = undefined;
    if (!this.#wanted) return;
    if (performance.now() - this.#startedAt > SETTLED_AFTER_MS) this.#backoffMs = FIRST_BACKOFF_MS;
    const delayMs = this.#backoffMs;
    this.#backoffMs = Math.min(delayMs * 2, MAX_BACKOFF_MS);
    const word = delayMs >= 1000 ? `in ${Math.round(delayMs / 1000)} s` : 'now';
    this.#surroundings.warn(`${this.name} ${how}. Starting it again ${word}. Log: ${this.#log.file}`);
    this.#retry = setTimeout(() => this.#spawn(), delayMs);
  }

  /** Only our own record: the news of this death may come when a successor of the same name already has its own. */
  #forget(record: PidRecord | undefined): void {
    if (record && readPidRecord(this.#pidFile)?.pid === record.pid) removePidRecord(this.#pidFile);
  }
}
