/** Lines of the record as text to be carried away: JSON, or a table. Pure. */
import type { AuditLine } from '#contracts/api-identity.ts';

const COLUMNS = ['seq', 'at', 'user', 'via', 'from', 'action', 'target', 'result', 'prev'] as const;

export const toJsonLines = (lines: readonly AuditLine[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

export const CSV_HEAD = `${COLUMNS.join(',')}\r\n`;

export const toCsv = (lines: readonly AuditLine[]): string =>
  lines.map((line) => `${COLUMNS.map((column) => cell(line[column])).join(',')}\r\n`).join('');

/** Names in it come from others: what a table program would take for a formula stays text. */
function cell(value: string | number | undefined): string {
  const text = String(value ?? '');
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
