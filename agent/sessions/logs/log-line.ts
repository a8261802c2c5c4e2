/** One stored line: the record as viewers get it, as JSON that begins with its number and its time, so that both are found without parsing. Pure. */

import { FRAME_PAYLOAD_BYTES } from '#contracts/stream/frame.ts';
import { LONGEST_LINE_BYTES, type LogRecord } from '#contracts/stream/log.ts';

/** `<deployment>/<service>`; empty: the device itself. */
export type LogKey = string;
export const logKey = (of: { deployment?: string | undefined; service?: string | undefined }): LogKey =>
  of.deployment === undefined ? '' : `${of.deployment}/${of.service ?? ''}`;

export interface LogLine {
  n: number;
  t: number;
  key: LogKey;
  /** JSON with a newline at its end. */
  bytes: Buffer;
}

type Numbered = 'n' | 't' | 'd' | 's';
type Without<Record> = Record extends LogRecord ? Omit<Record, Numbered> : never;
/** What happened, before the store gives it a number and a place. */
export type LogContent = Without<LogRecord>;

const HEAD = '{"n":';
const NEWLINE = 0x0a;
const COMMA = 0x2c;
const ZERO = 0x30;

export function encodeLine(n: number, t: number, key: LogKey, content: LogContent): LogLine {
  const head = `${HEAD}${n},"t":${t}${nameFields(key)}`;
  return { n, t, key, bytes: Buffer.from(`${head}${contentFields(content)}}\n`) };
}

function nameFields(key: LogKey): string {
  if (key === '') return '';
  const [deployment, service] = key.split('/');
  return `,"d":"${deployment}"${service ? `,"s":"${service}"` : ''}`;
}

function contentFields(content: LogContent): string {
  switch (content.o) {
    case 'gap':
      return `,"o":"gap","lines":${content.lines},"bytes":${content.bytes},"why":"${content.why}"`;
    case 'event':
      return `,"o":"event","x":${JSON.stringify(content.x.slice(0, LONGEST_LINE_BYTES / 4))}`;
    default: {
      const fitting = shorten(content.x);
      const cut = content.cut || fitting.length < content.x.length;
      return `,"o":"${content.o}"${cut ? ',"cut":true' : ''},"x":${JSON.stringify(fitting)}`;
    }
  }
}

/** Control characters grow sixfold in JSON, and a record must fit into one message. */
function shorten(text: string): string {
  let fitting = text;
  while (fitting.length > 4_096 && Buffer.byteLength(JSON.stringify(fitting)) > FRAME_PAYLOAD_BYTES - 1_024)
    fitting = fitting.slice(0, Math.floor(fitting.length * 0.75));
  return fitting;
}

/** Reads the number and the time of the line that begins at `start`; undefined: not a line of ours. */
export function lineHead(bytes: Buffer, start: number): { n: number; t: number } | undefined {
  if (bytes[start + 1] !== 0x22 || bytes[start + 2] !== 0x6e) return undefined;
  const n = digits(bytes, start + HEAD.length);
  if (n.end === start + HEAD.length || bytes[n.end] !== COMMA) return undefined;
  const t = digits(bytes, n.end + ',"t":'.length);
  return { n: n.value, t: t.value };
}

function digits(bytes: Buffer, start: number): { value: number; end: number } {
  let value = 0;
  let end = start;
  for (let digit = (bytes[end] ?? 0) - ZERO; digit >= 0 && digit <= 9; digit = (bytes[end] ?? 0) - ZERO) {
    value = value * 10 + digit;
    end++;
  }
  return { value, end };
}

/** All whole lines of a block that lie in it, oldest first. What is no line of ours (a mark of the store) is left out. */
export function linesIn(bytes: Buffer, key: LogKey): LogLine[] {
  const lines: LogLine[] = [];
  let start = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    const head = lineHead(bytes, start);
    if (head) lines.push({ ...head, key, bytes: bytes.subarray(start, end + 1) });
    start = end + 1;
  }
  return lines;
}

export const recordOf = (line: LogLine): LogRecord => JSON.parse(line.bytes.toString('utf8')) as LogRecord;
