/**
 * Text of a log line as runs to draw: colour codes become styles, every other control and escape sequence is dropped, and characters
 * that hide or turn text around are made visible. What services write is never trusted and never becomes markup. Pure.
 */
export interface TextStyle {
  /** Palette index 0-255, or 0x1000000 + rgb. */
  fg?: number;
  bg?: number;
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
  strike?: boolean;
  inverse?: boolean;
}

export interface TextRun {
  text: string;
  style?: TextStyle;
  /** Not the service's words but ours about a character one would not see: `U+202E`. */
  isMark?: true;
}

/** Longer lines are cut by the device already. */
export const SHOWN_CHARACTERS = 16 * 1024;
const RUNS_MAX = 1_000;

const CONTROLS = '\\u0000-\\u0008\\u000a-\\u001f\\u007f-\\u009f';
const HIDERS =
  '\\u00ad\\u061c\\u115f\\u1160\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}';
const UNUSUAL = new RegExp(`[${CONTROLS}${HIDERS}]`, 'u');
const HIDING = new RegExp(`[${HIDERS}]`, 'uy');

export function toTextRuns(line: string): TextRun[] {
  const text = line.length > SHOWN_CHARACTERS ? line.slice(0, SHOWN_CHARACTERS) : line;
  if (!UNUSUAL.test(text)) return text === '' ? [] : [{ text }];
  const runs: TextRun[] = [];
  let style: TextStyle | undefined;
  let begun = '';
  const finish = () => {
    const last = runs.at(-1);
    if (begun !== '' && runs.length >= RUNS_MAX && last) last.text += begun;
    else if (begun !== '') runs.push(style ? { text: begun, style } : { text: begun });
    begun = '';
  };
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (isControl(code)) {
      const sequence = readSequence(text, at);
      at = sequence.end;
      if (sequence.sgr !== undefined) {
        finish();
        style = styleAfter(style, sequence.sgr);
      } else if (code === CR && at < text.length) {
        finish();
        runs.push({ text: '␍', isMark: true });
      }
      continue;
    }
    HIDING.lastIndex = at;
    const hiding = code > 0xa0 ? HIDING.exec(text)?.[0] : undefined;
    if (hiding) {
      finish();
      runs.push({ text: `U+${hiding.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`, isMark: true });
    } else begun += text[at];
    at += hiding?.length ?? 1;
  }
  finish();
  return runs;
}

export const plainText = (runs: readonly TextRun[]): string =>
  runs.length === 1 ? runs[0]!.text : runs.map(({ text }) => text).join('');

const TAB = 0x09;
const CR = 0x0d;
const ESC = 0x1b;
const BEL = 0x07;
const ST = 0x9c;
const isControl = (code: number) => (code < 0x20 && code !== TAB) || (code >= 0x7f && code <= 0x9f);

/** Where the control at `at` ends, with what it starts. A sequence that does not end takes the rest of its line and nothing more. */
function readSequence(text: string, at: number): { end: number; sgr?: string } {
  const code = text.charCodeAt(at);
  if (code !== ESC) {
    if (code === 0x9b) return readControlSequence(text, at + 1);
    return { end: isStringBegin(code - 0x40) ? endOfString(text, at + 1) : at + 1 };
  }
  const next = text.charCodeAt(at + 1);
  if (next === 0x5b) return readControlSequence(text, at + 2);
  if (isStringBegin(next)) return { end: endOfString(text, at + 2) };
  let end = at + 1;
  while (within(text, end, 0x20, 0x2f)) end++;
  return { end: within(text, end, 0x30, 0x7e) ? end + 1 : end };
}

/** After ESC: OSC `]`, DCS `P`, SOS `X`, PM `^`, APC `_`. */
const isStringBegin = (code: number) => code === 0x5d || code === 0x50 || code === 0x58 || code === 0x5e || code === 0x5f;

function endOfString(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BEL || code === ST) return at + 1;
    if (code === ESC && text.charCodeAt(at + 1) === 0x5c) return at + 2;
  }
  return text.length;
}

function readControlSequence(text: string, from: number): { end: number; sgr?: string } {
  let end = from;
  while (within(text, end, 0x30, 0x3f)) end++;
  const parameters = text.slice(from, end);
  const plain = end;
  while (within(text, end, 0x20, 0x2f)) end++;
  if (!within(text, end, 0x40, 0x7e)) return { end };
  const isSgr = text[end] === 'm' && plain === end && /^[0-9;:]*$/.test(parameters);
  return isSgr ? { end: end + 1, sgr: parameters } : { end: end + 1 };
}

const within = (text: string, at: number, from: number, to: number): boolean => {
  const code = text.charCodeAt(at);
  return code >= from && code <= to;
};

const ON: Readonly<Record<number, TextStyle>> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
};
const OFF: Readonly<Record<number, readonly (keyof TextStyle)[]>> = {
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['underline'],
  27: ['inverse'],
  29: ['strike'],
  39: ['fg'],
  49: ['bg'],
};

/** Parameters as `38;5;196` or `38:2::255:0:0`. What is not known changes nothing. */
function styleAfter(before: TextStyle | undefined, parameters: string): TextStyle | undefined {
  let style: TextStyle = { ...before };
  const codes = parameters.split(/[;:]/).map((each) => (each === '' ? 0 : Number(each)));
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at]!;
    if (code === 0) style = {};
    else if (code === 38 || code === 48) {
      const colour = readColour(codes, at + 1, parameters.includes(':'));
      at = colour.last;
      if (colour.value !== undefined) style = { ...style, [code === 38 ? 'fg' : 'bg']: colour.value };
    } else if (ON[code]) style = { ...style, ...ON[code] };
    else if (OFF[code]) {
      style = { ...style };
      for (const name of OFF[code]!) delete style[name];
    } else if (code >= 30 && code <= 37) style = { ...style, fg: code - 30 };
    else if (code >= 40 && code <= 47) style = { ...style, bg: code - 40 };
    else if (code >= 90 && code <= 97) style = { ...style, fg: code - 82 };
    else if (code >= 100 && code <= 107) style = { ...style, bg: code - 92 };
  }
  return Object.keys(style).length > 0 ? style : undefined;
}

function readColour(codes: readonly number[], at: number, colons: boolean): { value?: number; last: number } {
  if (codes[at] === 5) return { value: (codes[at + 1] ?? 0) & 0xff, last: at + 1 };
  if (codes[at] !== 2) return { last: at };
  // With colons an (empty) colour space may stand before the three parts.
  const first = colons && codes.length - at >= 5 ? at + 2 : at + 1;
  const [red = 0, green = 0, blue = 0] = codes.slice(first, first + 3);
  return { value: 0x1000000 + ((red & 0xff) << 16) + ((green & 0xff) << 8) + (blue & 0xff), last: first + 2 };
}
