/** Holds a fleet against what it was asked to run: no orphan, no duplicate, nothing lost, and every report true. */
import { existsSync } from 'node:fs';
import { CONTAINER_LABEL } from '#contracts/container.ts';
import { decodeScore, encodeService } from '#contracts/score/score.ts';
import type { DeviceStatus } from '#contracts/status.ts';
import type { Device } from '../stack/device.ts';
import type { SeenContainer } from '../stack/engine.ts';
import { eventually } from '../stack/eventually.ts';
import type { Stack } from '../stack/stack.ts';

/** Waits until all of it holds at one moment; the error names the first thing that does not. */
export async function expectTruth(stack: Stack): Promise<void> {
  await eventually('the fleet runs exactly what it is asked to, and says so', () => checkTruth(stack), { deadlineMs: 90_000 });
}

async function checkTruth(stack: Stack): Promise<true> {
  const all = await stack.engine.containers('fleet', stack.fleet);
  for (const device of stack.devices) {
    const own = all.filter(({ labels }) => labels[CONTAINER_LABEL.device] === device.name);
    await checkDevice(stack, device, own);
  }
  const strays = all.filter(({ labels }) => !stack.devices.some(({ name }) => name === labels[CONTAINER_LABEL.device]));
  if (strays.length > 0) throw new Error(`These belong to no device: ${strays.map(({ name }) => name).join(', ')}`);
  for (const [name, { metadata }] of await stack.store.deployments()) {
    const status = await stack.store.deploymentStatus(name);
    if (!status || status.observedGeneration !== metadata.generation)
      throw new Error(`${name} is at generation ${metadata.generation}, its status at ${status?.observedGeneration}.`);
    const { targets, running } = status.aggregate;
    if (targets !== running) throw new Error(`${name} says ${JSON.stringify(status.aggregate)}.`);
  }
  return true;
}

async function checkDevice(stack: Stack, device: Device, containers: readonly SeenContainer[]): Promise<void> {
  const wanted = [...(await stack.store.desired(device.name))].flatMap(([deployment, text]) => {
    const decoded = decodeScore(text);
    if (!decoded.ok) throw new Error(`${deployment} of ${device.name} is not understood; a test with it checks by hand.`);
    return decoded.score.data.services.map((service) => ({ deployment, service: service.name, score: encodeService(service) }));
  });
  const status = await stack.store.status(device.name);
  if (!status) throw new Error(`${device.name} has not reported yet.`);
  const keyOf = (deployment: string | undefined, service: string | undefined) => `${deployment}/${service}`;
  const wantedKeys = wanted.map(({ deployment, service }) => keyOf(deployment, service));
  const actualKeys = containers.map(({ labels }) => keyOf(labels[CONTAINER_LABEL.deployment], labels[CONTAINER_LABEL.service]));
  expectSame(`containers of ${device.name}`, actualKeys, wantedKeys);
  for (const { deployment, service, score } of wanted) {
    const container = containers[actualKeys.indexOf(keyOf(deployment, service))]!;
    if (container.state !== 'running') throw new Error(`${container.name} is ${container.state}.`);
    // The engine may believe in a process that is long gone.
    if (!existsSync(`/proc/${await stack.engine.mainPid(container.id)}`)) throw new Error(`${container.name} has no process.`);
    if (container.labels[CONTAINER_LABEL.score] !== score) throw new Error(`${container.name} was made from an older Score.`);
    checkReport(status, deployment, service, container);
  }
  expectSame(
    `deployments reported by ${device.name}`,
    status.deployments.map(({ name }) => name),
    [...new Set(wanted.map(({ deployment }) => deployment))],
  );
}

function checkReport(status: DeviceStatus, deployment: string, service: string, container: SeenContainer): void {
  const report = status.deployments.find(({ name }) => name === deployment);
  const said = report?.services.find(({ name }) => name === service);
  const facts = `${status.device} reports ${deployment}/${service}`;
  if (!said) throw new Error(`${facts} not at all.`);
  if (said.state !== 'running' || report?.phase !== 'running')
    throw new Error(`${facts} as ${said.state} (${report?.phase}), with ${said.error?.message ?? 'no error'}`);
  if (said.error) throw new Error(`${facts} with an error: ${said.error.message}`);
  if (said.containerId !== undefined && !container.id.startsWith(said.containerId) && !said.containerId.startsWith(container.id))
    throw new Error(`${facts} as container ${said.containerId}, but it is ${container.id}.`);
}

function expectSame(what: string, actual: readonly string[], wanted: readonly string[]): void {
  const [a, b] = [actual, wanted].map((list) => [...list].sort().join(', '));
  if (a !== b) throw new Error(`The ${what} are [${a}], wanted [${b}].`);
}
