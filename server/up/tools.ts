/** The programs Scorewall uses that are no npm packages: found, or installed where we may, or named with the command to install them. */
import { existsSync } from 'node:fs';
import { aptInstall, hasApt, installCommand, isRoot } from './apt.ts';
import { findOnPath } from './on-path.ts';
import { runCommand } from './run-command.ts';
import type { Step } from './steps.ts';

/** podman alone starts no container on Debian: netavark gives it a network, iptables the published ports. */
const PODMAN_PACKAGES = ['podman', 'runc', 'netavark', 'aardvark-dns', 'iptables'];
const ENGINE_SOCKETS = ['/run/podman/podman.sock', '/var/run/docker.sock'];

/** False: there is no engine and none could be installed; the reason has been said. */
export async function obtainEngine(step: Step): Promise<boolean> {
  const podman = findOnPath('podman');
  // Without root, ports are published by a program of podman's own.
  if (podman && (findOnPath('iptables') || findOnPath('nft') || !hasApt() || !isRoot())) return found('installed', step);
  if (!podman && ENGINE_SOCKETS.some((file) => existsSync(file))) return found('an engine that already runs', step);
  if (hasApt() && isRoot()) {
    await aptInstall(PODMAN_PACKAGES, step.say);
    return found('just installed', step);
  }
  step.done(
    `missing. Local devices need it: ${hasApt() ? installCommand(PODMAN_PACKAGES) : 'install podman, https://podman.io'}`,
  );
  return false;
}

/** A registry on the loopback address, for tests of real pulls. */
export async function obtainRegistry(step: Step): Promise<boolean> {
  const names = ['docker-registry', 'registry'];
  if (names.some(findOnPath)) return found('installed', step);
  if (hasApt() && isRoot()) {
    await aptInstall(['docker-registry'], step.say);
    return found('just installed', step);
  }
  step.done(`missing. Tests of pulls need it: ${installCommand(['docker-registry'])}`);
  return false;
}

/** What the tests run inside containers, terminals and screens: program -> package. */
const TEST_PROGRAMS: Readonly<Record<string, string>> = {
  busybox: 'busybox-static',
  vim: 'vim',
  less: 'less',
  htop: 'htop',
  Xvnc: 'tigervnc-standalone-server',
  xterm: 'xterm',
};

/** Starts programs for arm64, with Debian's libraries for them. */
export const EMULATOR_PACKAGES = ['qemu-user-static', 'libc6-arm64-cross', 'libstdc++6-arm64-cross', 'libgcc-s1-arm64-cross'];
const ARM64_LIBRARIES = '/usr/aarch64-linux-gnu';

/** What stands before a program for arm64: nothing where this machine is one; undefined where it cannot start them. */
export function findEmulator(): readonly string[] | undefined {
  if (process.arch === 'arm64') return [];
  // Newer releases leave `static` out of the name.
  const qemu = ['qemu-aarch64-static', 'qemu-aarch64'].map(findOnPath).find(Boolean);
  return qemu && existsSync(`${ARM64_LIBRARIES}/lib/libstdc++.so.6`) ? [qemu, '-L', ARM64_LIBRARIES] : undefined;
}

export async function obtainTestPrograms(step: Step): Promise<boolean> {
  const missing = Object.entries(TEST_PROGRAMS).flatMap(([program, name]) => (findOnPath(program) ? [] : [name]));
  if (!findEmulator()) missing.push(...EMULATOR_PACKAGES);
  if (missing.length === 0) return found('installed', step);
  if (hasApt() && isRoot()) {
    await aptInstall(missing, step.say);
    return found('just installed', step);
  }
  step.done(`missing. Some tests need them: ${installCommand(missing)}`);
  return false;
}

export async function obtainBrowser(root: string, step: Step): Promise<boolean> {
  const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];
  const name = names.find(findOnPath);
  if (name) return found(name, step);
  if (hasApt() && isRoot()) {
    await aptInstall(['chromium-headless-shell', 'fonts-dejavu-core'], step.say);
    return found('chromium-headless-shell, just installed', step);
  }
  step.say("takes Playwright's own Chromium");
  const { code } = await runCommand(
    process.execPath,
    ['node_modules/@playwright/test/cli.js', 'install', 'chromium-headless-shell'],
    { cwd: root },
  );
  if (code === 0) return found("Playwright's own Chromium", step);
  step.done('missing. The browser suite needs Chromium: npx playwright install --with-deps chromium-headless-shell');
  return false;
}

function found(what: string, step: Step): true {
  step.done(what);
  return true;
}
