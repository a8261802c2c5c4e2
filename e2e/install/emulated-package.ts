/**
 * The arm64 package, unpacked as it is, on a machine of whatever processor: elsewhere its Node runs under qemu with the libraries of
 * Debian's cross packages, and nothing else of it is replaced. What it starts in turn (a shell) is a program of the machine.
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { installCommand } from '#server/up/apt.ts';
import { projectRoot } from '#server/up/build.ts';
import { EMULATOR_PACKAGES, findEmulator } from '#server/up/tools.ts';

const run = promisify(execFile);

export interface Said {
  code: number;
  text: string;
}

export class EmulatedPackage {
  /** As `dpkg` names it. */
  readonly version: string;
  /** What its unit starts. */
  readonly launcher: string;
  /** Where the package is, and where a device keeps newer agents. */
  readonly env: Readonly<Record<string, string>>;

  /** Built from these sources, loosely packed; its parts come from npm's registry once and are kept. */
  static async unpack(folder: string): Promise<EmulatedPackage> {
    const emulator = findEmulator();
    if (!emulator) {
      const cure = installCommand(EMULATOR_PACKAGES);
      throw new Error(`Nothing here can start a program for arm64, so the arm64 package stays untried. ${cure}`);
    }
    const build = ['--import', 'tsx', 'deploy/package/package.ts', '--quick', '--arch', 'arm64', '--out', folder];
    await run(process.execPath, build, { cwd: projectRoot });
    const root = path.join(folder, 'root');
    execFileSync('dpkg-deb', ['-x', path.join(folder, 'scorewall-agent_arm64.deb'), root]);
    const home = path.join(root, 'usr/lib/scorewall-agent');
    if (emulator.length > 0) {
      const node = path.join(home, 'node');
      renameSync(node, `${node}.arm64`);
      writeFileSync(node, `#!/bin/sh\nexec ${emulator.join(' ')} '${node}.arm64' "$@"\n`, { mode: 0o755 });
    }
    const slots = path.join(folder, 'slots');
    mkdirSync(slots);
    return new EmulatedPackage(home, slots);
  }

  private constructor(home: string, slots: string) {
    this.version = readFileSync(path.join(home, 'version'), 'utf8').trim();
    this.launcher = path.join(home, 'launch');
    this.env = { SCOREWALL_AGENT_HOME: home, SCOREWALL_AGENT_SLOTS: slots };
  }

  /** One of its commands, to its end. */
  run(words: readonly string[], input = ''): Promise<Said> {
    return new Promise((resolve) => {
      const child = execFile(this.launcher, words, { env: { ...process.env, ...this.env } }, (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code ?? -1) : 0, text: stdout + stderr }),
      );
      child.stdin!.end(input);
    });
  }
}
