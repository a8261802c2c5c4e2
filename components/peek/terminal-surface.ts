/** A canvas that shows a terminal. It remembers what stands in each line, so that only lines that changed are painted. */
import type { PeekRun } from '#contracts/peek.ts';
import { cellWidth } from './cell-width.ts';
import { type Paintable, paintNever, paintSoon } from './frame-queue.ts';
import { type PixelSize, placeText, type TextPlace } from './picture-geometry.ts';
import { TERMINAL_CURSOR, TERMINAL_GROUND, TERMINAL_INK, terminalColour } from './terminal-colours.ts';
import type { TerminalPicture, TerminalRow } from './terminal-picture.ts';

const FAMILY = '"JetBrains Mono Variable", ui-monospace, "DejaVu Sans Mono", monospace';
const FLAG = { bold: 1, dim: 2, italic: 4, underline: 8, inverse: 16, strike: 32 } as const;
const BASELINE = 0.78;
const PROBE_PX = 100;
const PLAIN = /^[\u0020-\u024f]*$/;

export class TerminalSurface implements Paintable {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D | null;
  #picture: TerminalPicture | undefined;
  #place: TextPlace | undefined;
  #ratio = 1;
  /** What stands in each shown line; undefined: unknown. */
  #painted: (TerminalRow | undefined)[] = [];
  #scrolled = 0;
  #cursor: { row: number; column: number } | undefined;
  #advance = 0;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false });
    // A canvas does not wait for its font: what was drawn before it came is drawn again.
    void document.fonts?.load(`${PROBE_PX}px ${FAMILY}`).then(() => {
      this.#advance = 0;
      this.#forget();
    });
  }

  resize({ width, height }: PixelSize, ratio: number): void {
    if (this.#canvas.width === width && this.#canvas.height === height && this.#ratio === ratio) return;
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#ratio = ratio;
    this.#forget();
  }

  show(picture: TerminalPicture): void {
    this.#picture = picture;
    paintSoon(this);
  }

  close(): void {
    paintNever(this);
    this.#picture = undefined;
  }

  paint(): void {
    const [context, picture, { width, height }] = [this.#context, this.#picture, this.#canvas];
    if (!context || !picture || width === 0 || height === 0) return;
    const place = placeText({ width, height }, picture, this.#ratio);
    const before = this.#place;
    this.#place = place;
    if (!before || !isSamePlace(before, place)) {
      context.fillStyle = TERMINAL_GROUND;
      context.fillRect(0, 0, width, height);
      this.#painted = new Array(place.rows).fill(undefined);
      this.#cursor = undefined;
    } else this.#moveUp(context, picture.scrolled - this.#scrolled + place.top - before.top);
    this.#scrolled = picture.scrolled;
    const cursor = shownCursor(picture, place);
    if (this.#cursor && !isSameCursor(this.#cursor, cursor)) this.#painted[this.#cursor.row] = undefined;
    if (cursor && !isSameCursor(this.#cursor, cursor)) this.#painted[cursor.row] = undefined;
    this.#cursor = cursor;
    for (let row = 0; row < place.rows; row++) {
      const runs = picture.lines[place.top + row] ?? [];
      if (this.#painted[row] === runs) continue;
      this.#painted[row] = runs;
      this.#paintRow(context, place, row, runs);
      if (cursor?.row === row) paintCursor(context, place, cursor);
    }
  }

  /** Lines that only moved are copied, not painted. */
  #moveUp(context: CanvasRenderingContext2D, lines: number): void {
    const { rows, x, y, columns, cellWidth: across, cellHeight: down } = this.#place!;
    if (lines === 0) return;
    if (lines < 0 || lines >= rows) {
      this.#painted.fill(undefined);
      return;
    }
    const [width, height] = [columns * across, (rows - lines) * down];
    context.drawImage(this.#canvas, x, y + lines * down, width, height, x, y, width, height);
    this.#painted = [...this.#painted.slice(lines), ...new Array<undefined>(lines).fill(undefined)];
    if (this.#cursor) this.#cursor = { ...this.#cursor, row: this.#cursor.row - lines };
    if (this.#cursor && this.#cursor.row < 0) this.#cursor = undefined;
  }

  #paintRow(context: CanvasRenderingContext2D, place: TextPlace, row: number, runs: TerminalRow): void {
    const y = place.y + row * place.cellHeight;
    context.fillStyle = TERMINAL_GROUND;
    context.fillRect(place.x, y, place.columns * place.cellWidth, place.cellHeight);
    context.save();
    context.beginPath();
    context.rect(place.x, y, place.columns * place.cellWidth, place.cellHeight);
    context.clip();
    let column = -place.left;
    for (const run of runs) {
      if (column >= place.columns) break;
      column = this.#paintRun(context, place, y, column, run);
    }
    context.restore();
  }

  #paintRun(context: CanvasRenderingContext2D, place: TextPlace, y: number, column: number, run: PeekRun): number {
    const [text, foreground = -1, background = -1, flags = 0] = run;
    const plain = PLAIN.test(text);
    const characters = plain ? undefined : [...text];
    const cells = characters ? characters.reduce((sum, one) => sum + cellWidth(one), 0) : text.length;
    const end = column + cells;
    if (end <= 0) return end;
    let [ink, ground] = [terminalColour(foreground, TERMINAL_INK), terminalColour(background, TERMINAL_GROUND)];
    if (flags & FLAG.inverse) [ink, ground] = [ground, ink];
    const x = place.x + column * place.cellWidth;
    if (ground !== TERMINAL_GROUND) {
      context.fillStyle = ground;
      context.fillRect(x, y, cells * place.cellWidth, place.cellHeight);
    }
    context.fillStyle = ink;
    context.globalAlpha = flags & FLAG.dim ? 0.62 : 1;
    if (text.trim()) {
      context.font = `${flags & FLAG.italic ? 'italic ' : ''}${flags & FLAG.bold ? '700 ' : ''}${this.#fontPx(context, place)}px ${FAMILY}`;
      const baseline = y + Math.round(place.cellHeight * BASELINE);
      if (characters) this.#paintCharacters(context, characters, x, baseline, place.cellWidth);
      else context.fillText(text, x, baseline);
    }
    const thick = Math.max(1, Math.round(place.cellHeight / 14));
    if (flags & FLAG.underline) context.fillRect(x, y + place.cellHeight - thick, cells * place.cellWidth, thick);
    if (flags & FLAG.strike) context.fillRect(x, y + Math.round(place.cellHeight * 0.55), cells * place.cellWidth, thick);
    context.globalAlpha = 1;
    return end;
  }

  /** One by one: a character from another font is rarely as wide as a cell. */
  #paintCharacters(context: CanvasRenderingContext2D, characters: string[], x: number, baseline: number, across: number): void {
    let at = x;
    for (const character of characters) {
      const cells = cellWidth(character);
      if (character !== ' ') context.fillText(character, cells === 0 ? at - across : at, baseline);
      at += cells * across;
    }
  }

  /** The size at which a letter is exactly as wide as a cell: a whole run is then drawn at once. */
  #fontPx(context: CanvasRenderingContext2D, { cellWidth: across }: TextPlace): number {
    if (this.#advance === 0) {
      const font = context.font;
      context.font = `${PROBE_PX}px ${FAMILY}`;
      this.#advance = context.measureText('MMMMMMMMMM').width / 10 / PROBE_PX || 0.6;
      context.font = font;
    }
    return across / this.#advance;
  }

  #forget(): void {
    this.#place = undefined;
    if (this.#picture) paintSoon(this);
  }
}

function shownCursor({ cursor }: TerminalPicture, place: TextPlace): { row: number; column: number } | undefined {
  const [row, column] = [cursor.y - place.top, cursor.x - place.left];
  return cursor.visible && row >= 0 && row < place.rows && column >= 0 && column < place.columns ? { row, column } : undefined;
}

function paintCursor(
  context: CanvasRenderingContext2D,
  place: TextPlace,
  { row, column }: { row: number; column: number },
): void {
  context.fillStyle = TERMINAL_CURSOR;
  context.globalAlpha = 0.7;
  const [x, y] = [place.x + column * place.cellWidth, place.y + row * place.cellHeight];
  context.fillRect(x, y, place.cellWidth, place.cellHeight);
  context.globalAlpha = 1;
}

const isSameCursor = (a: { row: number; column: number } | undefined, b: typeof a) =>
  a?.row === b?.row && a?.column === b?.column;

/** The same but for its first line: that may be reached by moving. */
const isSamePlace = (a: TextPlace, b: TextPlace) =>
  a.cellWidth === b.cellWidth &&
  a.cellHeight === b.cellHeight &&
  a.left === b.left &&
  a.columns === b.columns &&
  a.rows === b.rows &&
  a.x === b.x &&
  a.y === b.y;
