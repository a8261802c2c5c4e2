/** The real terminal in the page: loaded when it is first needed, guarded, drawn on the graphics card where that works. */
import '@xterm/xterm/css/xterm.css';
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebglAddon } from '@xterm/addon-webgl';
import { type ITheme, Terminal } from '@xterm/xterm';
import { type GuardOptions, safeLink, TerminalGuard } from './guards.ts';
import type { Screen } from './viewer.ts';

export const FONT_PX = 14;
const SMALLEST_PX = 6;
const LARGEST_PX = 22;
const STEP_PX = 0.5;
const FONT = '"JetBrains Mono Variable", ui-monospace, "DejaVu Sans Mono", monospace';
const FONT_WAIT_MS = 3_000;
/** As many lines as the device keeps itself would be enough; more is kept for reading back. */
const SCROLLBACK = 5_000;
const HIGHLIGHTS = 1_000;
const SELECTION: ITheme = { selectionBackground: '#3b5378', selectionForeground: undefined };
/** The find that is looked at is a selection, and xterm draws that over every other ground. */
const FOUND_SELECTION: ITheme = { selectionBackground: '#fad571', selectionForeground: '#0b1020' };
const FOUND = {
  matchBackground: '#2b4a8f',
  matchOverviewRuler: '#5b88ed',
  activeMatchBackground: '#fad571',
  activeMatchColorOverviewRuler: '#fad571',
};

export interface ScreenOptions extends GuardOptions {
  onLink(url: URL): void;
  /** True: the key stays with the page. */
  onKey(event: KeyboardEvent): boolean;
  onFound?(index: number, count: number): void;
}

export class XtermScreen implements Screen {
  readonly terminal: Terminal;
  readonly guard: TerminalGuard;
  readonly #box: HTMLElement;
  readonly #fit = new FitAddon();
  readonly #search = new SearchAddon({ highlightLimit: HIGHLIGHTS });
  #disposed = false;

  constructor(box: HTMLElement, options: ScreenOptions) {
    this.#box = box;
    this.terminal = new Terminal({
      allowProposedApi: true,
      cols: 80,
      rows: 24,
      cursorBlink: false,
      cursorInactiveStyle: 'outline',
      disableStdin: true,
      fontFamily: FONT,
      fontSize: FONT_PX,
      lineHeight: 1.2,
      linkHandler: {
        activate: (_, address) => {
          const url = safeLink(address);
          if (url) options.onLink(url);
        },
        allowNonHttpProtocols: false,
      },
      macOptionIsMeta: true,
      minimumContrastRatio: 1,
      scrollback: SCROLLBACK,
      theme: themeOf(box),
      windowOptions: {},
    });
    this.guard = new TerminalGuard(this.terminal, options);
    for (const addon of [this.#fit, this.#search, new Unicode11Addon()]) this.terminal.loadAddon(addon);
    this.terminal.unicode.activeVersion = '11';
    this.terminal.attachCustomKeyEventHandler((event) => !options.onKey(event));
    this.#search.onDidChangeResults(({ resultIndex, resultCount }) => options.onFound?.(resultIndex, resultCount));
    this.terminal.open(box);
    this.#drawOnGraphicsCard();
  }

  reset(cols: number, rows: number): void {
    this.#inOrder(() => {
      this.terminal.reset();
      this.#setSize(cols, rows);
    });
  }

  resize(cols: number, rows: number): void {
    this.#inOrder(() => this.#setSize(cols, rows));
  }

  write(bytes: Uint8Array, drawn: () => void): void {
    this.terminal.write(bytes, drawn);
  }

  /** Columns and rows that fit the box at the usual size of letters. */
  sizeOfBox(): { cols: number; rows: number } | undefined {
    this.#setFont(FONT_PX);
    const size = this.#fit.proposeDimensions();
    if (!size || !Number.isFinite(size.cols) || !Number.isFinite(size.rows)) return undefined;
    return { cols: Math.min(500, Math.max(20, size.cols)), rows: Math.min(200, Math.max(4, size.rows)) };
  }

