/**
 * A command on a device for scripts: what comes in on standard input goes to the program, what it writes comes out byte for byte, and
 * its exit code is ours. The device gives every program a terminal; a few words of shell around the command take it away again.
 */
import { randomBytes } from 'node:crypto';
import { fstatSync } from 'node:fs';
import { CliError, EXIT } from '../exit-code.ts';
import type { HubLink } from '../live/hub-link.ts';
import { type TerminalEnd, TerminalViewer } from '../live/terminal-viewer.ts';

/** Bytes of a line of base64: a terminal takes lines of 4 KB at most. */
const LINE_BYTES = 54;
const END_OF_INPUT = 0x04;
const INTERRUPTED = 130;

export interface PlainCommand {
  /** Said by the shell once nothing is echoed any more. */
  mark: string;
  input: boolean;
  command: string[];
}

/**
 * Waits for a line before the program begins, so that nothing it writes comes before somebody listens. The program's output goes
 * through a pipe and its exit code past it: a program that sees no terminal writes for programs.
 */
export function plainCommand(command: readonly string[], input: boolean, mark = randomBytes(12).toString('hex')): PlainCommand {
  const source = input ? 'base64 -d | "$@"' : '"$@" </dev/null';
  const script = `stty -echo -onlcr 2>/dev/null; printf %s "$0"; read -r _; exec 3>&1; code=$({ { ${source} 4>&-; echo $? >&4; } | cat >&3; } 4>&1); exit "$code"`;
  return { mark, input, command: ['sh', '-c', script, mark, ...command] };
}

export const hasInput = (): boolean => process.stdin.isTTY !== true && !fstatSync(0).isCharacterDevice();

export interface PlainOptions {
  link: HubLink;
  device: string;
  sid: string;
  plain: PlainCommand;
}

export async function runPlain({ link, device, sid, plain }: PlainOptions): Promise<number> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  let before: Buffer | undefined = Buffer.alloc(0);
  let lost = false;
  let resets = 0;
  const viewer = new TerminalViewer({
    link,
    device,
    sid,
    fromStart: true,
    onLink: () => {},
    draw: async (output) => {
      if (output.kind === 'reset' && resets++ > 0) lost = true;
      if (output.kind !== 'data' || lost) return;
      let bytes: Buffer = Buffer.from(output.bytes);
      if (before) {
        before = Buffer.concat([before, bytes]);
        const at = before.indexOf(plain.mark);
        if (at < 0) return;
        bytes = before.subarray(at + plain.mark.length);
        before = undefined;
        void feed(viewer, plain.input).catch(() => {});
      }
      if (bytes.length > 0 && !process.stdout.write(bytes)) await new Promise((resolve) => process.stdout.once('drain', resolve));
    },
  });
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    const running = viewer.run(interrupted.signal);
    await viewer.control('take');
    const end = await running;
    if (!end) {
      await viewer.end().catch(() => {});
      return INTERRUPTED;
    }
    if (before && before.length > 0) process.stderr.write(before);
    return exitCode(end, lost);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    process.stdin.destroy();
  }
}

function exitCode(end: TerminalEnd, lost: boolean): number {
  if (lost)
    throw new CliError(
      EXIT.failed,
      'Some of what the program wrote was lost on the way.',
      'It may have run to its end. Look at the device, then run it again.',
    );
  if (end.reason === 'ended') return end.exitCode ?? EXIT.failed;
  throw new CliError(
    EXIT.failed,
    `The session is over: ${end.message}`,
    'The program may or may not have run. Look at the device.',
  );
}

async function feed(viewer: TerminalViewer, input: boolean): Promise<void> {
  await type(viewer, Buffer.from('\n'));
  if (!input) return;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of process.stdin) {
    const all: Buffer = Buffer.concat([rest, chunk as Buffer]);
    const whole = all.length - (all.length % LINE_BYTES);
    rest = all.subarray(whole);
    await type(viewer, lines(all.subarray(0, whole)));
  }
  await type(viewer, Buffer.concat([lines(rest), Buffer.from([END_OF_INPUT])]));
}

function lines(bytes: Buffer): Buffer {
  const all: string[] = [];
  for (let at = 0; at < bytes.length; at += LINE_BYTES) all.push(bytes.subarray(at, at + LINE_BYTES).toString('base64'), '\n');
  return Buffer.from(all.join(''));
}

const MESSAGE_BYTES = 8 * 1024;
const RETRY_MS = 50;

/** A terminal takes what a person may type; more at once would be thrown away by its driver, so it goes in small messages. */
async function type(viewer: TerminalViewer, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; at += MESSAGE_BYTES) {
    const part = bytes.subarray(at, at + MESSAGE_BYTES);
    while (!viewer.write(part)) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
