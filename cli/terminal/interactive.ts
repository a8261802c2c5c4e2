/** A terminal session in this terminal: keys go there, its screen comes here, until it ends or the person leaves. */
import { displayName } from '#contracts/device.ts';
import type { TerminalState } from '#contracts/stream/terminal.ts';
import type { TerminalOutput } from '#contracts/stream/terminal-reader.ts';
import type { HubLink } from '../live/hub-link.ts';
import { type TerminalEnd, TerminalViewer } from '../live/terminal-viewer.ts';
import { printable } from '../output/printable.ts';
import { GuardOutput } from './guard-output.ts';
import { KEY_HELP, type KeyCommand, LeaveKeys } from './leave-keys.ts';

export interface InteractiveOptions {
  link: HubLink;
  device: string;
  sid: string;
  /** Look only, until the person asks to type. */
  watch: boolean;
  ownName: string;
}

/** What is typed before control has come is kept, up to this. */
const MOST_EARLY_BYTES = 4 * 1024;
/** A soft reset and an empty screen, before a picture is drawn on it. */
const EMPTY_SCREEN = '\u001b[!p\u001b[0m\u001b[2J\u001b[H';
/** What a program that was left may have switched on: the other screen, mouse, paste and key modes. */
const LEAVE_SCREEN = [
  '\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1006l\u001b[?1004l\u001b[?2004l',
  '\u001b[?1l\u001b>\u001b[<u\u001b[?1049l\u001b[?25h\u001b[0m',
].join('');

/** undefined: the person left, and the session goes on. */
export async function runInteractive({
  link,
  device,
  sid,
  watch,
  ownName,
}: InteractiveOptions): Promise<TerminalEnd | undefined> {
  const { stdin, stdout } = process;
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  const guard = new GuardOutput();
  const keys = new LeaveKeys();
  let wasConnected = true;
  let writer: string | undefined;
  let asking: string | undefined;
  const tell = (text: string) => void stdout.write(`\r\n\u001b[0m\u001b[7m ${printable(text)} \u001b[0m\r\n`);

  const viewer = new TerminalViewer({
    link,
    device,
    sid,
    draw: async (output) => {
      const text = textOf(output, guard);
      if (text && !stdout.write(text)) await new Promise((resolve) => stdout.once('drain', resolve));
      if (output.kind === 'reset' || output.kind === 'state') noted(output.state);
    },
    onLink: (connected) => {
      if (connected !== wasConnected)
        tell(connected ? 'Connected again.' : 'The connection was lost. The session goes on; trying again. Leave with ~.');
      wasConnected = connected;
    },
  });

  /** Others who type or want to are said once; the size is the writer's. */
  function noted(state: TerminalState): void {
    const { current } = link;
    // At the beginning, and after an absence that was too long for the device.
    if (!state.writer && !state.ended && wantsToType) control('take');
    if (state.writer && state.writer.name !== ownName) wantsToType = false;
    if (state.writer?.uid !== writer) {
      if (state.writer && state.writer.uid !== current?.uid) tell(`${state.writer.name} types here. ~t asks for it.`);
      if (state.writer?.uid === current?.uid) resize();
    }
    writer = state.writer?.uid;
    if (writer === current?.uid) for (const bytes of early.splice(0)) viewer.write(bytes);
    if (state.asking && state.asking.uid !== asking && writer === current?.uid)
      tell(`${state.asking.name} asks to type, and will in 5 s. ~k keeps it, ~g gives it now.`);
    asking = state.asking?.uid;
  }
  function resize(): void {
    const { cols, rows } = ownSize();
    void viewer.resize(cols, rows).catch(() => {});
  }
  const control = (action: 'take' | 'give' | 'keep') =>
    void viewer.control(action).catch((error: unknown) => tell(error instanceof Error ? error.message : String(error)));
  function obey(command: KeyCommand): void {
    if (command === 'take') wantsToType = true;
    if (command === 'leave') leave();
    else if (command === 'help') tell(KEY_HELP.join('\r\n '));
    else control(command);
  }
  let wantsToType = !watch;
  let saidLooking = false;
  const early: Uint8Array[] = [];
  const keptEarly = (bytes: Uint8Array): boolean => {
    // Control is on its way, or is somebody else's.
    const coming = wantsToType && (writer === undefined || writer === link.current?.uid);
    const size = early.reduce((sum, { length }) => sum + length, bytes.length);
    if (!coming || size > MOST_EARLY_BYTES) return false;
    early.push(bytes);
    return true;
  };
  function typed(chunk: Buffer): void {
    for (const one of keys.read(chunk)) {
      if (one.kind === 'command') obey(one.command);
      else if (!viewer.write(one.bytes) && !keptEarly(one.bytes) && !saidLooking && viewer.state && wasConnected) {
        saidLooking = true;
        tell('You are watching: what you type goes nowhere. ~t asks to type, ~. leaves.');
      }
    }
  }

  stdin.setRawMode(true);
  stdin.on('data', typed);
  stdin.once('end', leave);
  stdout.on('resize', resize);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, leave);
  try {
    const end = await viewer.run(leaving.signal);
    if (!end) await viewer.detach();
    return end;
  } finally {
    stdin.off('data', typed);
    stdin.off('end', leave);
    stdout.off('resize', resize);
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.off(signal, leave);
    stdin.setRawMode(false);
    stdin.pause();
    stdout.write(LEAVE_SCREEN);
  }
}

export const howToLeave = (device: string): string =>
  `A terminal of ${displayName(device)}. Leave with ~. at the beginning of a line (or Ctrl+\`); ~? lists more. It is recorded.`;

export const ownSize = () => ({
  cols: clamp(process.stdout.columns || 80, 2, 500),
  rows: clamp(process.stdout.rows || 24, 1, 200),
});

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

function textOf(output: TerminalOutput, guard: GuardOutput): Buffer | string | undefined {
  if (output.kind === 'data') return guard.write(output.bytes);
  return output.kind === 'reset' ? EMPTY_SCREEN : undefined;
}