  /** Letters so large that the whole session fits the box, or the usual ones. */
  scale(how: 'fit' | '1:1'): void {
    const drawn = this.#box.querySelector('.xterm-screen')?.getBoundingClientRect();
    if (how === '1:1' || !drawn?.width) {
      this.#setFont(FONT_PX);
      return;
    }
    const font = this.terminal.options.fontSize ?? FONT_PX;
    const factor = Math.min(this.#box.clientWidth / drawn.width, this.#box.clientHeight / drawn.height);
    // Cells are whole pixels: the last line may still stick out, and then smaller letters are tried.
    let px = Math.min(LARGEST_PX, Math.max(SMALLEST_PX, Math.floor(font * factor * 2) / 2));
    for (this.#setFont(px); px > SMALLEST_PX && this.#sticksOut(); this.#setFont(px)) px -= STEP_PX;
  }

  find(text: string, direction: 'next' | 'previous', incremental: boolean): void {
    const options = { incremental, decorations: FOUND };
    this.#select(FOUND_SELECTION);
    if (!text) this.#search.clearDecorations();
    else if (direction === 'next') this.#search.findNext(text, options);
    else this.#search.findPrevious(text, { ...options, incremental: false });
  }

  closeFind(): void {
    this.#search.clearDecorations();
    this.terminal.clearSelection();
    this.#select(SELECTION);
  }

  dispose(): void {
    this.#disposed = true;
    this.guard.dispose();
    this.terminal.dispose();
  }

  #select(colours: ITheme): void {
    this.terminal.options.theme = { ...this.terminal.options.theme, ...colours };
  }

  /** After everything that was written before, which xterm parses later. */
  #inOrder(change: () => void): void {
    this.terminal.write('', () => {
      if (!this.#disposed) change();
    });
  }

  #sticksOut(): boolean {
    const drawn = this.#box.querySelector('.xterm-screen')?.getBoundingClientRect();
    return drawn !== undefined && (drawn.height > this.#box.clientHeight || drawn.width > this.#box.clientWidth);
  }

  #setSize(cols: number, rows: number): void {
    if (cols !== this.terminal.cols || rows !== this.terminal.rows) this.terminal.resize(cols, rows);
  }

  #setFont(px: number): void {
    if (this.terminal.options.fontSize !== px) this.terminal.options.fontSize = px;
  }

  #drawOnGraphicsCard(): void {
    try {
      const webgl = new WebglAddon();
      // A browser takes contexts away when there are many: then the page draws by itself.
      webgl.onContextLoss(() => webgl.dispose());
      this.terminal.loadAddon(webgl);
    } catch {
      // No graphics card: the page draws by itself from the start.
    }
  }
}

/** Cells are measured once: before the letters are there they would be measured wrong. */
export async function fontIsThere(): Promise<void> {
  const wait = new Promise<void>((resolve) => setTimeout(resolve, FONT_WAIT_MS));
  const fonts = ['', 'bold '].map((weight) => document.fonts.load(`${weight}${FONT_PX}px "JetBrains Mono Variable"`));
  await Promise.race([Promise.all(fonts).catch(() => undefined), wait]);
}

/** The ground is dark in every theme. The sixteen colours stand apart on it, also for people who see fewer of them. */
function themeOf(element: HTMLElement): ITheme {
  const background = getComputedStyle(element).getPropertyValue('--term').trim() || '#060914';
  return {
    background,
    foreground: '#eef2ff',
    cursor: '#ffd75e',
    cursorAccent: background,
    ...SELECTION,
    black: '#1b2440',
    red: '#f28881',
    green: '#79bf72',
    yellow: '#fad571',
    blue: '#7daafd',
    magenta: '#cf8fde',
    cyan: '#0cc3c3',
    white: '#d5dcf0',
    brightBlack: '#7c89ab',
    brightRed: '#ffb0a8',
    brightGreen: '#a5e09e',
    brightYellow: '#ffe7a3',
    brightBlue: '#b3ceff',
    brightMagenta: '#e8bdf2',
    brightCyan: '#7de6e6',
    brightWhite: '#ffffff',
  };
}
