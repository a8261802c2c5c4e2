/** A stock Debian with its own systemd, in its own namespaces and on its own network cable: what a person would plug in. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '#e2e/stack/eventually.ts';
import { readAptSources, readDistribution } from '#server/nats/apt-sources.ts';

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

export class Machine {
  static readonly hubAddress = '10.231.9.1';
  static readonly address = '10.231.9.2';
  readonly #namespace: string;
  readonly #folder: string;
  #systemd: ChildProcess | undefined;
  #pid = '';

  private constructor(name: string, folder: string) {
    this.#namespace = `scorewall-${name}`;
    this.#folder = folder;
  }

  static async start(name: string, suite: Suite, folder: string): Promise<Machine> {
    const root = await stockRoot(suite);
    const machine = new Machine(name, folder);
    await machine.#plugIn();
    const boot = path.join(import.meta.dirname, 'boot-machine.sh');
    const unshare = [
      'unshare',
      '--mount',
      '--pid',
      '--fork',
      '--cgroup',
      '--ipc',
      '--uts',
      '--kill-child',
      'sh',
      boot,
      root,
      folder,
      name,
    ];
    machine.#systemd = spawn('ip', ['netns', 'exec', machine.#namespace, ...unshare], { stdio: 'ignore' });
    await eventually('the machine starts', () => {
      machine.#pid = childOf(machine.#systemd!.pid!);
      return readFileSync(`/proc/${machine.#pid}/comm`, 'utf8').trim() === 'systemd';
    });
    await machine.sh(`until systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded'; do sleep 0.2; done`);
    return machine;
  }

  /** Gives what it said; an error holds both outputs. */
  async sh(command: string): Promise<string> {
    const env = ['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', 'TERM=dumb', 'DEBIAN_FRONTEND=noninteractive'];
    const inside = ['-t', this.#pid, '-m', '-p', '-C', '-i', '-u', '-n', '-r', '-w'];
    const { stdout } = await run('nsenter', [...inside, ...env, 'sh', '-c', command], SH);
    return stdout;
  }

  async remove(): Promise<void> {
    if (this.#pid) process.kill(Number(this.#pid), 'SIGKILL');
    await run('iptables', this.#masquerade('-D')).catch(() => undefined);
    await run('ip', ['netns', 'delete', this.#namespace]).catch(() => undefined);
    await eventually('nothing is left of the machine', () => {
      rmSync(this.#folder, { recursive: true, force: true });
      return !existsSync(this.#folder);
    });
  }

  async #plugIn(): Promise<void> {
    const ip = (...words: string[]) => run('ip', words);
    await ip('netns', 'add', this.#namespace);
    // The cable of a machine before goes with its namespace, a moment later.
    await ip('link', 'delete', 'swinstall0').catch(() => undefined);
    await ip('link', 'add', 'swinstall0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', this.#namespace);
    await ip('addr', 'add', `${Machine.hubAddress}/24`, 'dev', 'swinstall0');
    await ip('link', 'set', 'swinstall0', 'up');
    await ip('-n', this.#namespace, 'addr', 'add', `${Machine.address}/24`, 'dev', 'eth0');
    for (const link of ['eth0', 'lo']) await ip('-n', this.#namespace, 'link', 'set', link, 'up');
    await ip('-n', this.#namespace, 'route', 'add', 'default', 'via', Machine.hubAddress);
    await run('iptables', this.#masquerade('-A'));
  }

  #masquerade(action: '-A' | '-D'): string[] {
    const net = `${Machine.hubAddress}/24`;
    return ['-t', 'nat', action, 'POSTROUTING', '-s', net, '!', '-d', net, '-j', 'MASQUERADE'];
  }
}

/** `ip netns exec` becomes `unshare`, whose only child is the machine's first process. */
function childOf(pid: number): string {
  for (const entry of readdirSync(`/proc/${pid}/task`)) {
    const [child] = readFileSync(`/proc/${pid}/task/${entry}/children`, 'utf8').trim().split(' ');
    if (child) return child;
  }
  return '';
}
