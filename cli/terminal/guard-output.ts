/**
 * What a program on a device writes, on its way to this terminal: without the sequences that reach beyond its screen. Strings to the
 * terminal pass only where they are known to be harmless (links, colours, pictures); with `quiet` also no question this terminal
 * would answer into the keyboard. Sequences may be cut anywhere. Pure.
 */

const ESC = 0x1b;
const BEL = 0x07;
const BACKSLASH = 0x5c;
/** Longer ones are dropped: no terminal needs them. */
const MOST_HELD_BYTES = 64 * 1024;
const DCS = 0x50;
/** SOS, PM, APC (file names for pictures, commands of screen), and the title of screen and tmux: never wanted. */
const UNWANTED_STRINGS = new Set([0x58, 0x5e, 0x5f, 0x6b]);
const OSC = 0x5d;
const CSI = 0x5b;
/** Colours and links. Terminals read `052` as 52, and each has numbers of its own: what is not known does not pass. */
const WANTED_OSC = /^(?:4|8|1[0-2]|104|11[0-2])(?:;|$)/;
/** Pictures, settings and capabilities. Others are carried by tmux and screen to the terminal around them. */
const WANTED_DCS = /^(?:[\d;]*q|[$+]q|=[12]s)/;
/** First byte of U+0080 to U+00BF in UTF-8; up to U+009F they begin and end sequences, like ESC and a letter. */
const C1_LEAD = 0xc2;

export class GuardOutput {
  readonly #quiet: boolean;
  #held: number[] = [];
  #dropping = false;
  #leads = false;

  constructor({ quiet = false } = {}) {
    this.#quiet = quiet;
  }

  write(chunk: Uint8Array): Buffer {
    const bytes = this.#withoutC1(chunk);
    const parts: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      if (this.#held.length === 0) {
        const next = bytes.indexOf(ESC, at);
        const end = next < 0 ? bytes.length : next;
        parts.push(bytes.subarray(at, end));
        at = end;
      }
      const out: number[] = [];
      while (at < bytes.length && (this.#held.length > 0 || bytes[at] === ESC)) this.#next(bytes[at++]!, out);
      parts.push(Buffer.from(out));
    }
    return Buffer.concat(parts);
  }

  #withoutC1(bytes: Uint8Array): Uint8Array {
    if (!this.#leads && !bytes.includes(C1_LEAD)) return bytes;
    const kept: number[] = [];
    for (const byte of bytes) {
      if (this.#leads && (byte < 0x80 || byte > 0x9f)) kept.push(C1_LEAD);
      const isC1 = this.#leads && byte >= 0x80 && byte <= 0x9f;
      this.#leads = byte === C1_LEAD;
      if (!this.#leads && !isC1) kept.push(byte);
    }
    return Uint8Array.from(kept);
  }

  #next(byte: number, out: number[]): void {
    const held = this.#held;
    if (held.length === 0) {
      if (byte === ESC) held.push(byte);
      else out.push(byte);
      return;
    }
    const kind = held[1];
    // A new sequence begins within another: the other one is over.
    if (byte === ESC && (kind === undefined || kind === CSI)) {
      this.#end(out);
      this.#held = [ESC];
      return;
    }
    held.push(byte);
    if (held.length > MOST_HELD_BYTES) {
      this.#dropping = true;
      held.length = 2;
    }
    if (this.#isComplete(byte)) this.#end(out);
  }

  #isComplete(byte: number): boolean {
    const [, kind, ...rest] = this.#held.length > 8 ? [ESC, this.#held[1], 0] : this.#held;
    if (kind === undefined) return false;
    if (kind === CSI) return rest.length > 0 && byte >= 0x40 && byte <= 0x7e;
    if (isString(kind)) {
      if (rest.length === 0) return false;
      return (
        (kind === OSC && byte === BEL) || (byte === BACKSLASH && this.#held.at(-2) === ESC) || byte === 0x18 || byte === 0x1a
      );
    }
    // ESC with intermediates (charsets), then a final byte.
    return byte >= 0x30;
  }

  #end(out: number[]): void {
    const sequence = this.#held;
    this.#held = [];
    const dropped = this.#dropping || !this.#isWanted(sequence);
    this.#dropping = false;
    if (!dropped) for (const byte of sequence) out.push(byte);
  }

  #isWanted(sequence: readonly number[]): boolean {
    const kind = sequence[1];
    const text = () => Buffer.from(sequence.slice(2)).toString('latin1');
    if (kind !== undefined && isString(kind)) {
      // A control character ends a string in some terminals: what follows it would be a sequence that nobody looked at.
      const within = sequence.slice(2, sequence.at(-1) === BACKSLASH ? -2 : -1);
      if (within.some((byte) => byte < 0x20)) return false;
      if (kind === OSC) return WANTED_OSC.test(text()) && !(this.#quiet && text().includes('?'));
      return kind === DCS && !this.#quiet && WANTED_DCS.test(text());
    }
    if (kind !== CSI) return !(this.#quiet && kind === 0x5a);
    // The window: its size, its place, and its title, which the terminal would type as if a person had.
    if (/(?:^|[^$])t$/.test(text())) return false;
    return !(this.#quiet && /(?:[cnqtuxR]|\$p)$/.test(text()));
  }
}

const isString = (kind: number): boolean => kind === OSC || kind === DCS || UNWANTED_STRINGS.has(kind);
