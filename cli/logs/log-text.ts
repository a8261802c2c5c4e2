/**
 * Lines that services wrote, made fit for this terminal: their colours where somebody looks, every other sequence taken out, every
 * other control character shown. A service writes what it likes, and a terminal obeys. Pure.
 */
import type { LogRecord } from '#contracts/stream/log.ts';
import type { Paint } from '../output/terminal.ts';

const ESC = '\\u001b';
/** SGR; then what is taken out: CSI, strings such as OSC with their end or without, and short sequences. */
const SEQUENCE = new RegExp(
  `(${ESC}\\[[0-9;:]*m)|${ESC}\\[[0-?]*[ -/]*[@-~]?|${ESC}[PX^_\\]][^\\u0007\\u001b\\u009c]*(?:\\u0007|${ESC}\\\\|\\u009c)?|${ESC}[ -/]*[0-~]?`,
  'gu',
);
/** Controls but the tab, and the letters that turn or hide what stands around them. */
const UNSAFE = new RegExp(
  `(?!\\t|${ESC}\\[[0-9;:]*m)[\\p{Cc}\\p{Zl}\\p{Zp}\\u061c\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff]`,
  'gu',
);
const RESET = '\u001b[0m';

export function cleanLine(text: string, colours: boolean): string {
  let coloured = false;
  const kept = text.replace(/\r+$/, '').replace(SEQUENCE, (_, sgr: string | undefined) => {
    if (!sgr || !colours) return '';
    coloured = true;
    return sgr;
  });
  const safe = kept.replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return coloured ? safe + RESET : safe;
}

export interface LineForm {
  paint: Paint;
  colours: boolean;
  /** What stands in front of a line; empty: one service only. */
  source(device: string, record: LogRecord): string;
  timestamps: boolean;
}

const WHY = {
  flood: 'the service writes faster than is kept',
  'slow-viewer': 'this terminal is too slow',
  'not-kept': 'no longer kept',
};

export function logLine(device: string, record: LogRecord, { paint, colours, source, timestamps }: LineForm): string {
  const time = timestamps ? `${paint('grey', new Date(record.t).toISOString())} ` : '';
  const name = source(device, record);
  const front = `${time}${name ? `${paint('grey', `${name} │`)} ` : ''}`;
  switch (record.o) {
    case 'out':
    case 'err':
      return `${front}${cleanLine(record.x, colours)}${record.cut ? paint('grey', ' …') : ''}`;
    case 'gap':
      return (
        front +
        paint('yellow', `── ${record.lines} ${record.lines === 1 ? 'line is' : 'lines are'} missing: ${WHY[record.why]} ──`)
      );
    case 'event':
      return front + paint('grey', `── ${cleanLine(record.x, false)} ──`);
  }
}
