/**
 * Finds where a stream of terminal output may be cut: not inside an escape sequence, and not inside a character. Errs towards "not
 * here": what is held back is handed on with what follows.
 */
type Place = 'ground' | 'escape' | 'csi' | 'string';

const ESC = 0x1b;

export class SafePoints {
  #place: Place = 'ground';
  /** Continuation bytes of a UTF-8 character that are still to come, and whether it may be a C1 control. */
  #missing = 0;
  #c1 = false;
  #inOsc = false;

  /** How many of these bytes belong before the last safe point; -1: there is none in them. */
  lastIn(bytes: Uint8Array): number {
    let last = -1;
    for (let index = 0; index < bytes.length; index++) {
      this.#step(bytes[index]!);
      if (this.#place === 'ground' && this.#missing === 0) last = index + 1;
    }
    return last;
  }

  #step(byte: number): void {
    if (this.#missing > 0) {
      if ((byte & 0xc0) === 0x80) {
        this.#missing--;
        if (this.#c1 && byte < 0xa0) this.#control(byte);
        this.#c1 = false;
        return;
      }
      this.#missing = 0;
      this.#c1 = false;
    }
    if (byte >= 0xc0) {
      this.#missing = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
      this.#c1 = byte === 0xc2;
    } else if (byte < 0x80) this.#ascii(byte);
  }

  #ascii(byte: number): void {
    if (byte === ESC) {
      this.#enter('escape');
      return;
    }
    // CAN and SUB cancel everything.
    if (byte === 0x18 || byte === 0x1a) {
      this.#enter('ground');
      return;
    }
    switch (this.#place) {
      case 'escape':
        if (byte === 0x5b) this.#enter('csi');
        else if (byte === 0x5d) this.#enter('string', true);
        else if (byte === 0x50 || byte === 0x58 || byte === 0x5e || byte === 0x5f) this.#enter('string');
        else if (byte >= 0x30 && byte < 0x7f) this.#enter('ground');
        return;
      case 'csi':
        if (byte >= 0x40 && byte < 0x7f) this.#enter('ground');
        return;
      case 'string':
        if (byte === 0x07 && this.#inOsc) this.#enter('ground');
        return;
      case 'ground':
    }
  }

  /** C1 controls, which xterm takes in their UTF-8 form. */
  #control(code: number): void {
    if (code === 0x9b) this.#enter('csi');
    else if (code === 0x9d) this.#enter('string', true);
    else if (code === 0x90 || code === 0x98 || code === 0x9e || code === 0x9f) this.#enter('string');
    else this.#enter('ground');
  }

  #enter(place: Place, inOsc = false): void {
    this.#place = place;
    this.#inOsc = inOsc;
  }
}
