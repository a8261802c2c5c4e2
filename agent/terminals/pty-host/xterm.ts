/** The headless terminal and the parts of it that its public interface does not show. The version is pinned exactly for this. */
import * as unicode11 from '@xterm/addon-unicode11';
import type { IBufferCell, Terminal } from '@xterm/headless';
import * as headless from '@xterm/headless';

/** Both are CommonJS whose names Node cannot see; a bundler can. */
const named = <T extends object>(module: T): T => (module as { default?: T }).default ?? module;

export const SCROLLBACK_LINES = 1_000;

export interface InnerCell extends IBufferCell {
  isProtected(): number;
  readonly extended: { readonly underlineColor: number };
  hasExtendedAttrs(): number;
  getUnderlineStyle(): number;
  getUnderlineColor(): number;
  isUnderlineColorDefault(): boolean;
  isUnderlineColorRGB(): boolean;
  isUnderlineColorPalette(): boolean;
}

export interface InnerLine {
  readonly length: number;
  isWrapped: boolean;
  loadCell(x: number, cell: InnerCell): InnerCell;
}

export type Charset = Readonly<Record<string, string>> | undefined;

export interface InnerBuffer {
  readonly x: number;
  readonly y: number;
  readonly ybase: number;
  readonly savedX: number;
  readonly savedY: number;
  readonly savedCurAttrData: InnerCell;
  readonly savedCharset: Charset;
  readonly scrollTop: number;
  readonly scrollBottom: number;
  readonly tabs: Readonly<Record<number, boolean>>;
  readonly lines: { readonly length: number; get(index: number): InnerLine | undefined };
}

export interface InnerTerminal {
  readonly _bufferService: {
    readonly buffers: { readonly normal: InnerBuffer; readonly alt: InnerBuffer; readonly active: InnerBuffer };
  };
  readonly _inputHandler: {
    readonly _curAttrData: InnerCell;
    readonly _windowTitle: string;
    readonly _iconName: string;
    readonly _parser: { readonly precedingJoinState: number };
  };
  readonly coreService: {
    readonly isCursorHidden: boolean;
    readonly modes: { readonly insertMode: boolean };
    readonly decPrivateModes: {
      readonly applicationCursorKeys: boolean;
      readonly applicationKeypad: boolean;
      readonly bracketedPasteMode: boolean;
      readonly cursorBlink?: boolean;
      readonly cursorStyle?: 'block' | 'underline' | 'bar';
      readonly origin: boolean;
      readonly reverseWraparound: boolean;
      readonly sendFocus: boolean;
      readonly wraparound: boolean;
    };
  };
  readonly coreMouseService: { readonly activeProtocol: string; readonly activeEncoding: string };
  readonly _charsetService: { readonly glevel: number; readonly charset?: Charset; readonly _charsets: readonly Charset[] };
  readonly optionsService: { readonly options: { readonly convertEol: boolean } };
}

export function createTerminal(cols: number, rows: number): Terminal {
  const terminal = new (named(headless).Terminal)({
    cols,
    rows,
    scrollback: SCROLLBACK_LINES,
    allowProposedApi: true,
    logLevel: 'off',
  });
  terminal.loadAddon(new (named(unicode11).Unicode11Addon)());
  terminal.unicode.activeVersion = '11';
  return terminal;
}

export const innerOf = (terminal: Terminal): InnerTerminal => (terminal as unknown as { _core: InnerTerminal })._core;
export const newCell = (terminal: Terminal): InnerCell => terminal.buffer.active.getNullCell() as InnerCell;
