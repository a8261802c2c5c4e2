/**
 * A command on a device for scripts: what comes in on standard input goes to the program, what it writes comes out byte for byte, and
 * its exit code is ours. The device gives every program a terminal; a few words of shell around the command take it away again.
 */
import { randomBytes } from 'node:crypto';
import { fstatSync } from 'node:fs';
import { CliError, EXIT } from '../exit-code.ts';
import type { HubLink } from '../live/hub-link.ts';
import { type TerminalEnd, TerminalViewer } from '../live/terminal-viewer.ts';
import { MarkFilter } from './mark-filter.ts';

/** Bytes of a line of base64: a terminal takes lines of 4 KB at most. */
const LINE_BYTES = 54;
/** What is sent ahead of the program: as much as a terminal keeps, because engines throw away what it does not take at once. */
const BLOCK_BYTES = 45 * LINE_BYTES;
const MOST_BLOCKS_AHEAD = 1;
const INTERRUPTED = 130;

export interface PlainCommand {
  /** Said by the shell when nothing is echoed any more, and for every block of input it has passed on. */
  mark: string;
  input: boolean;
  command: string[];
}

/** Lines of base64; an empty one asks how far it is, a dot is the end. */
const PASS_ON_INPUT =
  'while read -r l; do case "$l" in "") printf %s "$0" >&3;; .) break;; *) printf "%s\\n" "$l";; esac; done | base64 -d | "$@"';

/**
 * Waits for a line before the program begins, so that nothing it writes comes before somebody listens. The program's output goes
 * through a pipe and its exit code past it: a program that sees no terminal writes for programs. An engine sets up the terminal of a
 * container while the shell begins in it, and may be the slower one: once somebody is heard it has done so, and the shell has the last word.
 */
export function plainCommand(command: readonly string[], input: boolean, mark = randomBytes(12).toString('hex')): PlainCommand {
  const run = input ? PASS_ON_INPUT : '"$@" </dev/null';
  const script = `stty -echo -onlcr 2>/dev/null; printf %s "$0"; read -r _; stty -onlcr 2>/dev/null; exec 3>&1; code=$({ { ${run} 4>&-; echo $? >&4; } | cat >&3; } 4>&1); exit "$code"`;
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
  const filter = new MarkFilter(plain.mark);
  const feeding = new Feeding();
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
      const { bytes, marks } = filter.read(output.bytes);
      if (marks > 0 && feeding.passed(marks)) void feeding.run(viewer, plain.input).catch(() => {});
      // Before the first mark there is only what a shell says of itself.
      await write(feeding.begun ? process.stdout : process.stderr, bytes);
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
    await write(process.stdout, filter.end());
    return exitCode(end, lost);
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    process.stdin.destroy();
  }
}

async function write(stream: NodeJS.WriteStream, bytes: Buffer): Promise<void> {
  if (bytes.length > 0 && !stream.write(bytes)) await new Promise((resolve) => stream.once('drain', resolve));
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

/** Standard input on its way to the program, never further ahead than the device keeps. */
class Feeding {
  begun = false;
  #ahead = 0;
  #wake: (() => void) | undefined;

  /** True: the first mark, and it may begin. */
  passed(marks: number): boolean {
    const first = !this.begun;
    this.begun = true;
    this.#ahead -= first ? marks - 1 : marks;
    this.#wake?.();
    return first;
  }

  async run(viewer: TerminalViewer, input: boolean): Promise<void> {
    await type(viewer, '\n');
    if (!input) return;
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of process.stdin) {
      rest = Buffer.concat([rest, chunk as Buffer]);
      for (; rest.length >= BLOCK_BYTES; rest = rest.subarray(BLOCK_BYTES))
        await this.#block(viewer, rest.subarray(0, BLOCK_BYTES));
      const whole = rest.length - (rest.length % LINE_BYTES);
      if (whole > 0) await this.#block(viewer, rest.subarray(0, whole));
      rest = rest.subarray(whole);
    }
    await type(viewer, `${toLines(rest)}.\n`);
  }

  async #block(viewer: TerminalViewer, bytes: Buffer): Promise<void> {
    while (this.#ahead >= MOST_BLOCKS_AHEAD)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    this.#ahead++;
    await type(viewer, `${toLines(bytes)}\n`);
  }
}

function toLines(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += LINE_BYTES) text += `${bytes.toString('base64', at, at + LINE_BYTES)}\n`;
  return text;
}

const MESSAGE_BYTES = 16 * 1024;
const RETRY_MS = 50;

async function type(viewer: TerminalViewer, text: string): Promise<void> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += MESSAGE_BYTES)
    while (!viewer.write(bytes.subarray(at, at + MESSAGE_BYTES))) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
}
