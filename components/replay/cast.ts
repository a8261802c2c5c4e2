/** A terminal's recording (asciicast v3) as events with their own time, and as text with the time of each letter. Pure. */
export interface CastEvent {
  /** Seconds from the start. */
  t: number;
  kind: 'output' | 'size';
  data: string;
}

export interface Cast {
  cols: number;
  rows: number;
  lengthS: number;
  events: readonly CastEvent[];
}

const MOST_COLS = 500;
const MOST_ROWS = 200;

/** Undefined: not a recording of ours. Lines that cannot be read are left out: a device may have lost power while it wrote. */
export function parseCast(text: string): Cast | undefined {
  const lines = text.split('\n');
  const header = parse(lines[0] ?? '') as { version?: unknown; term?: { cols?: unknown; rows?: unknown } } | undefined;
  if (header?.version !== 3) return undefined;
  const events: CastEvent[] = [];
  let t = 0;
  for (const line of lines.slice(1)) {
    const entry = line.startsWith('[') ? (parse(line) as unknown[] | undefined) : undefined;
    const [interval, code, data] = Array.isArray(entry) ? entry : [];
    if (typeof interval !== 'number' || !(interval >= 0) || typeof data !== 'string') continue;
    t += interval;
    if (code === 'o') events.push({ t, kind: 'output', data });
    else if (code === 'r' && sizeOf(data)) events.push({ t, kind: 'size', data });
  }
  return { cols: bounded(header.term?.cols, 80, MOST_COLS), rows: bounded(header.term?.rows, 24, MOST_ROWS), lengthS: t, events };
}

/** `120x32` */
export function sizeOf(data: string): { cols: number; rows: number } | undefined {
  const [, cols, rows] = /^(\d{1,4})x(\d{1,4})$/.exec(data) ?? [];
  return cols && rows ? { cols: bounded(Number(cols), 80, MOST_COLS), rows: bounded(Number(rows), 24, MOST_ROWS) } : undefined;
}

const bounded = (value: unknown, usual: number, most: number): number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 ? Math.min(value, most) : usual;

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Escape sequences and control characters that show nothing. */
const UNSHOWN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals speak in control characters
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

export interface CastText {
  text: string;
  /** Start of each output in `text`, and its time. */
  starts: readonly number[];
  times: readonly number[];
}

export function textOf({ events }: Cast): CastText {
  const starts: number[] = [];
  const times: number[] = [];
  const parts: string[] = [];
  let length = 0;
  for (const { t, kind, data } of events) {
    if (kind !== 'output') continue;
    const shown = data.replace(UNSHOWN, '');
    if (!shown) continue;
    starts.push(length);
    times.push(t);
    parts.push(shown);
    length += shown.length;
  }
  return { text: parts.join('').toLowerCase(), starts, times };
}

export interface Hits {
  /** Seconds, ascending, each once. */
  times: readonly number[];
  /** There are more than are shown. */
  more: boolean;
}

const MOST_HITS = 500;

/** When `search` was written, its last letter counts: then it stands on the screen. */
export function findIn({ text, starts, times }: CastText, search: string): Hits {
  const wanted = search.trim().toLowerCase();
  const hits: number[] = [];
  if (!wanted) return { times: hits, more: false };
  let part = 0;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    const end = at + wanted.length - 1;
    while (part + 1 < starts.length && starts[part + 1]! <= end) part++;
    const t = times[part]!;
    if (hits.at(-1) === t) continue;
    if (hits.length >= MOST_HITS) return { times: hits, more: true };
    hits.push(t);
  }
  return { times: hits, more: false };
}
