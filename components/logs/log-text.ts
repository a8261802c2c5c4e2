/** Lines as text to take away: for the clipboard and for files. Without escape sequences, so that no terminal is harmed by them. Pure. */
import type { LogLine } from './log-line.ts';
import { eventWords, gapWords } from './log-words.ts';

export interface TextLook {
  devices: boolean;
  services: boolean;
}

export function toText(lines: readonly LogLine[], look: TextLook): string {
  return lines.map((line) => `${textOf(line, look)}\n`).join('');
}

function textOf({ device, record, plain }: LogLine, { devices, services }: TextLook): string {
  const head = [new Date(record.t).toISOString(), devices ? device : '', services ? (record.s ?? '') : ''];
  const text =
    record.o === 'gap' ? `--- ${gapWords(record)} ---` : record.o === 'event' ? `--- ${eventWords(record)} ---` : plain;
  return [...head, text].filter(Boolean).join(' ');
}

/** One record a line, as the device stores them, with the device's name. */
export const toNdjson = (lines: readonly LogLine[]): string =>
  lines.map(({ device, record }) => `${JSON.stringify({ device, ...record })}\n`).join('');
