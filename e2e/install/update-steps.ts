/** An installed machine gets an agent that works, then one that falls over and is left again; container and terminals notice neither. */
import assert from 'node:assert/strict';
import { Updates } from '#contracts/api-updates.ts';
import { eventually } from '#e2e/stack/eventually.ts';
import type { CarriedAgents } from './carried-agents.ts';
import { answers } from './first-steps.ts';
import type { Hub } from './hub.ts';
import type { Machine } from './machine.ts';

export async function updateAgent(
  machine: Machine,
  hub: Hub,
  device: string,
  carried: CarriedAgents,
  podman: string,
): Promise<void> {
  const containers = () => machine.sh(`${podman} podman ps --no-trunc --format '{{.ID}} {{.StartedAt}}'`);
  const terminals = () => machine.sh('systemctl show -p MainPID --value scorewall-terminals');
  await machine.sh('touch /var/lib/scorewall/terminals-wanted');
  await machine.sh('until systemctl is-active -q scorewall-terminals; do sleep 0.1; done');
  const before = [await containers(), await terminals()];
  const good = carried.carry('good', (code) => `${code}\n// Built later.\n`);
  await begin(hub, device);
  await is(hub, device, { version: good, state: 'current' });
  assert.equal((await machine.sh('cat /var/lib/scorewall/agent/current/version')).trim(), good);

  const broken = carried.carry('broken', (code) => `process.exit(1);\n${code}`);
  await begin(hub, device);
  await is(hub, device, { version: good, state: 'returned' });
  assert.match(await machine.sh('journalctl --no-pager -u scorewall-agent'), /did not report healthy/);
  assert.equal((await machine.sh('cat /var/lib/scorewall/agent/returned')).trim(), broken);
  assert.deepEqual([await containers(), await terminals()], before);
  assert.ok(await answers(machine));
}

/** One at a time: the one before is over when its device has been well for a while. */
const begin = (hub: Hub, device: string) =>
  eventually('an update begins', async () => {
    await hub.call('POST', `/devices/${device}/update`, {});
    return true;
  });

const is = (hub: Hub, device: string, wanted: { version: string; state: string }) =>
  eventually(
    `${device} is ${wanted.state} with ${wanted.version}`,
    async () => {
      const updates = Updates.parse(await hub.call('GET', '/updates'));
      const one = updates.devices.find((known) => known.device === device);
      if (one?.version === wanted.version && one.state === wanted.state) return true;
      throw new Error(JSON.stringify(updates));
    },
    { deadlineMs: 180_000 },
  );
