/** Prints figures as a table, one row each, with PASS or FAIL where something must hold. */
import type { Figure } from './measure.ts';

const HEAD = ['', 'measured', 'beside', 'ratio', 'must'];

export function formatTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, value, beside, ratio, must }) => [
    what,
    value,
    beside,
    ratio === undefined ? '' : `${ratio.toFixed(2)}x`,
    must ? `${must.held ? 'PASS' : 'FAIL'}  ${must.text}` : '',
  ]);
  const widths = HEAD.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    `  ${cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd()}`;
  return [line(HEAD), ...rows.map(line)].join('\n');
}
