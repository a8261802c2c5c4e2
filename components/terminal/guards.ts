/**
 * What a program on a device may make of this page: nothing goes back while watching; while typing only short replies to its queries.
 * The clipboard is written after consent and never read, links lead to the web only and after a look at them, titles stay plain text.
 */

interface Disposable {
  dispose(): void;
}
interface SequenceId {
  prefix?: string;
  intermediates?: string;
  final: string;
}
/** The part of xterm that is guarded; the one in Node has the same, so that hostile sequences can be fed to it in a test. */
export interface GuardedTerminal {
  parser: {
    registerCsiHandler(id: SequenceId, callback: () => boolean): Disposable;
    registerDcsHandler(id: SequenceId, callback: (data: string) => boolean): Disposable;
    registerOscHandler(ident: number, callback: (data: string) => boolean): Disposable;
  };
  options: { disableStdin?: boolean };
  onData(listener: (data: string) => void): Disposable;
  onBinary(listener: (data: string) => void): Disposable;
}

export interface GuardOptions {
  /** Bytes for the device: keys, pastes, and allowed replies. */
  send(bytes: Uint8Array): void;
  /** Text that a program put into the clipboard, after consent. */
  copy(text: string): void;
  /** A program wants to and may not yet. */
  onClipboardAsked?(): void;
  nowMs?(): number;
}

/** The longest reply that shells and editors ask for is a colour, 25 characters. */
const REPLY_LENGTH = 64;
const REPLIES_PER_SECOND = 64;
const CLIPBOARD_BYTES = 64 * 1024;

/** Everything xterm answers by itself: device attributes, status, cursor position, modes, window, key flags, version. */
const QUERIES: readonly SequenceId[] = [
  { final: 'c' },
  { prefix: '>', final: 'c' },
  { prefix: '=', final: 'c' },
  { final: 'n' },
  { prefix: '?', final: 'n' },
  { intermediates: '$', final: 'p' },
  { prefix: '?', intermediates: '$', final: 'p' },
  { final: 't' },
  { final: 'x' },
  { prefix: '?', final: 'u' },
  { prefix: '>', final: 'q' },
];
/** Settings (DECRQSS) and capabilities (XTGETTCAP). */
const STRING_QUERIES: readonly SequenceId[] = [
  { intermediates: '$', final: 'q' },
  { intermediates: '+', final: 'q' },
];
/** Colours: the palette, foreground, background, cursor. */
const COLOURS = [4, 10, 11, 12];
const CLIPBOARD = 52;

export class TerminalGuard {
  #terminal: GuardedTerminal;
  #options: GuardOptions;
  #disposables: Disposable[] = [];
  #typing = false;
  /** A program asked for something: what xterm says next, within the same turn, is its reply. */
  #asked = false;
  #replies = 0;
  #second = 0;
  #clipboardAllowed = false;
  /** What a program wants to put there, until a person answers. */
  #wanted: string | undefined;

  constructor(terminal: GuardedTerminal, options: GuardOptions) {
    this.#terminal = terminal;
    this.#options = options;
    const { parser } = terminal;
    const query = () => this.#query();
    this.#disposables = [
      ...QUERIES.map((id) => parser.registerCsiHandler(id, query)),
      ...STRING_QUERIES.map((id) => parser.registerDcsHandler(id, query)),
      ...COLOURS.map((ident) => parser.registerOscHandler(ident, (data) => data.includes('?') && this.#query())),
      parser.registerOscHandler(CLIPBOARD, (data) => this.#clipboard(data)),
      terminal.onData((data) => this.#out(data, utf8(data))),
      terminal.onBinary((data) => this.#out(data, latin1(data))),
    ];
    this.typing = false;
  }

  get typing(): boolean {
    return this.#typing;
  }

  /** False: not one byte goes back, whatever is drawn, clicked or pressed. */
  set typing(typing: boolean) {
    this.#typing = typing;
    this.#asked = false;
    if (!typing) this.#wanted = undefined;
    this.#terminal.options.disableStdin = !typing;
  }

  /** A person said yes for this session's programs, the one that asked among them; or no, to this time. */
  answerClipboard(allowed: boolean): void {
    this.#clipboardAllowed = allowed;
    if (allowed && this.#wanted) this.#options.copy(this.#wanted);
    this.#wanted = undefined;
  }

  dispose(): void {
    this.typing = false;
    for (const one of this.#disposables) one.dispose();
    this.#disposables = [];
  }

  /** True: swallowed. False: xterm's own handler answers it. */
  #query(): boolean {
    if (!this.#typing) return true;
    this.#asked = true;
    queueMicrotask(() => {
      this.#asked = false;
    });
    return false;
  }

  #out(text: string, bytes: Uint8Array): void {
    if (!this.#typing) return;
    if (this.#asked || looksLikeReply(text)) {
      this.#asked = false;
      if (text.length > REPLY_LENGTH || !this.#mayReply()) return;
    }
    this.#options.send(bytes);
  }

  #mayReply(): boolean {
    const second = Math.floor((this.#options.nowMs?.() ?? performance.now()) / 1_000);
    if (second !== this.#second) this.#replies = 0;
    this.#second = second;
    return ++this.#replies <= REPLIES_PER_SECOND;
  }

  #clipboard(data: string): boolean {
    const separator = data.indexOf(';');
    const text = data.slice(separator + 1);
    // `?` asks for what is in the clipboard: nobody on a device learns that.
    if (separator < 0 || text === '?' || !this.#typing) return true;
    const copied = text.length <= CLIPBOARD_BYTES ? fromBase64(text) : undefined;
    if (!copied) return true;
    if (this.#clipboardAllowed) this.#options.copy(copied);
    else {
      this.#wanted = copied;
      this.#options.onClipboardAsked?.();
    }
    return true;
  }
}

/** Where a link in a terminal may lead; undefined: nowhere. The text of the link says nothing about it. */
export function safeLink(address: string): URL | undefined {
  if (address.length > 2_000) return undefined;
  try {
    const url = new URL(address);
    return (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.password ? url : undefined;
  } catch {
    return undefined;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
const TITLE_LENGTH = 80;

/** A title as words on the page: one line, nothing that hides or turns text around. */
export const plainTitle = (title: string): string => title.replace(UNSEEN, '').trim().slice(0, TITLE_LENGTH);

/** Escape sequences that no key sends: attributes, status, modes, settings, colours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals speak in control characters
const REPLY = /^\u001b(?:\[[?>=]?[\d;]*(?:c|n|\$y|t|x)$|\[\??\d+;\d+R$|P|\])/;
const looksLikeReply = (text: string): boolean => REPLY.test(text);

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);

function fromBase64(text: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(latin1(atob(text)));
  } catch {
    return undefined;
  }
}
