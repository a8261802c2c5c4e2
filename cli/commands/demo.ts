/** `scorewall demo`: the whole story against the running hub, on a deployment of its own that is gone afterwards either way. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunFile } from '#contracts/run-file.ts';
import type { Context } from '../context.ts';
import { demoManifest } from '../demo/manifest.ts';
import { fetchPage, findFreePort } from '../demo/page.ts';
import { Phases } from '../demo/phases.ts';
import { CliError, EXIT } from '../exit-code.ts';
import { listNames } from '../output/list-names.ts';
import { judge, reasonOf } from '../wait-for-deployment.ts';

const ASK_EVERY_MS = 50;
const DEADLINE_MS = 60_000;

type Place = RunFile['devices'][number];

export async function demo({ hub, terminal }: Context): Promise<void> {
  const places = await localDevices(
    hub.connection.runFile,
    (await hub.devices()).map((one) => one.device.name),
  );
  const devices = places.map((one) => one.id);
  const name = `demo-${randomBytes(3).toString('hex')}`;
  const addresses = places.map((one) => one.address);
  const first = await findFreePort(addresses);
  const second = await findFreePort(addresses, [first]);
  const phases = new Phases(terminal);
  terminal.out(`The story of one deployment, ${name}, on ${listNames(devices)}.`);

  const put = async (version: '1' | '2', port: number) => {
    const current = await hub.findDeployment(name);
    await hub.putDeployment(name, demoManifest({ name, devices, version, port }), current?.revision, 'scorewall demo');
    return undefined;
  };
  const running = () =>
    until(async () => {
      const states = await hub.deploymentDevices(name);
      if (states.length === devices.length && judge(states) === 'running') return undefined;
      return states.map((one) => `${one.device}: ${reasonOf(one)}`).join('\n') || 'no device has it yet';
    });
  const answering = (version: '1' | '2', port: number) =>
    everyPage(places, port, (page) =>
      page?.includes(`version ${version}`) ? undefined : page === undefined ? 'no answer' : 'the page of another version',
    );
  const silent = (port: number) => everyPage(places, port, (page) => (page === undefined ? undefined : 'still answers'));

  try {
    await phases.run('apply hello, version 1', () => put('1', first));
    await phases.run(`running on ${devices.length} of ${devices.length} devices`, running);
    await phases.run(`its page answers on port ${first}`, () => answering('1', first));
    await phases.run('edit: version 2 on another port', () => put('2', second));
    await phases.run('the new version runs', running);
    await phases.run(`its page answers on port ${second}`, () => answering('2', second));
    await phases.run(`port ${first} is quiet`, () => silent(first));
  } finally {
    await phases.always('delete', async () => {
      const current = await hub.findDeployment(name);
      if (current) await hub.deleteDeployment(name, current.revision);
      return undefined;
    });
    await phases.always('gone from every device', () => gone(hub, name, devices));
    await phases.always('both ports are quiet', async () => (await silent(first)) ?? (await silent(second)));
  }
  terminal.out(`\n${phases.passed} passed, ${phases.failed} failed`);
  if (phases.failed > 0) throw new CliError(EXIT.failed, 'The demo did not come out.', 'What is wrong: npx scorewall doctor');
}

async function localDevices(runFile: RunFile | undefined, known: readonly string[]): Promise<Place[]> {
  if (!runFile)
    throw new CliError(
      EXIT.usage,
      'The demo looks at pages on this machine, and this hub is somewhere else.',
      'Nothing was changed. Run it beside the hub, with --home.',
    );
  const places = runFile.devices.filter((one) => known.includes(one.id));
  if (places.length === 0)
    throw new CliError(
      EXIT.usage,
      'The demo needs a local device, and this hub runs none.',
      'Nothing was changed. Start it with: npx scorewall up --devices alice,aria,octavia',
    );
  return places;
}

/** `ask` gives what is still wrong, in words, or nothing when all is well. */
async function until(ask: () => Promise<string | undefined>): Promise<undefined> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const wrong = await ask();
    if (wrong === undefined) return undefined;
    if (performance.now() > deadline) throw new Error(`Not so after ${DEADLINE_MS / 1000} s.\n${wrong}`);
    await sleep(ASK_EVERY_MS);
  }
}

function everyPage(
  places: readonly Place[],
  port: number,
  judgePage: (page: string | undefined) => string | undefined,
): Promise<undefined> {
  return until(async () => {
    const wrong = await Promise.all(
      places.map(async ({ id, address }) => {
        const verdict = judgePage(await fetchPage(address, port));
        return verdict ? [`${id}, http://${address}:${port}: ${verdict}`] : [];
      }),
    );
    return wrong.flat().join('\n') || undefined;
  });
}

function gone(hub: Context['hub'], name: string, devices: readonly string[]): Promise<undefined> {
  return until(async () => {
    const left = (await hub.devices()).filter(
      (one) => devices.includes(one.device.name) && one.status?.value.deployments.some((deployment) => deployment.name === name),
    );
    return left.length > 0 ? `still on ${listNames(left.map((one) => one.device.name))}` : undefined;
  });
}
