/** A device of its own for the tests that joins by a token: a folder, an agent, and what the agent said. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { home, runFile } from './fixtures.ts';

export class JoiningDevice {
  readonly #folder: string;
  readonly #address: string;
  #agent: ChildProcess | undefined;
  /** Everything it wrote so far. */
  said = '';

  protected constructor(folder: string, address: string) {
    this.#folder = folder;
    this.#address = address;
  }

  static async at(address: string): Promise<JoiningDevice> {
    return new JoiningDevice(await folderOf(address), address);
  }

  get #config(): string {
    return join(this.#folder, 'agent.toml');
  }

  /** Until the hub has let it in. */
  async join(token: string): Promise<void> {
    const child = this.run(['join', token, '--config', this.#config]);
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`joining ended with ${code}:\n${this.said}`);
    const config = await readFile(this.#config, 'utf8');
    if (config.includes('[engine]')) return;
    // The other devices' engine: this machine has one.
    const engine = `\n[engine]\nsocket = "${runFile().devices[0]?.engineSocket ?? ''}"\n`;
    const own = `[agent]\nhost_ip = "${this.#address}"\nfleet = "joined"`;
    await writeFile(this.#config, config.replace('[agent]', own) + engine, { mode: 0o600 });
  }

  /** The same disk in another machine, which has no engine. */
  async copy(address: string): Promise<JoiningDevice> {
    const copy = new JoiningDevice(await folderOf(address), address);
    const filter = (path: string) => !path.endsWith('.new');
    await cp(join(this.#folder, 'state', 'identity'), join(copy.#folder, 'state', 'identity'), { recursive: true, filter });
    const config = await readFile(this.#config, 'utf8');
    const other = config
      .replace(/host_ip = .*/, `host_ip = "${address}"`)
      .replace(/socket = .*/, 'socket = "/nowhere/podman.sock"');
    await writeFile(copy.#config, other, { mode: 0o600 });
    return copy;
  }

  start(): void {
    this.#agent = this.run(['--config', this.#config]);
  }

  async restart(): Promise<void> {
    await this.kill();
    this.start();
  }

  async kill(): Promise<void> {
    const agent = this.#agent;
    this.#agent = undefined;
    if (!agent) return;
    const ended = once(agent, 'exit');
    agent.kill('SIGKILL');
    await ended;
  }

  protected run(args: string[]): ChildProcess {
    return this.hear(process.execPath, ['agent/bin.mjs', ...args], {});
  }

  protected hear(command: string, args: string[], env: NodeJS.ProcessEnv): ChildProcess {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, HOME: this.#folder, ...env },
    });
    const hear = (chunk: Buffer) => {
      this.said += chunk.toString();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    return child;
  }
}

/** Of the device at this address. */
export async function folderOf(address: string): Promise<string> {
  const folder = join(home(), 'joining', address);
  await mkdir(folder, { recursive: true });
  return folder;
}
