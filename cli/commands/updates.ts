/** `scorewall updates`, `scorewall device update`: which agent runs where, and how a new one travels. */
import { setTimeout as delay } from 'node:timers/promises';
import type { DeviceUpdate, UpdateDecision, UpdateRollout } from '#contracts/api-updates.ts';
import { displayName } from '#contracts/device-words.ts';
import { BY_HAND, hasNewAgent, isOnItsWay, keptOldAgent, progressWords, UPDATE_WORDS } from '#contracts/update-words.ts';
import type { Context } from '../context.ts';
import { CliError, EXIT } from '../exit-code.ts';
import type { Hub } from '../hub/client.ts';
import { ageOf } from '../output/duration.ts';
import { listNames } from '../output/list-names.ts';
import { oneLine } from '../output/printable.ts';
import { toTable } from '../output/table.ts';
import type { Terminal } from '../output/terminal.ts';

const LOOK_MS = 1_000;
/** An agent that starts anew is away too, for a moment. */
const AWAY_FOR_MS = 15_000;
const HOW_TO_DECIDE = 'Give it to the rest: npx scorewall updates go-on. Leave it at that: npx scorewall updates stop.';

export async function listUpdates({ hub, terminal }: Context, asJson: boolean): Promise<void> {
  const updates = await hub.updates();
  if (asJson) return terminal.out(JSON.stringify(updates, null, 2));
  const { carried, devices, rollout } = updates;
  const travels = isOnItsWay(rollout) ? [`${progressWords(rollout)} ${oneLine(rollout.why ?? '')}`.trimEnd()] : [];
  const rows = devices.map(({ device, version = '-', state, message = state === 'by-hand' ? BY_HAND : '' }) => [
    displayName(device),
    version,
    UPDATE_WORDS[state],
    message,
  ]);
  terminal.out(
    [
      carried
        ? `This hub carries agent ${carried.version}, built ${ageOf(carried.builtAt, Date.now())} ago.`
        : 'This hub carries no agent for its devices. Make it with: npm run package',
      ...travels,
      ...(rollout?.state === 'paused' ? [HOW_TO_DECIDE] : []),
      '',
      rows.length > 0
        ? toTable(['DEVICE', 'AGENT', 'NEW AGENT', 'WHY'], rows)
        : 'No device yet. Add one with: npx scorewall device join',
    ].join('\n'),
  );
}

export interface UpdateOptions {
  all: boolean;
  watch: boolean;
}

export async function updateDevices(context: Context, names: readonly string[], { all, watch }: UpdateOptions): Promise<void> {
  if ((names.length === 0) !== all)
    throw new CliError(
      EXIT.usage,
      'Say which devices, or --all.',
      'Nothing was changed. See: npx scorewall device update --help',
    );
  const { hub, terminal } = context;
  await hub.startUpdate(all ? {} : { devices: [...names] });
  const { rollout } = await hub.updates();
  if (!rollout) return;
  const { devices, version } = rollout;
  terminal.out(
    `${terminal.paint('green', '✓')} Agent ${version} goes to ${devices.length} device${devices.length === 1 ? '' : 's'}. Containers and terminals keep running.`,
  );
  if (watch) await follow(context, rollout);
}

export async function decideUpdate({ hub, terminal }: Context, decision: UpdateDecision['decision']): Promise<void> {
  await hub.decideUpdate(decision);
  terminal.out(
    `${terminal.paint('green', '✓')} ${decision === 'go-on' ? 'The rest gets it.' : 'Nobody else gets it. Who has the new agent keeps it.'}`,
  );
}

/** Until it is done; also where only devices are left that are away. */
async function follow({ hub, terminal }: Context, first: UpdateRollout): Promise<void> {
  const told = new Map<string, DeviceUpdate['state']>();
  let awaySince: number | undefined;
  for (;;) {
    const { rollout } = await hub.updates();
    if (rollout?.id !== first.id) throw ended(first);
    for (const one of rollout.devices) {
      const words = told.get(one.device) === one.state ? '' : changeWords(one, rollout.version);
      told.set(one.device, one.state);
      if (words) terminal.out(words);
    }
    switch (rollout.state) {
      case 'paused':
        throw new CliError(EXIT.failed, progressWords(rollout), `${rollout.why ?? ''}\n${HOW_TO_DECIDE}`.trimStart());
      case 'stopped':
        throw ended(rollout);
      case 'done':
        finish(terminal, rollout);
        return;
    }
    const waiting = rollout.devices.filter(({ state }) => state === 'waiting' || state === 'updating');
    awaySince = (await areAway(hub, waiting)) ? (awaySince ?? performance.now()) : undefined;
    if (awaySince !== undefined && performance.now() - awaySince > AWAY_FOR_MS) {
      const names = waiting.map(({ device }) => displayName(device));
      const when = names.length === 1 ? 'gets it when it is' : 'get it when they are';
      terminal.out(`${progressWords(rollout)} ${listNames(names)} ${when} back.`);
      return;
    }
    await delay(LOOK_MS);
  }
}

async function areAway(hub: Hub, devices: readonly DeviceUpdate[]): Promise<boolean> {
  if (devices.length === 0 || devices.some(({ state }) => state !== 'waiting')) return false;
  const { presence, presenceKnown } = await hub.wall();
  return presenceKnown && devices.every(({ device }) => !presence.find((one) => one.device === device)?.connected);
}

function finish(terminal: Terminal, rollout: UpdateRollout): void {
  const back = rollout.devices.filter(keptOldAgent).map(({ device }) => displayName(device));
  if (back.length > 0)
    throw new CliError(
      EXIT.failed,
      progressWords(rollout),
      `${listNames(back)} kept the agent before. See: npx scorewall updates`,
    );
  terminal.out(`${terminal.paint('green', '✓')} ${progressWords(rollout)}`);
}

const ended = (rollout: UpdateRollout) =>
  new CliError(
    EXIT.failed,
    `The update to ${rollout.version} was stopped.`,
    'Who has the new agent keeps it. See: npx scorewall updates',
  );

function changeWords(one: DeviceUpdate, version: string): string {
  const name = displayName(one.device);
  if (hasNewAgent(one)) return `${name} runs ${version}.`;
  if (one.state === 'waiting') return '';
  return `${name} ${UPDATE_WORDS[one.state]}. ${oneLine(one.message ?? '')}`.trimEnd();
}
