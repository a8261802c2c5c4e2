/** A terminal's visible rows as runs of cells that look alike, whole at first and then only what changed. One for each who is sent them. */
import type { IBufferCell, Terminal } from '@xterm/headless';
import type { PeekRun, TerminalPeek } from '#contracts/peek.ts';
import type { PictureSize } from '../picture.ts';
import type { Screen } from './screen.ts';
import { innerOf } from './xterm.ts';

const RGB = 0x1000000;

export class TerminalPainter {
  #seq = 0;
  #seen: { version: number; size: string; rows: string[]; cursor: string } | undefined;
  /** Stays over `forget`: who sees the whole picture again should find it where it was. */
  #crop: { of: Terminal; size: string; crop: Crop } | undefined;

  /** The next picture is whole. */
  forget(): void {
    this.#seen = undefined;
  }

  /** undefined: nothing changed. */
  paint({ terminal, version }: Screen, size: PictureSize): TerminalPeek | undefined {
    const sizeKey = `${terminal.cols}x${terminal.rows} ${size.cols}x${size.rows}`;
    const before = this.#seen?.size === sizeKey ? this.#seen : undefined;
    if (before?.version === version) return undefined;
    const last = this.#crop?.of === terminal && this.#crop.size === sizeKey ? this.#crop.crop : undefined;
    const crop = cropOf(terminal, size, last);
    this.#crop = { of: terminal, size: sizeKey, crop };
    const runs = rowsOf(terminal, crop);
    const rows = runs.map((row) => JSON.stringify(row));
    const cursor = {
      x: Math.max(0, Math.min(terminal.buffer.active.cursorX, terminal.cols - 1) - crop.left),
      y: Math.max(0, terminal.buffer.active.cursorY - crop.top),
      visible: !innerOf(terminal).coreService.isCursorHidden,
    };
    const cursorKey = JSON.stringify(cursor);
    const scroll = before ? scrolled(before.rows, rows) : 0;
    const old = before && [...before.rows.slice(scroll), ...new Array<undefined>(scroll)];
    const lines = runs.flatMap((row, index): TerminalPeek['lines'] => (old?.[index] === rows[index] ? [] : [[index, row]]));
    this.#seen = { version, size: sizeKey, rows, cursor: cursorKey };
    if (before && lines.length === 0 && scroll === 0 && before.cursor === cursorKey) return undefined;
    const { cols, rows: shown } = crop;
    return { kind: 'terminal', seq: ++this.#seq, full: !before, at: Date.now(), cols, rows: shown, cursor, scroll, lines };
  }
}

interface Crop {
  top: number;
  left: number;
  cols: number;
  rows: number;
}

/** The part around the cursor. It stays where it is until the cursor leaves it, and then moves far enough for what is typed next. */
function cropOf({ cols, rows, buffer: { active } }: Terminal, size: PictureSize, last: Crop | undefined): Crop {
  const shown = { cols: Math.min(cols, size.cols), rows: Math.min(rows, size.rows) };
  const { cursorX, cursorY } = active;
  const step = Math.max(1, Math.floor(shown.cols / 2));
  const left =
    last && isWithin(cursorX, last.left, shown.cols)
      ? last.left
      : cursorX < shown.cols
        ? 0
        : Math.ceil((cursorX - shown.cols + 1) / step) * step;
  const top = last && isWithin(cursorY, last.top, shown.rows) ? last.top : topFor(cursorY, shown.rows, last);
  return { ...shown, left: Math.min(left, cols - shown.cols), top: Math.min(top, rows - shown.rows) };
}

const isWithin = (at: number, start: number, length: number) => at >= start && at < start + length;

/** As little as it takes: rows move past like a scrolling terminal. */
const topFor = (cursorY: number, rows: number, last: Crop | undefined) =>
  last && cursorY < last.top ? cursorY : Math.max(0, cursorY - rows + 1);

function rowsOf({ buffer: { active } }: Terminal, { top, left, cols, rows }: Crop): PeekRun[][] {
  const cell = active.getNullCell();
  return Array.from({ length: rows }, (_, index) => {
    const line = active.getLine(active.baseY + top + index);
    const runs: { text: string; fg: number; bg: number; flags: number }[] = [];
    for (let x = left; line && x < left + cols; x++) {
      line.getCell(x, cell);
      // The second half of a wide character, unless the crop begins with it.
      if (cell.getWidth() === 0 && x > left) continue;
      const look = { fg: foreground(cell), bg: background(cell), flags: flagsOf(cell) };
      const last = runs.at(-1);
      const text = cell.getChars() || ' ';
      if (last && last.fg === look.fg && last.bg === look.bg && last.flags === look.flags) last.text += text;
      else runs.push({ text, ...look });
    }
    return trimmed(
      runs.map(({ text, fg, bg, flags }): PeekRun => (fg < 0 && bg < 0 && flags === 0 ? [text] : [text, fg, bg, flags])),
    );
  });
}

/** Blank and plain at the end says nothing. */
function trimmed(runs: PeekRun[]): PeekRun[] {
  const last = runs.at(-1);
  if (last?.length !== 1) return runs;
  const text = last[0].trimEnd();
  return text === '' ? runs.slice(0, -1) : [...runs.slice(0, -1), [text]];
}

const foreground = (cell: IBufferCell) => (cell.isFgDefault() ? -1 : cell.getFgColor() + (cell.isFgRGB() ? RGB : 0));
const background = (cell: IBufferCell) => (cell.isBgDefault() ? -1 : cell.getBgColor() + (cell.isBgRGB() ? RGB : 0));

function flagsOf(cell: IBufferCell): number {
  const flag = (set: number, value: number) => (set ? value : 0);
  return (
    flag(cell.isBold(), 1) |
    flag(cell.isDim(), 2) |
    flag(cell.isItalic(), 4) |
    flag(cell.isUnderline(), 8) |
    flag(cell.isInverse(), 16) |
    flag(cell.isStrikethrough(), 32)
  );
}

/** By how many rows the old picture moved up to become the new one, where that leaves less than half to draw. */
function scrolled(before: readonly string[], after: readonly string[]): number {
  const same = (shift: number) => after.reduce((count, row, index) => count + (before[index + shift] === row ? 1 : 0), 0);
  let best = { shift: 0, same: same(0) };
  for (let shift = 1; shift < before.length; shift++) {
    if (before[shift] !== after[0]) continue;
    const found = same(shift);
    if (found > best.same) best = { shift, same: found };
  }
  return best.shift;
}
