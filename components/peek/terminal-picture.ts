/** A terminal as a tile shows it, and how the next rows from the device make it anew. Pure: rows that stay are the same arrays. */
import type { PeekRun, TerminalPeek } from '#contracts/peek.ts';

export type TerminalRow = readonly PeekRun[];

export interface TerminalPicture {
  seq: number;
  cols: number;
  rows: number;
  cursor: TerminalPeek['cursor'];
  /** One entry a row, from the top. */
  lines: readonly TerminalRow[];
  /** How far rows moved up since the first picture: what was painted may be moved instead of painted again. */
  scrolled: number;
}

const MOST_COLUMNS = 500;
const MOST_ROWS = 200;
/** Letters of one row with their marks: a device could send as many as fit into a message, and all would be painted. */
const MOST_LETTERS = 4_000;
const BLANK: TerminalRow = [];
/** Messages that come twice over two links lie close together; a lower number further off is another beginning. */
const REPEATED_WITHIN = 64;

/** `missed`: rows in between were lost, a whole picture has to be asked for. The same picture: this one was seen already. */
export function applyPeek(picture: TerminalPicture | undefined, peek: TerminalPeek): TerminalPicture | 'missed' {
  const { seq, cols, rows, cursor } = peek;
  if (cols < 1 || rows < 1 || cols > MOST_COLUMNS || rows > MOST_ROWS) return 'missed';
  if (peek.full) {
    const lines = withRows(new Array<TerminalRow>(rows).fill(BLANK), peek.lines);
    return { seq, cols, rows, cursor, lines, scrolled: picture?.scrolled ?? 0 };
  }
  if (!picture) return 'missed';
  if (seq <= picture.seq && picture.seq - seq < REPEATED_WITHIN) return picture;
  if (seq !== picture.seq + 1 || cols !== picture.cols || rows !== picture.rows) return 'missed';
  const scroll = Math.min(peek.scroll, rows);
  const moved =
    scroll === 0 ? [...picture.lines] : [...picture.lines.slice(scroll), ...new Array<TerminalRow>(scroll).fill(BLANK)];
  return { seq, cols, rows, cursor, lines: withRows(moved, peek.lines), scrolled: picture.scrolled + scroll };
}

function withRows(lines: TerminalRow[], changed: TerminalPeek['lines']): TerminalRow[] {
  for (const [row, runs] of changed) if (row >= 0 && row < lines.length) lines[row] = fitting(runs);
  return lines;
}

function fitting(runs: TerminalRow): TerminalRow {
  let left = MOST_LETTERS;
  if (runs.reduce((sum, [text]) => sum + text.length, 0) <= left) return runs;
  return runs.flatMap(([text, ...look]): PeekRun[] => {
    const shown = text.slice(0, left);
    left -= shown.length;
    return shown === '' ? [] : [[shown, ...look] as PeekRun];
  });
}
