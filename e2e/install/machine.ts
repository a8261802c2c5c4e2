/** A stock Debian with its own systemd, in its own namespaces and on its own network cable: what a person would plug in. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '#e2e/stack/eventually.ts';
import { readAptSources, readDistribution } from '#server/nats/apt-sources.ts';
import { claimFile, releaseFile } from '#server/up/exclusive-file.ts';

const run = promisify(execFile);
const ROOTS = path.join(homedir(), '.cache', 'scorewall-roots');
/** As much of a stock image as the installer may count on. */
const STOCK = 'ca-certificates,curl,systemd,systemd-sysv,dbus,sudo,iproute2';
const SH = { maxBuffer: 16 * 1024 ** 2 };

export type Suite = 'bookworm' | 'trixie';

/** Made once; every machine writes beside it. */
export async function stockRoot(suite: Suite): Promise<string> {
  const root = path.join(ROOTS, suite);
  if (existsSync(root)) return root;
  mkdirSync(ROOTS, { recursive: true });
  const unfinished = `${root}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  await run('debootstrap', ['--variant=minbase', `--include=${STOCK}`, suite, unfinished, ...(await mirror())], SH);
  renameSync(unfinished, root);
  return root;
}

/** The one this machine itself uses; else what debootstrap chooses. */
async function mirror(): Promise<string[]> {
  const own = (await readDistribution()).id === 'debian' ? (await readAptSources())[0]?.uri : undefined;
  const chosen = process.env.SCOREWALL_DEBIAN_MIRROR ?? own;
  return chosen ? [chosen] : [];
}

/** They lie on one switch, which ends with the last of them. */
const SWITCH = 'swinstall0';
const plugged = new Set<Machine>();
/** By whom, on this machine. */
const IN_USE = path.join(ROOTS, 'switch.lock');
const ANOTHER_WALK = { deadlineMs: 900_000, everyMs: 1_000 };

// A walk that is broken off leaves no machine running.
process.once('exit', () => {
  for (const machine of plugged) machine.kill();
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

export class Machine {
  static readonly hubAddress = '10.231.9.1';
  readonly address: string;
  readonly #name: string;
  readonly #suite: Suite;
  readonly #number: number;
  readonly #namespace: string;
  /** What it has written beside the stock system: its card. */
  readonly #folder: string;
  #systemd: ChildProcess | undefined;
  #pid = '';

  private constructor(name: string, suite: Suite, folder: string, number: number) {
    this.#name = name;
    this.#suite = suite;
    this.#number = number;
    this.#namespace = `scorewall-${name}-${number}`;
    this.#folder = folder;
    this.address = `10.231.9.${number}`;
  }

  static async start(name: string, suite: Suite, folder: string, number = 2): Promise<Machine> {
    const machine = new Machine(name, suite, folder, number);
    await machine.#plugIn();
    await machine.powerOn();
    return machine;
  }

  async powerOn(): Promise<void> {
    const root = await stockRoot(this.#suite);
    const own = ['--mount', '--pid', '--fork', '--cgroup', '--ipc', '--uts', '--kill-child'];
    const boot = ['sh', path.join(import.meta.dirname, 'boot-machine.sh'), root, this.#folder, this.#name];
    this.#systemd = spawn('ip', ['netns', 'exec', this.#namespace, 'unshare', ...own, ...boot], { stdio: 'ignore' });
    await eventually('the machine starts', () => {
      this.#pid = childOf(this.#systemd!.pid!);
      return readFileSync(`/proc/${this.#pid}/comm`, 'utf8').trim() === 'systemd';
    });
    await this.sh(`until systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded'; do sleep 0.2; done`);
  }

  /** As by its plug: nothing ends in good order. */
  async powerOff(): Promise<void> {
    if (!this.#systemd) return;
    const off = once(this.#systemd, 'exit');
    this.kill();
    await off;
    this.#systemd = undefined;
  }

  kill(): void {
    if (this.#systemd && this.#pid) process.kill(Number(this.#pid), 'SIGKILL');
  }

  /** Of its card as it is at this moment, also while it runs; not plugged in, and not on. */
  async copyCard(folder: string, number: number): Promise<Machine> {
    // Of a machine that runs, a file may go while it is copied.
    const mayGo = this.#systemd ? ' || true' : '';
    for (const part of ['written', 'containers'])
      await run('sh', ['-c', `cp -a '${this.#folder}/${part}' '${folder}/' 2>/dev/null${mayGo}`], SH);
    return new Machine(this.#name, this.#suite, folder, number);
  }

  /** A copy, beside the others. */
  async plugInAndPowerOn(): Promise<void> {
    await this.#plugIn();
    await this.powerOn();
  }

  /** Gives what it said; an error holds both outputs. */
  async sh(command: string): Promise<string> {
    const env = ['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', 'TERM=dumb', 'DEBIAN_FRONTEND=noninteractive'];
    const inside = ['-t', this.#pid, '-m', '-p', '-C', '-i', '-u', '-n', '-r', '-w'];
    const { stdout } = await run('nsenter', [...inside, ...env, 'sh', '-c', command], SH);
    return stdout;
  }

  async remove(): Promise<void> {
    await this.powerOff();
    await run('ip', ['netns', 'delete', this.#namespace]).catch(() => undefined);
    plugged.delete(this);
    if (plugged.size === 0) {
      await run('iptables', masquerade('-D')).catch(() => undefined);
      await run('ip', ['link', 'delete', SWITCH]).catch(() => undefined);
      releaseFile(IN_USE);
    }
    await eventually('nothing is left of the machine', () => {
      rmSync(this.#folder, { recursive: true, force: true });
      return !existsSync(this.#folder);
    });
  }

  async #plugIn(): Promise<void> {
    const ip = (...words: string[]) => run('ip', words);
    if (plugged.size === 0) {
      mkdirSync(ROOTS, { recursive: true });
      await eventually('another walk on this machine ends', () => claimFile(IN_USE, 'walk') === undefined, ANOTHER_WALK);
      // Left behind by a walk that was broken off.
      await ip('link', 'delete', SWITCH).catch(() => undefined);
      await ip('link', 'add', SWITCH, 'type', 'bridge');
      await ip('addr', 'add', `${Machine.hubAddress}/24`, 'dev', SWITCH);
      await ip('link', 'set', SWITCH, 'up');
      await run('iptables', masquerade('-A'));
    }
    plugged.add(this);
    const port = `${SWITCH}.${this.#number}`;
    // Of a walk before; its cable goes a moment after its namespace.
    await ip('link', 'delete', port).catch(() => undefined);
    await ip('netns', 'delete', this.#namespace).catch(() => undefined);
    await ip('netns', 'add', this.#namespace);
    await ip('link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', this.#namespace);
    await ip('link', 'set', port, 'master', SWITCH, 'up');
    await ip('-n', this.#namespace, 'addr', 'add', `${this.address}/24`, 'dev', 'eth0');
    for (const link of ['eth0', 'lo']) await ip('-n', this.#namespace, 'link', 'set', link, 'up');
    await ip('-n', this.#namespace, 'route', 'add', 'default', 'via', Machine.hubAddress);
  }
}

function masquerade(action: '-A' | '-D'): string[] {
  const net = `${Machine.hubAddress}/24`;
  return ['-t', 'nat', action, 'POSTROUTING', '-s', net, '!', '-d', net, '-j', 'MASQUERADE'];
}

/** `ip netns exec` becomes `unshare`, whose only child is the machine's first process. */
function childOf(pid: number): string {
  for (const entry of readdirSync(`/proc/${pid}/task`)) {
    const [child] = readFileSync(`/proc/${pid}/task/${entry}/children`, 'utf8').trim().split(' ');
    if (child) return child;
  }
  return '';
}
