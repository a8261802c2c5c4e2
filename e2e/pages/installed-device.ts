/** A device as the package installs it: the real launcher with its slots, and a unit's `Restart=always` played by a loop. */
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PACKAGE_LIST } from '#contracts/package-list.ts';
import { home } from './fixtures.ts';
import { folderOf, JoiningDevice } from './joining-device.ts';

const LAUNCH = resolve('deploy/package/root/usr/lib/scorewall-agent/launch');
/** The built agent, whose version is what its slot says. */
export const AGENT_FILE = resolve('dist/agent.mjs');

export class InstalledDevice extends JoiningDevice {
  readonly #places: NodeJS.ProcessEnv;
  #on = false;

  private constructor(folder: string, address: string) {
    super(folder, address);
    this.#places = {
      SCOREWALL_AGENT_HOME: join(folder, 'package'),
      SCOREWALL_AGENT_SLOTS: join(folder, 'slots'),
      SCOREWALL_TRIAL_LASTING_SECONDS: '2',
    };
  }

  static async with(version: string, address: string): Promise<InstalledDevice> {
    const folder = await folderOf(address);
    const own = join(folder, 'package');
    // A device of the try before is another one.
    await rm(folder, { recursive: true, force: true });
    await Promise.all([own, join(folder, 'slots')].map((one) => mkdir(one, { recursive: true })));
    await symlink(process.execPath, join(own, 'node'));
    await symlink(resolve('node_modules'), join(own, 'node_modules'));
    await writeFile(join(own, 'version'), `${version}\n`);
    await copyFile(AGENT_FILE, join(own, 'agent.mjs'));
    return new InstalledDevice(folder, address);
  }

  override start(): void {
    this.#on = true;
    super.start();
  }

  override async kill(): Promise<void> {
    this.#on = false;
    await super.kill();
  }

  protected override run(args: string[]): ChildProcess {
    const isJoin = args[0] === 'join';
    const child = this.hear('sh', [LAUNCH, ...args], { ...this.#places, ...(isJoin ? {} : { SCOREWALL_SERVICE: '1' }) });
    if (!isJoin) child.once('exit', () => this.#on && super.start());
    return child;
  }
}

/** From now on the hub carries this agent for its devices, as `npm run package` would leave it. */
export async function carryAgent(version: string, code: Buffer): Promise<void> {
  const folder = join(home(), 'packages');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'agent.mjs'), code);
  const agent = { name: 'agent.mjs', sha256: createHash('sha256').update(code).digest('hex'), sizeBytes: code.length };
  const list = { version, builtAt: new Date().toISOString(), files: {}, agent };
  await writeFile(join(folder, PACKAGE_LIST), JSON.stringify(list));
}
