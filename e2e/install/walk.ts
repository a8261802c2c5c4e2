/**
 * `npm run walk:install`: a stock Debian on a cable of its own joins a running hub by the pasted line, runs a container, takes the same
 * line twice, gets a new agent, leaves a broken one by itself, and is purged. Needs root, debootstrap, and `npm run package` before it.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { eventually } from '#e2e/stack/eventually.ts';
import { Steps } from '#server/up/steps.ts';
import { CarriedAgents } from './carried-agents.ts';
import { asAgent, pasteLine, runContainer, statusOf } from './first-steps.ts';
import { Hub } from './hub.ts';
import { Machine, type Suite } from './machine.ts';
import { updateAgent } from './update-steps.ts';

const { values } = parseArgs({ options: { suite: { type: 'string', multiple: true }, rootful: { type: 'boolean' } } });
const suites = (values.suite ?? ['bookworm', 'trixie']) as Suite[];
const steps = new Steps((text) => process.stdout.write(text), process.stdout.isTTY);
const podman = asAgent(values.rootful ?? false);

if (process.getuid?.() !== 0) throw new Error('This makes network namespaces and root file systems: run it as root.');
if (!existsSync('dist/packages/packages.json')) throw new Error('There is no package to install. First: npm run package');
for (const suite of suites) await walk(suite);

async function walk(suite: Suite): Promise<void> {
  const name = `shellfish-${suite}`;
  const machine = await steps.run(suite, () =>
    Machine.start(name, suite, mkdtempSync(path.join(tmpdir(), 'scorewall-machine-'))),
  );
  // After the cable is there: its address belongs into the certificate.
  const carried = new CarriedAgents('dist/packages');
  const hub = new Hub(Machine.hubAddress, { SCOREWALL_PACKAGES: carried.folder, SCOREWALL_UPDATE_SOAK_SECONDS: '1' });
  try {
    await steps.run('hub', () => hub.start());
    const before = await traces(machine);
    const { line } = await steps.run('the line', async (step) => {
      const pasted = await pasteLine(machine, hub, values.rootful ? ' --rootful' : '');
      assert.doesNotMatch(await machine.sh('journalctl --no-pager; cat /var/log/auth.log 2>/dev/null; true'), /rcj1\./);
      // Another name than the wall waits for would look like a device that never came.
      assert.match(await machine.sh('cat /etc/scorewall/agent.toml'), new RegExp(`device_id = "${name}"`));
      step.done(`${pasted.said.trim().split('\n').length} lines`);
      return pasted;
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
    await steps.run('a container', () => runContainer(machine, hub, name, podman));
    await steps.run('the line again', async () => {
      assert.match(await machine.sh(`${line} 2>&1`), /installed already/);
      assert.match(await machine.sh(`${podman} podman ps`), /probe\.web/);
    });
    await steps.run('new agents', () => updateAgent(machine, hub, name, carried, podman));
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
    carried.remove();
  }
}

/** What an uninstalled agent must not leave: files, users, processes, units. */
function traces(machine: Machine): Promise<string> {
  return machine.sh(`find / -xdev \\( -name '*scorewall*' -o -nouser -o -nogroup \\) 2>/dev/null
    grep -s scorewall /etc/passwd /etc/group /etc/shadow /etc/subuid /etc/subgid
    ls /var/lib/systemd/linger 2>/dev/null
    ls -l /proc/[0-9]*/exe 2>/dev/null | grep -c scorewall; true`);
}
