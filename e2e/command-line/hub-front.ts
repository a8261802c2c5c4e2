/** The door of the hub in front of a stack, without its pages, and the command line as a person or a script runs it there. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type IPty, spawn as spawnPty } from '@lydell/node-pty';
import { renewLocalToken } from '#server/auth/local-access.ts';
import { type OpenedFront, openTestFront } from '#server/web/open-test-front.ts';
import { eventually } from '../stack/eventually.ts';
import type { Stack } from '../stack/stack.ts';

const HOST = '127.0.0.1';
const COMMAND = ['--import', 'tsx', 'cli/main.ts'];

export interface Outcome {
  code: number;
  stdout: string;
  /** The same, as it came. */
  bytes: Buffer;
  stderr: string;
}

export class HubFront {
  readonly url: string;
  readonly #stack: Stack;
  #door: OpenedFront;
  readonly #env: Record<string, string>;
  readonly #running = new Set<ChildProcess | IPty>();

  static async open(stack: Stack): Promise<HubFront> {
    const token = await renewLocalToken(stack.store.connection);
    stack.anchor.authenticate(token);
    return new HubFront(stack, await openFront(stack), token);
  }

  private constructor(stack: Stack, door: OpenedFront, token: string) {
    this.#stack = stack;
    this.#door = door;
    this.url = `http://${HOST}:${door.port}`;
    this.#env = { ...(process.env as Record<string, string>), SCOREWALL_URL: this.url, SCOREWALL_TOKEN: token, NO_COLOR: '1' };
  }

  /** To its end, with this on its standard input. */
  run(args: readonly string[], input: string | Buffer = ''): Promise<Outcome> {
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        [...COMMAND, ...args],
        { env: this.#env, timeout: 90_000, maxBuffer: 64 * 1024 * 1024, encoding: 'buffer' },
        (error, bytes, stderr) =>
          resolve({
            code: error ? Number(error.code ?? -1) : 0,
            stdout: bytes.toString(),
            bytes,
            stderr: stderr.toString(),
          }),
      );
      child.stdin?.end(input);
    });
  }

  /** In the background. */
  start(args: readonly string[]): { output(): string; end(signal: NodeJS.Signals): Promise<number | null> } {
    const child = spawn(process.execPath, [...COMMAND, ...args], { env: this.#env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    return {
      output: () => output,
      end: async (signal) => {
        const ended = once(child, 'close');
        child.kill(signal);
        const [code] = (await ended) as [number | null];
        return code;
      },
    };
  }

  /** In a terminal of its own. */
  type(args: readonly string[]): TypedCommand {
    const pty = spawnPty(process.execPath, [...COMMAND, ...args], {
      env: this.#env,
      cols: 100,
      rows: 30,
      name: 'xterm-256color',
    });
    this.#running.add(pty);
    return new TypedCommand(pty);
  }

  /** Everybody's live connection ends, and the door opens again at the same address. */
  async interrupt(): Promise<void> {
    await this.#door.front.close();
    this.#door = await openFront(this.#stack, this.#door.port);
  }

  async close(): Promise<void> {
    for (const one of this.#running) one.kill('SIGKILL');
    await this.#door.front.close();
  }
}

const openFront = ({ anchor, nats }: Stack, port = 0) =>
  openTestFront({ anchor: { host: HOST, port: anchor.port }, wsUrl: `ws://${HOST}:${nats.wsPort}`, port });

export class TypedCommand {
  readonly pty: IPty;
  #output = '';
  #code: number | undefined;

  constructor(pty: IPty) {
    this.pty = pty;
    pty.onData((text) => {
      this.#output += text;
    });
    pty.onExit(({ exitCode }) => {
      this.#code = exitCode;
    });
  }

  /** Waits until it says this, and forgets what was before. */
  async says(text: string | RegExp): Promise<void> {
    await eventually(`the command says ${text}`, () => this.#find(text) !== undefined).catch((error: Error) => {
      throw new Error(`${error.message}\n${JSON.stringify(this.#output.slice(-2_000))}`);
    });
    this.#output = this.#output.slice(this.#find(text));
  }

  /** Types it again and again, a little apart, until the answer comes: what is typed while the device is away is lost. */
  async typesUntil(text: string, answer: string | RegExp): Promise<void> {
    let typedAtMs = 0;
    await eventually(`the command answers ${answer}`, () => {
      if (this.#find(answer) !== undefined) return true;
      if (performance.now() - typedAtMs < 1_000) return false;
      typedAtMs = performance.now();
      this.types(text);
      return false;
    });
    await this.says(answer);
  }

  types(text: string): void {
    this.pty.write(text);
  }

  async ends(): Promise<number> {
    await eventually('the command ends', () => this.#code !== undefined).catch((error: Error) => {
      throw new Error(`${error.message}\n${JSON.stringify(this.#output.slice(-2_000))}`);
    });
    return this.#code!;
  }

  #find(text: string | RegExp): number | undefined {
    if (typeof text === 'string') {
      const at = this.#output.indexOf(text);
      return at < 0 ? undefined : at + text.length;
    }
    const match = text.exec(this.#output);
    return match ? match.index + match[0].length : undefined;
  }
}
