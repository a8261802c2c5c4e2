/** The terminal a command writes to: colour only where a person looks at it, and no control character but our own. */
import { printable } from './printable.ts';

export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Lines that were made safe already, with colours of their own. Resolves when they are taken. */
  lines(lines: readonly string[]): Promise<void>;
  /** Empties the screen. */
  clear(): void;
  /** A person may be asked. */
  interactive: boolean;
  paint: Paint;
}

export type Colour = 'green' | 'yellow' | 'red' | 'grey' | 'bold';
export type Paint = (colour: Colour, text: string) => string;

const CODES: Record<Colour, [number, number]> = {
  green: [32, 39],
  yellow: [33, 39],
  red: [31, 39],
  grey: [90, 39],
  bold: [1, 22],
};

export const plain: Paint = (_, text) => text;
export const tinted: Paint = (colour, text) => `\u001b[${CODES[colour][0]}m${text}\u001b[${CODES[colour][1]}m`;

/** https://no-color.org: any value that is not empty switches colour off. */
export function choosePaint(isTty: boolean, environment: Readonly<Record<string, string | undefined>>): Paint {
  if (environment.NO_COLOR || environment.TERM === 'dumb') return plain;
  if (environment.FORCE_COLOR && environment.FORCE_COLOR !== '0') return tinted;
  return isTty ? tinted : plain;
}

export function processTerminal(): Terminal {
  return {
    out: (text) => process.stdout.write(`${printable(text)}\n`),
    err: (text) => process.stderr.write(`${printable(text)}\n`),
    lines: async (lines) => {
      if (!process.stdout.write(`${lines.join('\n')}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve));
    },
    clear: () => process.stdout.write('\u001b[H\u001b[2J'),
    interactive: process.stdin.isTTY === true && process.stdout.isTTY === true,
    paint: choosePaint(process.stdout.isTTY === true, process.env),
  };
}
