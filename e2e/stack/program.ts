/** One real process of the stack: started, listened to, killed the hard way, started again with the same arguments. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from './eventually.ts';

const KEPT_LINES = 2_000;
const running = new Set<ChildProcess>();
// A run that breaks off leaves nothing behind.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface ProgramOptions {
  name: string;
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  cwd?: string;
}

export class Program {
  readonly #options: ProgramOptions;
  #child: ChildProcess | undefined;
  #lines: string[] = [];

  constructor(options: ProgramOptions) {
    this.#options = options;
  }

  get pid(): number {
    if (!this.#child?.pid) throw new Error(`${this.#options.name} does not run.\n${this.lastWords()}`);
    return this.#child.pid;
  }

  get alive(): boolean {
    return this.#child !== undefined;
  }

  /** What it wrote since its last start. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  start(): void {
    if (this.#child) throw new Error(`${this.#options.name} runs already.`);
    const { command, args, env, cwd } = this.#options;
    this.#lines = [];
    const child = spawn(command, args, { env: { ...process.env, ...env }, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    running.add(child);
    for (const stream of [child.stdout, child.stderr]) {
      let rest = '';
      stream.setEncoding('utf8').on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        this.#lines.push(...lines);
        if (this.#lines.length > KEPT_LINES) this.#lines.splice(0, this.#lines.length - KEPT_LINES);
      });
    }
    child.once('error', (error) => this.#lines.push(error.message));
    child.once('close', () => {
      running.delete(child);
      if (this.#child === child) this.#child = undefined;
    });
  }

  /** Waits until it answers; an error with its last words where it ends instead. */
  async ready(answers: () => Promise<boolean>): Promise<void> {
    const { name } = this.#options;
    await eventually(`${name} is ready`, async () => !this.alive || (await answers())).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.lastWords()}`);
    });
    if (!this.alive) throw new Error(`${name} ended before it was ready.\n${this.lastWords()}`);
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const closed = once(child, 'close');
    child.kill(signal);
    await closed;
  }

  /** Asks it to end, and insists after a while. */
  async stop(graceMs = 10_000): Promise<void> {
    const child = this.#child;
    if (!child) return;
    const insist = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await this.kill('SIGTERM');
    clearTimeout(insist);
  }

  async ended(): Promise<void> {
    await eventually(`${this.#options.name} ends`, () => !this.alive);
  }

  async said(pattern: RegExp): Promise<string> {
    return eventually(`${this.#options.name} says ${pattern}`, () => this.#lines.find((line) => pattern.test(line))).catch(
      (error: Error) => {
        throw new Error(`${error.message}\n${this.lastWords()}`);
      },
    );
  }

  lastWords(count = 20): string {
    return [`${this.#options.name} wrote last:`, ...this.#lines.slice(-count)].join('\n  ');
  }
}
