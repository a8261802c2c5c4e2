/** What is done with a machine that is new: the line is pasted, and a container runs on it that answers over the network. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { eventually } from '#e2e/stack/eventually.ts';
import type { Hub } from './hub.ts';
import type { Machine } from './machine.ts';

const CAP_SYS_RESOURCE = 24n;

export interface Status {
  agent: { credentials: string };
  reportedAt: string;
  deployments: unknown[];
}

/** Before a command of podman: root's, or the agent's own. */
export const asAgent = (rootful: boolean): string =>
  rootful ? 'cd /; ' : 'cd /; runuser -u scorewall -- env HOME=/var/lib/scorewall XDG_RUNTIME_DIR=/run/user/$(id -u scorewall) ';

/** As on a Raspberry Pi: by a person who may use sudo, and who reads the screen. Gives the line and what it said. */
export async function pasteLine(machine: Machine, hub: Hub, options = ''): Promise<{ line: string; said: string }> {
  const { line } = (await hub.call('POST', '/join-tokens', {})) as { line: string };
  if (options.includes('--rootful')) await takeLimitsAsTheyAre(machine);
  await machine.sh('useradd -m pi && echo "pi ALL=(ALL) NOPASSWD:ALL" >/etc/sudoers.d/pi');
  const said = await machine.sh(`runuser -u pi -- sh -c '${line}${options}' 2>&1`);
  assert.match(said, /On the wall/);
  assert.doesNotMatch(said, /does not answer/);
  return { line: `${line}${options}`, said };
}

/** Without CAP_SYS_RESOURCE below, no limit can be raised in here: crun wants to, for every container of root's; runc does not. */
async function takeLimitsAsTheyAre(machine: Machine): Promise<void> {
  const rights = /CapEff:\s*(\w+)/.exec(readFileSync('/proc/self/status', 'utf8'))![1]!;
  if ((BigInt(`0x${rights}`) >> CAP_SYS_RESOURCE) & 1n) return;
  const settings = '[containers]\\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\\n[engine]\\nruntime = "runc"\\n';
  await machine.sh(
    `mkdir -p /etc/containers/containers.conf.d && printf '${settings}' >/etc/containers/containers.conf.d/limits.conf`,
  );
  await machine.sh('apt-get update -q && apt-get install -y -q --no-install-recommends runc');
}

export async function statusOf(hub: Hub, device: string): Promise<Status> {
  return ((await hub.call('GET', `/devices/${device}/status`)) as { value: Status }).value;
}

export async function runContainer(machine: Machine, hub: Hub, device: string, podman: string): Promise<void> {
  const busybox = execFileSync('sh', ['-c', 'base64 -w0 "$(command -v busybox)"'], {
    encoding: 'utf8',
    maxBuffer: 16 * 1024 ** 2,
  });
  await machine.sh('mkdir -p /tmp/image/bin');
  // One argument holds at most 128 KB.
  for (let at = 0; at < busybox.length; at += 96_000)
    await machine.sh(`echo ${busybox.slice(at, at + 96_000)} | base64 -d >>/tmp/image/bin/busybox`);
  await machine.sh(
    'cd /tmp/image/bin && chmod 755 busybox && ln -s busybox sh && ln -s busybox httpd && tar -c -C /tmp/image -f /tmp/image.tar .',
  );
  await machine.sh(`${podman} podman import -q /tmp/image.tar localhost/probe:1`);
  const command = ['/bin/sh', '-c', 'echo hello from the machine >/index.html; exec /bin/httpd -f -p 80 -h /'];
  const services = [{ name: 'web', image: 'localhost/probe:1', command, ports: ['8080:80'] }];
  const manifest = {
    apiVersion: 'iot.nationtech.io/v1alpha1',
    kind: 'Deployment',
    metadata: { name: 'probe' },
    spec: { targetDevices: [device], score: { type: 'PodmanV0', data: { services } } },
  };
  await hub.call('PUT', '/deployments/probe', manifest, { 'if-none-match': '*' });
  await eventually('the container answers', () =>
    answers(machine).catch(async (error: Error) => {
      const { deployments } = await statusOf(hub, device);
      throw new Error(`${error.message}; the device says ${JSON.stringify(deployments)}`);
    }),
  );
}

/** Over the network, from outside. */
export async function answers(machine: Machine): Promise<boolean> {
  const answer = await fetch(`http://${machine.address}:8080/`, { signal: AbortSignal.timeout(2_000) });
  return (await answer.text()).includes('hello from the machine');
}
