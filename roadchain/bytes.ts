/** Bytes and texts, without Node and without the DOM: UTF-8, base64url and comparison. */

export const EMPTY = new Uint8Array(0);

/** Throws at a lone surrogate: two texts that differ must never become the same bytes. */
export function utf8(text: string): Uint8Array {
  const plain = new Uint8Array(text.length);
  let ascii = 0;
  for (; ascii < text.length; ascii++) {
    const code = text.charCodeAt(ascii);
    if (code >= 0x80) break;
    plain[ascii] = code;
  }
  if (ascii === text.length) return plain;
  // Never longer than three bytes for each UTF-16 unit.
  const out = new Uint8Array(text.length * 3);
  let at = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.codePointAt(index) as number;
    if (code >= 0xd800 && code <= 0xdfff) throw new RangeError('Half a character cannot be written as UTF-8.');
    if (code > 0xffff) index++;
    if (code < 0x80) out[at++] = code;
    else {
      if (code < 0x800) out[at++] = 0xc0 | (code >> 6);
      else {
        if (code < 0x10000) out[at++] = 0xe0 | (code >> 12);
        else {
          out[at++] = 0xf0 | (code >> 18);
          out[at++] = 0x80 | ((code >> 12) & 63);
        }
        out[at++] = 0x80 | ((code >> 6) & 63);
      }
      out[at++] = 0x80 | (code & 63);
    }
  }
  return out.slice(0, at);
}

/** Throws at bytes that are not UTF-8. */
export const fromUtf8 = (bytes: Uint8Array): string =>
  decodeURIComponent(Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''));

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUES = new Map(Array.from(ALPHABET, (letter, value) => [letter, value]));

export function toBase64url(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const word = ((bytes[at] as number) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text += `${ALPHABET[word >> 18]}${ALPHABET[(word >> 12) & 63]}`;
    if (left > 1) text += ALPHABET[(word >> 6) & 63];
    if (left > 2) text += ALPHABET[word & 63];
  }
  return text;
}

/** Throws at anything `toBase64url` would not have written, unused bits included: one value has one text. */
export function fromBase64url(text: string): Uint8Array {
  const out = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  let word = 0;
  let at = 0;
  for (const letter of text) {
    const value = VALUES.get(letter);
    if (value === undefined) throw new RangeError('This is not base64url.');
    word = ((word << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out[at++] = (word >> bits) & 255;
    }
  }
  if (text.length % 4 === 1 || (word & ((1 << bits) - 1)) !== 0) throw new RangeError('This is not base64url.');
  return out;
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Takes as long for two that differ in the first byte as for two that differ in the last. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let at = 0; at < a.length; at++) difference |= (a[at] as number) ^ (b[at] as number);
  return difference === 0;
}
