/** A device of its own for the tests: the two files of the dialog, carried to a folder, and the agent started there by hand. */
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { killChild } from '../stack/kill-process.ts';
import { home, runFile } from './fixtures.ts';

export interface CarriedFiles {
  name: string;
  config: string;
  creds: string;
}

export class CarriedDevice {
  readonly #configFile: string;
  #agent: ChildProcess | undefined;

  private constructor(configFile: string) {
    this.#configFile = configFile;
  }

  static async at(address: string, { name, config, creds }: CarriedFiles): Promise<CarriedDevice> {
    const folder = join(home(), 'carried', name);
    await mkdir(folder, { recursive: true });
    const configFile = join(folder, `${name}.toml`);
    await writeFile(configFile, config.replace('[agent]', `[agent]\nhost_ip = "${address}"\nfleet = "carried"`), { mode: 0o600 });
    await writeFile(join(folder, `${name}.creds`), creds, { mode: 0o600 });
    // The other devices' engine: this machine has one.
    await appendFile(configFile, `\n[engine]\nsocket = "${runFile().devices[0]?.engineSocket ?? ''}"\n`);
    return new CarriedDevice(configFile);
  }

  start(): void {
    this.#agent = spawn(process.execPath, ['agent/bin.mjs', '--config', this.#configFile], { stdio: 'ignore' });
  }

  /** Pulls the plug. */
  async kill(): Promise<void> {
    const agent = this.#agent;
    this.#agent = undefined;
    await killChild(agent);
  }
}
