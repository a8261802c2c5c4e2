/** `scorewall recordings list|play|save`. */
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { CliError, EXIT } from '../exit-code.ts';
import { ageOf } from '../output/duration.ts';
import { toTable } from '../output/table.ts';
import { CastReader, type PlayOptions, waitMs } from '../terminal/cast-player.ts';
import { GuardOutput } from '../terminal/guard-output.ts';
import { targetWords } from './sessions.ts';

const CTRL_C = 0x03;

export async function listRecordings({ hub, terminal }: Context, device: string | undefined, asJson: boolean): Promise<void> {
  const items = await hub.recordings(device);
  if (asJson) return terminal.out(JSON.stringify({ items }, null, 2));
  if (items.length === 0) return terminal.out('Nothing is recorded. Terminals are from the moment somebody types in one.');
  const now = Date.now();
  terminal.out(
    toTable(
      ['RECORDING', 'DEVICE', 'WHERE', 'AGE', 'LENGTH', 'SIZE', 'BY'],
      items.map((one) => [
        one.id,
        one.device,
        targetWords(one.target),
        ageOf(one.startedAt, now),
        `${Math.max(0, Math.round((Date.parse(one.endedAt) - Date.parse(one.startedAt)) / 1_000))} s`,
        `${Math.ceil(one.bytes / 1024)} KB`,
        [...new Set(one.people.map(({ name }) => name))].join(',') || '-',
      ]),
    ),
  );
}

export async function saveRecording({ hub, terminal }: Context, id: string, file: string | undefined): Promise<void> {
  const recording = await hub.recording(id);
  const target = file ?? `${recording.device}-${recording.id}.${recording.kind === 'terminal' ? 'cast' : 'ndjson'}`;
  const content = await hub.recordingContent(id);
  if (target === '-') return pipeline(content, process.stdout);
  await pipeline(content, createWriteStream(target, { flags: 'wx', mode: 0o600 })).catch((error: NodeJS.ErrnoException) => {
    const isThere = error.code === 'EEXIST';
    throw new CliError(
      EXIT.failed,
      isThere ? `${target} is there already.` : `${target} could not be written (${error.code ?? error.message}).`,
      isThere ? 'Nothing was changed. Move it away, or name another file.' : 'What is there of it is not whole. Try again.',
      error,
    );
  });
  terminal.out(`${terminal.paint('green', '✓')} ${path.resolve(target)}`);
}

export async function playRecording({ hub, terminal }: Context, id: string, options: PlayOptions): Promise<void> {
  const { kind } = await hub.recording(id);
  if (kind !== 'terminal')
    throw new CliError(
      EXIT.usage,
      'This is a recording of a screen, which a terminal cannot show.',
      `Play it in the browser: ${hub.connection.url}/r/${id}`,
    );
  const content = await hub.recordingContent(id);
  const ending = new AbortController();
  const stop = () => ending.abort();
  const { stdin, stdout } = process;
  // Whatever is typed, and whatever this terminal answers to the recording, must not land in the shell afterwards.
  const typed = (chunk: Buffer) => {
    if (chunk.includes(CTRL_C) || chunk.toString() === 'q') stop();
  };
  if (stdin.isTTY) {
    terminal.err(terminal.paint('grey', 'Ctrl-C or q ends it.'));
    stdin.setRawMode(true);
    stdin.on('data', typed);
  }
  process.once('SIGINT', stop);
  try {
    const guard = new GuardOutput({ quiet: true });
    const reader = new CastReader();
    for await (const line of createInterface({ input: content, crlfDelay: Number.POSITIVE_INFINITY })) {
      const event = reader.read(line);
      if (event) await sleep(waitMs(event, options), undefined, { signal: ending.signal }).catch(() => {});
      if (ending.signal.aborted) break;
      if (event?.kind === 'o' && !stdout.write(guard.write(Buffer.from(event.data))))
        await new Promise((resolve) => stdout.once('drain', resolve));
    }
  } finally {
    process.off('SIGINT', stop);
    content.destroy();
    if (stdin.isTTY) {
      stdin.off('data', typed);
      stdin.setRawMode(false);
      stdin.pause();
      stdout.write(LEAVE_SCREEN);
    }
  }
}

const LEAVE_SCREEN = '\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1006l\u001b[?2004l\u001b[?1049l\u001b[?25h\u001b[0m\r\n';
