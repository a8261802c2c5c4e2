/** Lays rows out in columns that align, colours and wide letters included. */
import { oneLine } from './printable.ts';

/** Escape sequences take no room on the screen. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is the escape character that is looked for.
const ESCAPES = /\u001b\[[0-9;]*m/g;
const GAP = '   ';

export const width = (text: string): number => [...text.replace(ESCAPES, '')].length;

/** The last column is not padded, so that no line ends in spaces. */
export function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows.map((row) => row.map(oneLine))];
  const widths = head.map((_, column) => Math.max(...all.map((row) => width(row[column] ?? ''))));
  return all
    .map((row) =>
      row
        .map((cell, column) => (column === row.length - 1 ? cell : cell + ' '.repeat(widths[column]! - width(cell))))
        .join(GAP)
        .trimEnd(),
    )
    .join('\n');
}

/** `name:   value` lines with the values below each other. */
export function toFields(fields: readonly (readonly [string, string])[]): string {
  const longest = Math.max(...fields.map(([name]) => name.length));
  return fields.map(([name, value]) => `${`${name}:`.padEnd(longest + 3)}${oneLine(value)}`.trimEnd()).join('\n');
}
