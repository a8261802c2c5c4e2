/** `scorewall shell` and `scorewall exec`: a terminal on a device, or one command in a service there. */
import type { TerminalTarget } from '#contracts/stream/terminal.ts';
import { personOf } from '#contracts/uid.ts';
import type { Context } from '../context.ts';
import { CliError, EXIT } from '../exit-code.ts';
import { HubLink } from '../live/hub-link.ts';
import type { TerminalEnd } from '../live/terminal-viewer.ts';
import { findTarget, theOnly } from '../target.ts';
import { howToLeave, ownSize, runInteractive } from '../terminal/interactive.ts';
import { openTerminal, requireLink, requireRight } from '../terminal/open-terminal.ts';
import { hasInput, plainCommand, runPlain } from '../terminal/run-plain.ts';

export interface ShellOptions {
  /** A session that is there already. */
  attach?: string;
  watch: boolean;
}

/** Programs see no terminal there, but some ask for its size all the same. */
const PLAIN_SIZE = { cols: 200, rows: 50 };

export async function shell(context: Context, text: string, { attach, watch }: ShellOptions): Promise<number> {
  requireTerminal('shell');
  await requireRight(context.hub, watch ? 'watch' : 'drive');
  const target = await findTarget(context.hub, text);
  const what: TerminalTarget = target.services ? { kind: 'exec', ...theOnly(target) } : { kind: 'host' };
  return interact(
    context,
    target.device,
    watch,
    async (link) => attach ?? (await openTerminal(link, target.device, what, ownSize())),
  );
}

export async function exec(context: Context, text: string, command: readonly string[]): Promise<number> {
  await requireRight(context.hub, 'drive');
  const target = await findTarget(context.hub, text);
  const service = theOnly(target);
  const { device } = target;
  const isInteractive = process.stdin.isTTY === true && process.stdout.isTTY === true;
  if (isInteractive) {
    const what: TerminalTarget = { kind: 'exec', ...service, ...(command.length > 0 ? { command: [...command] } : {}) };
    return interact(context, device, false, (link) => openTerminal(link, device, what, ownSize()));
  }
  if (command.length === 0)
    throw new CliError(
      EXIT.usage,
      'Without a terminal here, exec needs a command.',
      `Nothing was done. For example: npx scorewall exec ${text} -- ls`,
    );
  return withLink(context, async (link) => {
    const plain = plainCommand(command, hasInput());
    const sid = await openTerminal(link, device, { kind: 'exec', ...service, command: plain.command }, PLAIN_SIZE);
    return runPlain({ link, device, sid, plain });
  });
}

async function interact(
  context: Context,
  device: string,
  watch: boolean,
  open: (link: HubLink) => Promise<string>,
): Promise<number> {
  return withLink(context, async (link) => {
    const sid = await open(link);
    context.terminal.err(context.terminal.paint('grey', howToLeave(device)));
    const end = await runInteractive({ link, device, sid, watch, ownName: personOf(requireLink(link).uid) });
    if (end) return exitCode(context, end);
    context.terminal.err(`You left. The session goes on; come back with: npx scorewall shell ${device} --attach ${sid}`);
    return EXIT.ok;
  });
}

function exitCode({ terminal }: Context, { reason, message, exitCode: code }: TerminalEnd): number {
  if (reason === 'ended') return code ?? EXIT.ok;
  terminal.err(`The session is over: ${message}`);
  return EXIT.failed;
}

async function withLink(context: Context, work: (link: HubLink) => Promise<number>): Promise<number> {
  const link = await HubLink.open(context.hub, context.findHub);
  try {
    return await work(link);
  } finally {
    await link.close();
  }
}

function requireTerminal(command: string): void {
  if (process.stdin.isTTY === true && process.stdout.isTTY === true) return;
  throw new CliError(
    EXIT.usage,
    `scorewall ${command} needs a terminal on both ends, and there is none here.`,
    'Nothing was done. For scripts: npx scorewall exec DEVICE/SERVICE -- COMMAND',
  );
}
