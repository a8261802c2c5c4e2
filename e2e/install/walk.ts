/**
 * `npm run walk:install`: a stock Debian on a cable of its own joins a running hub by the pasted line, runs a container, is asked for a
 * terminal, takes the same line twice, and is purged. Needs root, debootstrap, and `npm run package` before it.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { eventually } from '#e2e/stack/eventually.ts';
import { Steps } from '#server/up/steps.ts';
import { Hub } from './hub.ts';
import { Machine, type Suite } from './machine.ts';

const { values } = parseArgs({ options: { suite: { type: 'string', multiple: true }, rootful: { type: 'boolean' } } });
const suites = (values.suite ?? ['bookworm', 'trixie']) as Suite[];
const steps = new Steps((text) => process.stdout.write(text), process.stdout.isTTY);
const AS_AGENT = values.rootful
  ? 'cd /; '
  : 'cd /; runuser -u scorewall -- env HOME=/var/lib/scorewall XDG_RUNTIME_DIR=/run/user/$(id -u scorewall) ';

if (process.getuid?.() !== 0) throw new Error('This makes network namespaces and root file systems: run it as root.');
if (!existsSync('dist/packages/packages.json')) throw new Error('There is no package to install. First: npm run package');
for (const suite of suites) await walk(suite);

async function walk(suite: Suite): Promise<void> {
  const name = `shellfish-${suite}`;
  const machine = await steps.run(suite, () =>
    Machine.start(name, suite, mkdtempSync(path.join(tmpdir(), 'scorewall-machine-'))),
  );
  // After the cable is there: its address belongs into the certificate.
  const hub = new Hub(Machine.hubAddress);
  try {
    await steps.run('hub', () => hub.start());
    const before = await traces(machine);
    const { line } = (await hub.call('POST', '/join-tokens', {})) as { line: string };
    await steps.run('the line', async (step) => {
      // As on a Raspberry Pi: by a person who may use sudo, and who reads the screen.
      await machine.sh('useradd -m pi && echo "pi ALL=(ALL) NOPASSWD:ALL" >/etc/sudoers.d/pi');
      const said = await machine.sh(`runuser -u pi -- sh -c '${line}${values.rootful ? ' --rootful' : ''}' 2>&1`);
      assert.doesNotMatch(await machine.sh('journalctl --no-pager; cat /var/log/auth.log 2>/dev/null; true'), /rcj1\./);
      assert.match(said, /On the wall/);
      // Another name than the wall waits for would look like a device that never came.
      assert.match(await machine.sh('cat /etc/scorewall/agent.toml'), new RegExp(`device_id = "${name}"`));
      step.done(said.trim().split('\n').length.toString().concat(' lines'));
    });
    await steps.run('on the wall', async () => {
      const status = await eventually(`${name} reports`, () => statusOf(hub, name));
      assert.equal(status.agent.credentials, 'roadchain');
      await eventually('the page says ready', async () => {
        const [join] = ((await hub.call('GET', '/join-tokens')) as { items: { stage: string; device?: string }[] }).items;
        if (join?.stage === 'ready' && join.device === name) return true;
        throw new Error(JSON.stringify(join));
      });
    });
    await steps.run('a container', () => runContainer(machine, hub, name));
    await steps.run('the line again', async () => {
      assert.match(await machine.sh(`${line}${values.rootful ? ' --rootful' : ''} 2>&1`), /installed already/);
      assert.match(await machine.sh(`${AS_AGENT} podman ps`), /probe\.web/);
    });
    await steps.run('purge', async () => {
      await machine.sh('apt-get purge -y -q scorewall-agent');
      assert.equal(await traces(machine), before);
    });
  } catch (error) {
    const journal = await machine.sh('journalctl --no-pager').catch((unheard: Error) => unheard.message);
    steps.print(`What the hub and the machine wrote is in ${await hub.keep({ 'machine.log': journal })}`);
    throw error;
  } finally {
    await hub.stop();
    await machine.remove();
  }
}

async function runContainer(machine: Machine, hub: Hub, device: string): Promise<void> {
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
  await machine.sh(`${AS_AGENT} podman import -q /tmp/image.tar localhost/probe:1`);
  const command = ['/bin/sh', '-c', 'echo hello from the machine >/index.html; exec /bin/httpd -f -p 80 -h /'];
  const services = [{ name: 'web', image: 'localhost/probe:1', command, ports: ['8080:80'] }];
  const manifest = {
    apiVersion: 'iot.nationtech.io/v1alpha1',
    kind: 'Deployment',
    metadata: { name: 'probe' },
    spec: { targetDevices: [device], score: { type: 'PodmanV0', data: { services } } },
  };
  await hub.call('PUT', '/deployments/probe', manifest, { 'if-none-match': '*' });
  await eventually('the container answers', async () => {
    const status = JSON.stringify((await statusOf(hub, device)).deployments);
    const answer = await fetch(`http://${Machine.address}:8080/`, { signal: AbortSignal.timeout(2_000) }).catch(
      (error: Error) => {
        throw new Error(`${error.message}; the device says ${status}`);
      },
    );
    return (await answer.text()).includes('hello from the machine');
  });
}

interface Status {
  agent: { credentials: string };
  deployments: unknown[];
}

async function statusOf(hub: Hub, device: string): Promise<Status> {
  return ((await hub.call('GET', `/devices/${device}/status`)) as { value: Status }).value;
}

/** What an uninstalled agent must not leave: files, users, processes, units. */
function traces(machine: Machine): Promise<string> {
  return machine.sh(`find / -xdev \\( -name '*scorewall*' -o -nouser -o -nogroup \\) 2>/dev/null
    grep -s scorewall /etc/passwd /etc/group /etc/shadow /etc/subuid /etc/subgid
    ls /var/lib/systemd/linger 2>/dev/null
    ls -l /proc/[0-9]*/exe 2>/dev/null | grep -c scorewall; true`);
}
