/** Debian's packages: installed where we may, unpacked into our own folder where one file of a package is enough. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { lastLines, runCommand } from './run-command.ts';
import { SetupError } from './setup-error.ts';

export const hasApt = (): boolean => existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg');
export const isRoot = (): boolean => process.getuid?.() === 0;

export const installCommand = (packages: readonly string[]): string =>
  `sudo apt-get install --no-install-recommends ${packages.join(' ')}`;

const ENVIRONMENT = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
/** Another apt may be at work, for example the machine's own updates: wait for it. */
const PATIENT = ['-o', 'DPkg::Lock::Timeout=300'];

export async function aptInstall(packages: readonly string[], say: (line: string) => void): Promise<void> {
  const install = () =>
    runCommand('apt-get', [...PATIENT, 'install', '-y', '-q', '--no-install-recommends', ...packages], { env: ENVIRONMENT });
  say(`installs ${packages.join(', ')} from the distribution`);
  let result = await install();
  if (result.code !== 0) {
    await refreshLists(say);
    result = await install();
  }
  if (result.code !== 0) {
    throw new SetupError(
      `apt-get could not install ${packages.join(', ')}.\n${lastLines(result.output, 5)}\nInstall them yourself and run this again: ${installCommand(packages)}`,
    );
  }
}

/** Unpacks a package below `folder` without installing it; needs no root where the package lists are there. */
export async function aptUnpack(name: string, folder: string, say: (line: string) => void): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(path.join(folder, '.download-'));
  const sandbox = ['-o', 'APT::Sandbox::User=root'];
  const download = () =>
    runCommand('apt-get', [...(isRoot() ? sandbox : []), 'download', '-q', name], { env: ENVIRONMENT, cwd: work });
  try {
    say(`takes ${name} from the distribution`);
    let result = await download();
    if (result.code !== 0 && isRoot()) {
      await refreshLists(say);
      result = await download();
    }
    const file = readdirSync(work).find((one) => one.endsWith('.deb'));
    if (result.code !== 0 || !file) throw new SetupError(`apt-get could not download ${name}.\n${lastLines(result.output, 3)}`);
    const unpacked = await runCommand('dpkg', ['-x', path.join(work, file), folder]);
    if (unpacked.code !== 0) throw new SetupError(`dpkg could not unpack ${name}.\n${lastLines(unpacked.output, 3)}`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** One source that does not answer is no failure: the install that follows tells whether the lists are good enough. */
async function refreshLists(say: (line: string) => void): Promise<void> {
  say('refreshes the package lists (apt-get update)');
  await runCommand('apt-get', [...PATIENT, 'update', '-q'], { env: ENVIRONMENT });
}
