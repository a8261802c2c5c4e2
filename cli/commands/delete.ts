/** `scorewall delete deployment|device NAME`: asks for the name to be typed, unless `--yes` says so already. */
import { createInterface } from 'node:readline/promises';
import type { Context } from '../context.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { Terminal } from '../output/terminal.ts';

export async function deleteDeployment({ hub, terminal }: Context, name: string, yes: boolean): Promise<void> {
  const { revision, status } = await hub.deployment(name);
  const targets = status?.aggregate.targets ?? 0;
  await confirm(terminal, name, yes, `Deleting ${name} takes it from ${targets} ${targets === 1 ? 'device' : 'devices'}.`);
  await hub.deleteDeployment(name, revision);
  terminal.out(
    `${terminal.paint('green', '✓')} ${name} is deleted. Devices stop its services now; one that is away does so when it is back.`,
  );
}

export async function deleteDevice({ hub, terminal }: Context, name: string, yes: boolean): Promise<void> {
  const { revision } = await hub.device(name);
  await confirm(
    terminal,
    name,
    yes,
    `Removing ${name} takes away its right to connect. Its services keep running there, and nobody sees them any more.`,
  );
  await hub.removeDevice(name, revision);
  terminal.out(`${terminal.paint('green', '✓')} ${name} is removed. Its key is no longer accepted.`);
}

export async function confirm(terminal: Terminal, name: string, yes: boolean, effect: string): Promise<void> {
  if (yes) return;
  if (!terminal.interactive)
    throw new CliError(EXIT.usage, `This needs a yes. ${effect}`, 'Nothing was changed. A script confirms with --yes.');
  terminal.out(effect);
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question(`Type ${name} to confirm: `).finally(() => prompt.close());
  if (answer.trim() !== name) throw new CliError(EXIT.usage, 'That is another name.', 'Nothing was changed.');
}
