/** `scorewall device join|renew|keep-out|clear|take-back`: how devices get in, prove who they are, and stay out. */
import { setTimeout as delay } from 'node:timers/promises';
import type { JoinView, NewJoin } from '#contracts/api-identity.ts';
import { displayName } from '#contracts/device.ts';
import type { Context } from '../context.ts';
import { CliError, EXIT } from '../exit-code.ts';
import { ageOf } from '../output/duration.ts';
import { toTable } from '../output/table.ts';
import { confirm } from './delete.ts';
import { readLabelChanges } from './device.ts';

const LOOK_MS = 1_000;
const SHOWN_HOLDER = 12;

export interface JoinOptions {
  name?: string;
  label: string[];
  approve: boolean;
  wait: boolean;
}

const STAGE_WORDS: Partial<Record<JoinView['stage'], string>> = {
  contacted: 'The device fetched the script.',
  checking: 'Checking the machine.',
  podman: 'Installing podman.',
  agent: 'Installing the agent.',
  enrolling: 'It says hello.',
  connecting: 'It connects.',
};

export async function joinDevice(context: Context, { name, label, approve, wait }: JoinOptions): Promise<void> {
  const { set } = readLabelChanges(label, false);
  const made = await context.hub.startJoin({ ...(name ? { name } : {}), labels: set, approval: approve });
  tellLine(context, made);
  if (wait || approve) await follow(context, made.join.tid);
}

export async function takeBackDevice(context: Context, name: string): Promise<void> {
  tellLine(context, await context.hub.takeBack(name));
}

function tellLine({ terminal }: Context, { line, join }: NewJoin): void {
  terminal.out(
    [
      `Run this on the device; it is good for one device, until ${join.expiresAt}:`,
      `  ${terminal.paint('bold', line)}`,
      'Whoever has the line may join with it. It is shown only now.',
    ].join('\n'),
  );
}

/** Until it is on the wall; asks for the match words where somebody is there to compare them. */
async function follow({ hub, terminal }: Context, tid: string): Promise<void> {
  let said = '';
  for (;;) {
    const join = (await hub.joins()).find((one) => one.tid === tid);
    if (!join) throw new CliError(EXIT.notFound, 'This line has ended.', 'Devices are not affected. Make a new one.');
    if (join.stage === 'ready') {
      terminal.out(`${terminal.paint('green', '✓')} Welcome, ${displayName(join.device ?? '')}.`);
      return;
    }
    if (join.stage === 'failed')
      throw new CliError(EXIT.failed, join.message ?? 'It did not work.', 'The device says why. The same line may be run again.');
    if (join.stage === 'approval' && join.words && said !== join.words) {
      said = join.words;
      const words = join.words.split(' ').join(' · ');
      await confirm(terminal, join.words, false, `The device shows words. Are they the same there: ${words}?`);
      await hub.approveJoin(tid);
    }
    const words = STAGE_WORDS[join.stage];
    if (words && said !== words) {
      said = words;
      terminal.out(words);
    }
    await delay(LOOK_MS);
  }
}

export async function renewDevice({ hub, terminal }: Context, name: string | undefined, all: boolean): Promise<void> {
  if ((name === undefined) !== all)
    throw new CliError(EXIT.usage, 'Say which device, or --all.', 'Nothing was changed. See: npx scorewall device renew --help');
  if (name !== undefined) {
    await hub.rotate(name);
    terminal.out(`${terminal.paint('green', '✓')} ${displayName(name)} makes itself a new key.`);
    return;
  }
  const { devices } = await hub.rotateAll();
  terminal.out(
    `${terminal.paint('green', '✓')} ${devices.length} device${devices.length === 1 ? '' : 's'} asked. One that is away does it when it is back.`,
  );
}

export async function keepOutDevice({ hub, terminal }: Context, name: string, yes: boolean): Promise<void> {
  await hub.device(name);
  await confirm(
    terminal,
    name,
    yes,
    `Keeping ${displayName(name)} out cuts it off at once and refuses its keys for good. What runs on it keeps running.`,
  );
  const { connections, tookMs, off } = await hub.keepOut(name);
  const cut = connections === 0 ? 'It was not connected.' : `Cut off after ${(tookMs / 1_000).toFixed(2)} s.`;
  terminal.out(`${terminal.paint('green', '✓')} ${displayName(name)} is out. ${cut}`);
  for (const text of off) terminal.err(text);
}

/** Of several that are connected somebody has to say which: `holder` is the beginning of what `clear` lists. */
export async function clearDevice({ hub, terminal }: Context, name: string, holder: string | undefined): Promise<void> {
  const { holders = [] } = await hub.identity(name);
  const chosen = holders.filter((one) => holder !== undefined && one.holder.startsWith(holder));
  if (holders.length > 1 && chosen.length !== 1) {
    const now = Date.now();
    const rows = holders.map(({ holder: id, address = '-', connectedSince, current }) => [
      id.slice(0, SHOWN_HOLDER),
      address,
      `${ageOf(connectedSince, now)} ago`,
      current ? 'was here first' : '',
    ]);
    terminal.out(toTable(['HOLDER', 'ADDRESS', 'CONNECTED', ''], rows));
    throw new CliError(
      EXIT.conflict,
      `${holders.length} devices are connected as ${displayName(name)}.`,
      `Nothing was changed. Say which one is right: npx scorewall device clear ${name} --holder ${rows[0]![0]}`,
    );
  }
  const [right] = chosen;
  if (holder !== undefined && !right)
    throw new CliError(
      EXIT.notFound,
      `Nothing is connected as ${displayName(name)} that begins with ${holder}.`,
      `Nothing was changed. See who is: npx scorewall device clear ${name}`,
    );
  await hub.clear(name, right?.holder);
  terminal.out(
    right
      ? `${terminal.paint('green', '✓')} ${displayName(name)} at ${right.address ?? right.holder} makes itself a new key; with that it is trusted again, and the other is refused for good.`
      : `${terminal.paint('green', '✓')} ${displayName(name)} is trusted again; the other keys that were shown are refused for good.`,
  );
}
