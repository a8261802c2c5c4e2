/** Distinguished Encoding Rules, the few of them an X.509 certificate needs. */
const value = (tag: number, ...contents: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), length(content.length), content]);
};

function length(size: number): Buffer {
  if (size < 0x80) return Buffer.from([size]);
  const bytes: number[] = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

export const der = {
  sequence: (...items: readonly Uint8Array[]) => value(0x30, ...items),
  set: (...items: readonly Uint8Array[]) => value(0x31, ...items),
  boolean: (truth: boolean) => value(0x01, Buffer.from([truth ? 0xff : 0x00])),
  /** A positive integer from its bytes: a leading zero keeps the sign bit clear. */
  integer: (bytes: Uint8Array) => {
    const from = bytes.findIndex((byte) => byte !== 0);
    const trimmed = from < 0 ? Buffer.from([0]) : Buffer.from(bytes.subarray(from));
    return value(0x02, trimmed[0]! & 0x80 ? Buffer.from([0]) : Buffer.alloc(0), trimmed);
  },
  bitString: (bytes: Uint8Array, unusedBits = 0) => value(0x03, Buffer.from([unusedBits]), bytes),
  octetString: (bytes: Uint8Array) => value(0x04, bytes),
  oid: (dotted: string) => {
    const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
    return value(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
  },
  utf8: (text: string) => value(0x0c, Buffer.from(text, 'utf8')),
  /** UTCTime up to 2049, GeneralizedTime after it, as RFC 5280 asks. */
  time: (date: Date) => {
    const digits = date.toISOString().replace(/[-:T]|\.\d+/g, '');
    return date.getUTCFullYear() < 2050 ? value(0x17, Buffer.from(digits.slice(2))) : value(0x18, Buffer.from(digits));
  },
  /** Context-specific tag around whole values. */
  explicit: (number: number, ...items: readonly Uint8Array[]) => value(0xa0 | number, ...items),
  /** Context-specific tag in place of a primitive value's own. */
  implicit: (number: number, bytes: Uint8Array) => value(0x80 | number, bytes),
};

function base128(number: number): number[] {
  const bytes = [number & 0x7f];
  for (let rest = number >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}
