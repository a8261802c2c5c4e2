/** An installed agent for tests: the package's launcher, its slots, and a unit's `Restart=always`, played by a loop. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const ROOT = path.join(import.meta.dirname, '../..');
const LAUNCH = path.join(ROOT, 'deploy/package/root/usr/lib/scorewall-agent/launch');
const RESTART_MS = 200;

export class InstalledAgent {
  readonly name: string;
  readonly folder: string;
  /** Everything it logged, over all its starts. */
  log = '';
  starts = 0;
  #child: ChildProcess | undefined;
  #running: Promise<void> | undefined;
  #isWanted = false;

  private constructor(name: string, folder: string) {
    this.name = name;
    this.folder = folder;
  }

  /** As the package lays it down, with this code. */
  static async create(name: string, { version, code, token }: { version: string; code: string; token: string }) {
    const agent = new InstalledAgent(name, await mkdtemp(path.join(tmpdir(), `sw-installed-${name}-`)));
    const home = path.join(agent.folder, 'home');
    await mkdir(path.join(agent.folder, 'slots'));
    await mkdir(home);
    await symlink(process.execPath, path.join(home, 'node'));
    await symlink(path.join(ROOT, 'node_modules'), path.join(home, 'node_modules'));
    await writeFile(path.join(home, 'version'), `${version}\n`);
    await writeFile(path.join(home, 'agent.mjs'), code);
    await writeFile(
      path.join(agent.folder, 'agent.toml'),
      `[agent]
device_id = "${name}"
report_interval_ms = 500

[credentials]
type = "roadchain"
token = "${token}"
tick_ms = 500

[engine]
socket = "${path.join(agent.folder, 'no-engine.sock')}"
`,
    );
    return agent;
  }

  start(): void {
    this.#isWanted = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async #run(): Promise<void> {
    while (this.#isWanted) {
      const child = spawn('sh', [LAUNCH, '--config', path.join(this.folder, 'agent.toml')], {
        env: {
          PATH: process.env.PATH,
          HOME: this.folder,
          SCOREWALL_SERVICE: '1',
          SCOREWALL_AGENT_HOME: path.join(this.folder, 'home'),
          SCOREWALL_AGENT_SLOTS: path.join(this.folder, 'slots'),
          SCOREWALL_TRIAL_SECONDS: '60',
          SCOREWALL_TRIAL_LASTING_SECONDS: '0.5',
        },
        stdio: ['ignore', 'ignore', 'pipe'],
        // The launcher's clock is in its group.
        detached: true,
      });
      this.#child = child;
      this.starts += 1;
      child.stderr.on('data', (chunk: Buffer) => {
        this.log += chunk.toString();
      });
      await once(child, 'exit');
      endGroup(child);
      await delay(RESTART_MS);
    }
  }

  /** As somebody who pulls the plug. */
  async stop(): Promise<void> {
    this.#isWanted = false;
    if (this.#child) endGroup(this.#child);
    await this.#running;
  }

  /** The version that has proved itself, besides the package's own. */
  current = async (): Promise<string | undefined> =>
    (await readFile(path.join(this.folder, 'slots/current/version'), 'utf8').catch(() => undefined))?.trim();

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}
