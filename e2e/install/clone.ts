/**
 * `npm run walk:clone`: the disk of a device that joined is copied, and the copy is started as a machine of its own. Found within 30 s with
 * both online, at first contact otherwise; the original keeps its container all the time; one press resolves it, and the copy stays out.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { DeviceIdentity } from '#contracts/api-identity.ts';
import { eventually } from '#e2e/stack/eventually.ts';
import { Steps } from '#server/up/steps.ts';
import { answers, asAgent, pasteLine, runContainer, statusOf } from './first-steps.ts';
import { Hub } from './hub.ts';
import { Machine, type Suite } from './machine.ts';
import { WatchedPage } from './watched-page.ts';

const FOUND_WITHIN_S = 30;
const { values } = parseArgs({ options: { suite: { type: 'string', multiple: true } } });
const steps = new Steps((text) => process.stdout.write(text), process.stdout.isTTY);
const podman = asAgent(false);
const card = () => mkdtempSync(path.join(tmpdir(), 'scorewall-card-'));

if (process.getuid?.() !== 0) throw new Error('This makes network namespaces and root file systems: run it as root.');
if (!existsSync('dist/packages/packages.json')) throw new Error('There is no package to install. First: npm run package');
for (const suite of (values.suite ?? ['bookworm', 'trixie']) as Suite[]) await walk(suite);

async function walk(suite: Suite): Promise<void> {
  const name = `cowrie-${suite}`;
  const machines = [await steps.run(suite, () => Machine.start(name, suite, card()))];
  const original = machines[0]!;
  const hub = new Hub(Machine.hubAddress);
  const copyCard = async (number: number) => {
    const copy = await original.copyCard(card(), number);
    machines.push(copy);
    return copy;
  };
  try {
    await steps.run('hub', () => hub.start());
    await steps.run('the line', () => pasteLine(original, hub));
    await steps.run('a container', () => runContainer(original, hub, name, podman));
    await bothOnline(hub, name, original, () => copyCard(3));
    await copiedWhileOff(hub, name, original, () => copyCard(4));
  } catch (error) {
    const logs = machines.map(async (machine, index) => {
      const text = await machine.sh('journalctl --no-pager').catch((unheard: Error) => unheard.message);
      return [`machine-${index}.log`, text] as const;
    });
    steps.print(`What the hub and the machines wrote is in ${await hub.keep(Object.fromEntries(await Promise.all(logs)))}`);
    throw error;
  } finally {
    await hub.stop();
    for (const machine of machines) await machine.remove();
  }
}

/** A copy of the card while it is in use, in a second machine beside the first. */
async function bothOnline(hub: Hub, name: string, original: Machine, copyCard: () => Promise<Machine>): Promise<void> {
  const container = await containerOf(original);
  const page = new WatchedPage(() => answers(original));
  const copy = await steps.run('a copy', copyCard);
  await steps.run('both online', async (step) => {
    await copy.plugInAndPowerOn();
    await contested(hub, name);
    const seconds = (Date.now() - (await startOfAgent(copy))) / 1_000;
    assert.ok(seconds <= FOUND_WITHIN_S, `The copy was found after ${seconds.toFixed(1)} s.`);
    step.done(`found ${seconds.toFixed(1)} s after the agent of the copy started`);
  });
  await steps.run('one press', async () => {
    const { holders, epoch } = await eventually('both are told apart', async () => {
      const identity = await identityOf(hub, name);
      return identity.holders?.length === 2 && identity;
    });
    const right = holders!.find(({ address }) => address?.startsWith(original.address));
    assert.ok(right, `Neither is at ${original.address}: ${JSON.stringify(holders)}`);
    await hub.call('POST', `/devices/${name}/clear`, { holder: right.holder });
    await resolved(hub, name, epoch!);
  });
  await steps.run('the copy', async () => {
    await isRefused(copy);
    await copy.powerOff();
    await copy.powerOn();
    await isRefused(copy);
    await inPeace(hub, name, original, container);
    await copy.powerOff();
  });
  const { asked, missed } = await page.end();
  assert.equal(missed, 0, `The page of the original was away ${missed} of ${asked} times.`);
  steps.say('the original', `answered ${asked} of ${asked} times; its container is the same`);
}

