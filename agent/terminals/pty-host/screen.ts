/**
 * What a session's terminal shows, kept on the device. It never answers the program: queries are answered by the terminal of whoever
 * types, or by nobody. It is fed up to safe points only, so that its state can be taken at any time.
 */
import type { Terminal } from '@xterm/headless';
import type { TerminalSize } from './program.ts';
import { SafePoints } from './safe-points.ts';
import { takeSnapshot } from './snapshot.ts';
import { createTerminal } from './xterm.ts';

/** An escape sequence longer than this changes nothing on a screen: its rest is left out. */
const TAIL_BYTES = 64 * 1024;
const TITLE_LENGTH = 200;
const CONTROLS = /[\p{Cc}\p{Cf}]/gu;

export class Screen {
  readonly terminal: Terminal;
  #safe = new SafePoints();
  #tail: Buffer = Buffer.alloc(0);
  #unparsed = 0;
  #version = 0;
  #onParsed: () => void;

  constructor({ cols, rows }: TerminalSize, on: { title(title: string): void; parsed(): void }) {
    this.terminal = createTerminal(cols, rows);
    this.#onParsed = on.parsed;
    this.terminal.onTitleChange((title) => on.title(title.replace(CONTROLS, '').slice(0, TITLE_LENGTH)));
  }

  /** Bytes that wait to be drawn: a program that is faster than this must wait. */
  get unparsedBytes(): number {
    return this.#unparsed;
  }

  /** The beginning of something that is not yet said in full, and not on this screen. */
  get tail(): Buffer {
    return this.#tail;
  }

  /** Grows with everything that may have changed the picture. */
  get version(): number {
    return this.#version;
  }

  write(bytes: Buffer): void {
    const safe = this.#safe.lastIn(bytes);
    if (safe < 0) {
      if (this.#tail.length < TAIL_BYTES) this.#tail = Buffer.concat([this.#tail, bytes]);
      return;
    }
    const ready = this.#tail.length > 0 ? Buffer.concat([this.#tail, bytes.subarray(0, safe)]) : bytes.subarray(0, safe);
    this.#tail = safe < bytes.length ? Buffer.from(bytes.subarray(safe)) : Buffer.alloc(0);
    this.#unparsed += ready.length;
    this.terminal.write(ready, () => {
      this.#unparsed -= ready.length;
      this.#version++;
      this.#onParsed();
    });
  }

  /** In its place between the bytes, as every viewer does it. */
  resize(cols: number, rows: number): void {
    this.terminal.write('', () => {
      this.terminal.resize(cols, rows);
      this.#version++;
    });
  }

  /** As of everything written until now, with what is half said at the end. */
  snapshot(): Promise<Buffer> {
    const tail = this.#tail;
    return new Promise((resolve) => {
      this.terminal.write('', () => resolve(Buffer.concat([Buffer.from(takeSnapshot(this.terminal)), tail])));
    });
  }

  text(lines: number): Promise<string> {
    return new Promise((resolve) => {
      this.terminal.write('', () => resolve(lastLines(this.terminal, lines)));
    });
  }

  dispose(): void {
    this.terminal.dispose();
  }
}

function lastLines({ buffer: { active } }: Terminal, count: number): string {
  const rows: string[] = [];
  for (let y = 0; y < active.length; y++) {
    const line = active.getLine(y)!;
    const text = line.translateToString(true);
    if (line.isWrapped && rows.length > 0) rows.push(rows.pop()! + text);
    else rows.push(text);
  }
  while (rows.length > 0 && rows.at(-1) === '') rows.pop();
  return rows.slice(-count).join('\n');
}
