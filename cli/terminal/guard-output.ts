/**
 * What a program on a device writes, on its way to this terminal: without the sequences that reach beyond its screen. Setting the
 * clipboard and the window's title are taken out; with `quiet` also every question this terminal would answer into the keyboard.
 * Sequences may be cut anywhere. Pure.
 */

const ESC = 0x1b;
const BEL = 0x07;
const BACKSLASH = 0x5c;
/** Longer ones are dropped: no terminal needs them. */
const MOST_HELD_BYTES = 64 * 1024;
/** DCS, SOS, PM, APC. */
const STRINGS = new Set([0x50, 0x58, 0x5e, 0x5f]);
const OSC = 0x5d;
const CSI = 0x5b;
const UNWANTED_OSC = /^(?:0|1|2|52|777|9|99|1337)(?:;|$)/;

export class GuardOutput {
  readonly #quiet: boolean;
  #held: number[] = [];
  #dropping = false;

  constructor({ quiet = false } = {}) {
    this.#quiet = quiet;
  }

  write(bytes: Uint8Array): Buffer {
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
    if (kind === OSC || STRINGS.has(kind)) {
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
    if (kind === OSC) return !UNWANTED_OSC.test(text()) && !(this.#quiet && text().includes('?'));
    if (kind !== undefined && STRINGS.has(kind)) return !this.#quiet;
    if (kind !== CSI) return !(this.#quiet && kind === 0x5a);
    // 21t asks for the title, which the terminal would type as if a person had.
    if (/^(?:20|21|22|23)(?:;\d+)*t$/.test(text())) return false;
    return !(this.#quiet && /(?:[cnqtuxR]|\$p)$/.test(text()));
  }
}
