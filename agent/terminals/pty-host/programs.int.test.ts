import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HostProgram } from './host-program.ts';
import { Screen } from './screen.ts';
import { describeTerminal, writeAll } from './test-compare.ts';
import { createTerminal } from './xterm.ts';

const WAITING = { timeout: 30_000, interval: 20 };
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'scorewall-programs-'));
  const lines = Array.from({ length: 500 }, (_, n) => `${n} ${randomBytes(20).toString('hex')} äöü 漢字 😀`);
  writeFileSync(join(folder, 'text'), `${lines.join('\n')}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A real shell, with the device's screen beside it and every byte in order. */
function startShell() {
  const screen = new Screen({ cols: 80, rows: 24 }, { title: () => undefined, parsed: () => undefined });
  const chunks: Buffer[] = [];
  let ended = false;
  const program = new HostProgram(
    { cols: 80, rows: 24 },
    {
      onData: (bytes) => {
        chunks.push(bytes);
        screen.write(bytes);
      },
      onExit: () => {
        ended = true;
      },
    },
  );
  return { screen, chunks, program, hasEnded: () => ended };
}

/** Nothing came for a while. */
async function quiet(chunks: readonly Buffer[]): Promise<void> {
  for (let before = -1; before !== chunks.length; ) {
    before = chunks.length;
    await delay(300);
  }
}

describe('a program of a person', () => {
  it.each([
    ['vim', 'vim -u NONE -N', [':set number\r', '10Gihello\x1b', ':syntax on\r', 'G'], ':q!\r'],
    ['less', 'less', [' ', ' ', '/99\r', 'G'], 'q'],
    ['htop', 'htop -d 5', ['\x1b[B', 'H', 't'], 'q'],
  ])('%s looks the same restored at any moment, after a resize, and from then on', async (_name, command, keys, quit) => {
    const { screen, chunks, program, hasEnded } = startShell();
    const type = (text: string) => program.write(Buffer.from(text));
    try {
      await vi.waitFor(() => expect(chunks.length).toBeGreaterThan(0), WAITING);
      type(`${command} ${command.startsWith('htop') ? '' : join(folder, 'text')}\r`);
      if (!command.startsWith('htop')) await quiet(chunks);
      const other = { terminal: createTerminal(80, 24), from: 0 };
      for (const [index, key] of keys.entries()) {
        if (index === 2) {
          screen.resize(100, 30);
          program.resize(100, 30);
        }
        type(key);
        await delay(120);
        // In the middle of whatever it draws.
        const at = chunks.length;
        const snapshot = await screen.snapshot();
        other.terminal = createTerminal(screen.terminal.cols, screen.terminal.rows);
        other.from = at;
        await writeAll(other.terminal, snapshot);
      }
      type(quit);
      // What comes before it has ended is read by it.
      for (const shown = () => Buffer.concat(chunks).toString().includes('end\r\n'); !shown(); ) {
        await quiet(chunks);
        if (!shown()) type('echo e""nd\r');
      }
      await quiet(chunks);
      // More may come while it is drawn.
      while (other.from < chunks.length) {
        const rest = chunks.slice(other.from);
        other.from = chunks.length;
        await writeAll(other.terminal, Buffer.concat(rest));
        await screen.text(1);
      }
      expect(describeTerminal(other.terminal)).toEqual(describeTerminal(screen.terminal));
    } finally {
      program.end();
      await vi.waitFor(() => expect(hasEnded()).toBe(true), WAITING);
    }
  });
});
