/**
 * A terminal's whole state as output for an empty terminal of the same size: cells with their looks, both buffers, cursor and saved
 * cursors, margins, modes, tab stops, titles. Call it only where nothing is half parsed. Not kept: links, colours changed by OSC.
 */
import type { Terminal } from '@xterm/headless';
import { backgroundOf, PLAIN, penOf, sgrOf } from './sgr.ts';
import { type Charset, type InnerBuffer, type InnerCell, type InnerTerminal, innerOf, newCell } from './xterm.ts';

export function takeSnapshot(terminal: Terminal): string {
  const core = innerOf(terminal);
  const { normal, alt, active } = core._bufferService.buffers;
  const size = { cols: terminal.cols, rows: terminal.rows };
  const draw = (buffer: InnerBuffer) =>
    `${new BufferWriter(buffer, size, newCell(terminal)).write()}${tabStops(buffer, size.cols)}${margins(buffer, size.rows)}${savedCursor(buffer, size, newCell(terminal))}`;
  const onAlt = active === alt;
  return [
    draw(normal),
    // Without saving the cursor and without clearing: both are brought about as they were.
    onAlt ? `${PLAIN}\x1b[?47h\x1b[H${draw(alt)}` : '',
    titles(core),
    modes(core),
    charsets(core, active),
    cursor(core, active, size, newCell(terminal)),
  ].join('');
}

interface Size {
  cols: number;
  rows: number;
}

/** The rows of a buffer, printed so that rows which continue the one before do so again. */
class BufferWriter {
  #buffer: InnerBuffer;
  #size: Size;
  #cell: InnerCell;
  #parts: string[] = [];
  #look = PLAIN;

  constructor(buffer: InnerBuffer, size: Size, cell: InnerCell) {
    this.#buffer = buffer;
    this.#size = size;
    this.#cell = cell;
  }