/** A copy of the card that was taken out; put back, the original gets its next key; the copy is started later. */
async function copiedWhileOff(hub: Hub, name: string, original: Machine, copyCard: () => Promise<Machine>): Promise<void> {
  const container = await containerOf(original);
  await original.powerOff();
  const copy = await steps.run('a copy, off', copyCard);
  await steps.run('on again', async () => {
    await original.powerOn();
    await eventually('its page is back', () => answers(original));
    assert.equal(await containerOf(original), container);
    const { epoch } = await identityOf(hub, name);
    await hub.call('POST', `/devices/${name}/rotate`, {});
    await eventually('its next key', async () => (await identityOf(hub, name)).epoch === epoch! + 1);
  });
  const page = new WatchedPage(() => answers(original));
  await steps.run('first contact', async (step) => {
    await copy.plugInAndPowerOn();
    await contested(hub, name);
    const seconds = (Date.now() - (await startOfAgent(copy))) / 1_000;
    await isRefused(copy);
    step.done(`found ${seconds.toFixed(1)} s after the agent of the copy started`);
  });
  await steps.run('one press', async () => {
    const { epoch } = await identityOf(hub, name);
    await hub.call('POST', `/devices/${name}/clear`, {});
    await resolved(hub, name, epoch!);
    await inPeace(hub, name, original, container);
  });
  const { asked, missed } = await page.end();
  assert.equal(missed, 0, `The page of the original was away ${missed} of ${asked} times.`);
}

async function identityOf(hub: Hub, name: string): Promise<DeviceIdentity> {
  return DeviceIdentity.parse(await hub.call('GET', `/devices/${name}/identity`));
}

async function containerOf(machine: Machine): Promise<string> {
  return (await machine.sh(`${podman} podman ps --quiet --no-trunc --filter name=probe.web`)).trim();
}

/** On its page and on the wall. */
async function contested(hub: Hub, name: string): Promise<void> {
  await eventually('it is contested', async () => (await identityOf(hub, name)).standing === 'contested', { everyMs: 100 });
  await eventually('the wall says so', async () => {
    const { devices } = (await hub.call('GET', '/wall')) as { devices: { device: { name: string; standing?: string } }[] };
    return devices.some(({ device }) => device.name === name && device.standing === 'contested');
  });
}

async function resolved(hub: Hub, name: string, before: number): Promise<void> {
  await eventually('the right one has its next key', async () => {
    const { standing, epoch } = await identityOf(hub, name);
    return standing === 'active' && epoch! > before;
  });
}

/** Since its last start. */
async function isRefused(copy: Machine): Promise<void> {
  await eventually('the copy is refused', async () => {
    // Not by the journal's boots: the kernel below has not started anew.
    const since = Math.floor((await startOfAgent(copy)) / 1_000);
    const said = await copy.sh(`journalctl --no-pager --since @${since} -o cat -u scorewall-agent`);
    return /there is a second copy of this device|heard two devices with one identity/.test(said);
  });
}

/** The original reports, with the container it had, and nobody is accused any more. */
async function inPeace(hub: Hub, name: string, original: Machine, container: string): Promise<void> {
  const sinceMs = Date.now();
  await eventually('it reports', async () => Date.parse((await statusOf(hub, name)).reportedAt) > sinceMs);
  assert.equal((await identityOf(hub, name)).standing, 'active');
  assert.equal(await containerOf(original), container);
}

async function startOfAgent(machine: Machine): Promise<number> {
  const at = await machine.sh('date -d "$(systemctl show -p ExecMainStartTimestamp --value scorewall-agent)" \'+%s%3N\'');
  return Number(at);
}