  write(): string {
    const { lines } = this.#buffer;
    for (let row = 0; row < lines.length; row++) {
      const filled = this.#row(row);
      if (row + 1 === lines.length) break;
      if (!lines.get(row + 1)!.isWrapped || this.#size.rows === 1) {
        // New lines take the background of the moment.
        this.#wear(PLAIN);
        this.#parts.push('\r\n');
      } else if (!(filled && this.#continues(row + 1))) this.#wrap(row);
    }
    this.#wear(PLAIN);
    return this.#parts.join('');
  }

  #wear(look: string): void {
    if (look === this.#look) return;
    this.#look = look;
    this.#parts.push(look);
  }

  /** True: its last column was printed, and the next character wraps. */
  #row(row: number): boolean {
    const line = this.#buffer.lines.get(row)!;
    const { cols } = this.#size;
    let printed = false;
    let skipped = 0;
    for (let x = 0; x < Math.min(line.length, cols); x++) {
      const cell = line.loadCell(x, this.#cell);
      const chars = cell.getChars();
      const width = cell.getWidth();
      if (chars === '' && width === 0) continue;
      if (chars === '') {
        printed = false;
        if (cell.isBgDefault()) {
          skipped++;
          continue;
        }
        this.#skip(skipped);
        skipped = 0;
        this.#wear(backgroundOf(cell));
        let run = 1;
        while (x + run < cols && this.#isSameBlank(line, x + run)) run++;
        this.#parts.push(`\x1b[${run}X`);
        skipped = run;
        x += run - 1;
        continue;
      }
      this.#skip(skipped);
      skipped = 0;
      const look = sgrOf(cell);
      // A mark that stands alone must not join what is before it.
      if (width === 0) this.#look = '';
      this.#wear(look);
      this.#parts.push(chars);
      printed = x + width >= cols;
    }
    return printed;
  }

  #isSameBlank(line: ReturnType<InnerBuffer['lines']['get']> & object, x: number): boolean {
    const cell = line.loadCell(x, this.#cell);
    return cell.getChars() === '' && cell.getWidth() === 1 && !cell.isBgDefault() && backgroundOf(cell) === this.#look;
  }

  #skip(columns: number): void {
    if (columns > 0) this.#parts.push(`\x1b[${columns}C`);
  }

  /** Whether printing its first cell makes exactly this row: a coloured one would fill the new line with its background. */
  #continues(row: number): boolean {
    const first = this.#buffer.lines.get(row)!.loadCell(0, this.#cell);
    return first.getChars() !== '' && first.getWidth() > 0 && first.isBgDefault();
  }

  /** Makes the next row a continuation by two characters that are taken back. */
  #wrap(row: number): void {
    const { cols } = this.#size;
    const line = this.#buffer.lines.get(row)!;
    this.#wear(PLAIN);
    this.#parts.push(`\x1b[${cols}Gxx\x1b[A\x1b[${cols}G`);
    const last = line.loadCell(cols - 1, this.#cell);
    if (last.getChars() === '' && last.getWidth() === 0 && cols > 1) {
      const wide = line.loadCell(cols - 2, this.#cell);
      this.#wear(sgrOf(wide));
      this.#parts.push(`\x1b[${cols - 1}G${wide.getChars()}`);
    } else if (last.getChars() === '') {
      this.#wear(backgroundOf(last));
      this.#parts.push('\x1b[X');
    } else {
      this.#wear(sgrOf(last));
      this.#parts.push(last.getChars());
    }
    this.#wear(PLAIN);
    this.#parts.push('\x1b[B\r\x1b[X');
  }
}

function margins({ scrollTop, scrollBottom }: InnerBuffer, rows: number): string {
  return scrollTop === 0 && scrollBottom === rows - 1 ? '' : `\x1b[${scrollTop + 1};${scrollBottom + 1}r`;
}

function tabStops({ tabs }: InnerBuffer, cols: number): string {
  const stops = Array.from({ length: cols }, (_, x) => x).filter((x) => tabs[x]);
  if (stops.every((x) => x % 8 === 0) && stops.length === Math.ceil(cols / 8)) return '';
  return `\x1b[3g${stops.map((x) => `\x1b[${x + 1}G\x1bH`).join('')}`;
}

function savedCursor(buffer: InnerBuffer, size: Size, cell: InnerCell): string {
  const { savedX, savedY, savedCurAttrData, savedCharset, ybase } = buffer;
  const y = Math.min(Math.max(savedY - ybase, 0), size.rows - 1);
  const charset = designator(savedCharset);
  return [
    goTo(buffer, savedX, y, size, cell),
    penOf(savedCurAttrData),
    charset === 'B' ? '' : `\x1b(${charset}`,
    '\x1b7',
    charset === 'B' ? '' : '\x1b(B',
    PLAIN,
    savedCurAttrData.isProtected() ? '\x1b[0"q' : '',
  ].join('');
}

/** A cursor beyond the last column waits there to wrap: only printing brings it there. */
function goTo(buffer: InnerBuffer, x: number, y: number, size: Size, cell: InnerCell, top = 0): string {
  const at = (column: number) => `\x1b[${y - top + 1};${column + 1}H`;
  if (x < size.cols) return at(x);
  const line = buffer.lines.get(buffer.ybase + y);
  if (!line) return at(size.cols - 1);
  const last = line.loadCell(size.cols - 1, cell);
  if (last.getWidth() === 0 && last.getChars() === '' && size.cols > 1) {
    const wide = line.loadCell(size.cols - 2, cell);
    return `${at(size.cols - 2)}${sgrOf(wide)}${wide.getChars()}`;
  }
  return `${at(size.cols - 1)}${sgrOf(last)}${last.getChars() || ' '}`;
}

function cursor(core: InnerTerminal, buffer: InnerBuffer, size: Size, cell: InnerCell): string {
  const { decPrivateModes, modes } = core.coreService;
  const top = decPrivateModes.origin ? buffer.scrollTop : 0;
  const look = penOf(core._inputHandler._curAttrData);
  const insert = modes.insertMode ? '\x1b[4h' : '';
  const position = goTo(buffer, buffer.x, buffer.y, size, cell, top);
  return `${position}${look}${insert}${lastPrinted(core, buffer, size, cell, top, look)}`;
}

/** A mark that comes next joins the character printed last: it is printed once more. Any escape sequence would undo that. */
function lastPrinted(core: InnerTerminal, buffer: InnerBuffer, size: Size, cell: InnerCell, top: number, look: string): string {
  const { x, y, ybase } = buffer;
  if (!core._inputHandler._parser.precedingJoinState || x === 0) return '';
  // Without wrapping, a wide character at the edge is dropped: it was the last one, and is nowhere.
  if (!core.coreService.decPrivateModes.wraparound && x === size.cols - 1) return '';
  const line = buffer.lines.get(ybase + y);
  if (!line) return '';
  const isSecondHalf = x > 1 && line.loadCell(x - 1, cell).getWidth() === 0 && line.loadCell(x - 1, cell).getChars() === '';
  const from = isSecondHalf ? x - 2 : x - 1;
  const last = line.loadCell(Math.min(from, size.cols - 1), cell);
  if (last.getChars() === '' || last.getWidth() === 0 || !look.startsWith(sgrOf(last))) return '';
  // Where printing inserts, its place is taken out first.
  const room = core.coreService.modes.insertMode ? `\x1b[${last.getWidth()}P` : '';
  return `\x1b[${y - top + 1};${from + 1}H${room}${last.getChars()}`;
}

function modes({ coreService, coreMouseService, optionsService }: InnerTerminal): string {
  const { decPrivateModes: dec, isCursorHidden } = coreService;
  const on = (mode: string, set: boolean) => (set ? `\x1b[?${mode}h` : '');
  return [
    on('1', dec.applicationCursorKeys),
    on('66', dec.applicationKeypad),
    on('2004', dec.bracketedPasteMode),
    on('45', dec.reverseWraparound),
    on('1004', dec.sendFocus),
    dec.wraparound ? '' : '\x1b[?7l',
    isCursorHidden ? '\x1b[?25l' : '',
    MOUSE_PROTOCOL[coreMouseService.activeProtocol] ?? '',
    MOUSE_ENCODING[coreMouseService.activeEncoding] ?? '',
    cursorStyle(dec),
    optionsService.options.convertEol ? '\x1b[20h' : '',
    on('6', dec.origin),
  ].join('');
}

const MOUSE_PROTOCOL: Readonly<Record<string, string>> = {
  X10: '\x1b[?9h',
  VT200: '\x1b[?1000h',
  DRAG: '\x1b[?1002h',
  ANY: '\x1b[?1003h',
};
const MOUSE_ENCODING: Readonly<Record<string, string>> = { SGR: '\x1b[?1006h', SGR_PIXELS: '\x1b[?1016h' };
const CURSOR_STYLE = { block: 1, underline: 3, bar: 5 } as const;

function cursorStyle({ cursorStyle: style, cursorBlink }: InnerTerminal['coreService']['decPrivateModes']): string {
  if (!style) return cursorBlink === undefined ? '' : `\x1b[?12${cursorBlink ? 'h' : 'l'}`;
  return `\x1b[${CURSOR_STYLE[style] + (cursorBlink ? 0 : 1)} q`;
}

function titles({ _inputHandler }: InnerTerminal): string {
  const set = (kind: number, text: string) => (text ? `\x1b]${kind};${text}\x07` : '');
  return set(1, _inputHandler._iconName) + set(2, _inputHandler._windowTitle);
}

function charsets({ _charsetService: { glevel, charset, _charsets } }: InnerTerminal, { savedCharset }: InnerBuffer): string {
  const designated = ['(', ')', '*', '+'].map((place, index) => {
    const name = designator(_charsets[index]);
    return name === 'B' ? '' : `\x1b${place}${name}`;
  });
  // Restoring a cursor puts its character set in use, and designates nothing.
  const asSaved = charset !== _charsets[glevel] && charset === savedCharset ? '\x1b8' : '';
  return designated.join('') + (['', '\x0e', '\x1bn', '\x1bo'][glevel] ?? '') + asSaved;
}

/** Character sets are told by what they make of these; national ones are left out. */
function designator(charset: Charset): string {
  if (charset?.q === '─') return '0';
  return charset?.['#'] === '£' && charset['@'] === undefined ? 'A' : 'B';
}
