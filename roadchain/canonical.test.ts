import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { concat, equal, fromBase64url, fromUtf8, toBase64url, utf8 } from './bytes.ts';
import { type Canonical, encode, parse } from './canonical.ts';

const Any: z.ZodType<Canonical> = z.lazy(() =>
  z.union([z.string(), z.boolean(), z.int(), z.array(Any), z.record(z.string(), Any)]),
);
const anyValue = fc.letrec<{ value: Canonical }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'grapheme' }),
    fc.boolean(),
    fc.maxSafeInteger().map((number) => number + 0),
    fc.array(tie('value')),
    fc.dictionary(
      fc.string({ unit: 'grapheme' }).filter((key) => key !== '__proto__'),
      tie('value'),
      { noNullPrototype: true },
    ),
  ),
})).value;

describe('one text for one value', () => {
  it('sorts members, escapes as JSON does, and adds nothing', () => {
    expect(encode({ b: [1, true, 'ä\n"'], a: '', aa: {}, A: -5 })).toBe('{"A":-5,"a":"","aa":{},"b":[1,true,"ä\\n\\""]}');
    // RFC 8785, 3.2.3: by UTF-16 units.
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
    const text = encode(Object.fromEntries(keys.map((key) => [key, 0])));
    expect(Object.keys(JSON.parse(text)).filter((key) => key !== '1')).toEqual([
      '\r',
      '\u0080',
      '\u00f6',
      '\u20ac',
      '\ud83d\ude00',
      '\ufb33',
    ]);
  });

  it('is read back as what it was, and in no other spelling', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const text = encode(value);
        expect(parse(Any, text)).toEqual(value);
        expect(parse(Any, ` ${text}`)).toBeUndefined();
      }),
    );
  });

  it.each([
    0.5,
    Number.NaN,
    -0,
    2 ** 53,
    Number.POSITIVE_INFINITY,
    null,
    undefined,
    '\ud800',
    [undefined],
    { a: null },
    new Date(0),
  ])('there is none for %s', (value) => {
    expect(() => encode(value as never)).toThrow(RangeError);
  });

  it.each([
    '{"a":1,"a":1}',
    '{"b":1,"a":1}',
    '{"a": 1}',
    '{"a":1e0}',
    '{"a":"\\u0062"}',
    '9007199254740993',
    '{"__proto__":1}',
    '',
  ])('%s is none', (text) => {
    expect(parse(Any, text)).toBeUndefined();
  });
});

describe('bytes', () => {
  it('are base64url and UTF-8 as Node writes them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.string({ unit: 'grapheme' }), (bytes, text) => {
        expect(toBase64url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
        expect(fromBase64url(toBase64url(bytes))).toEqual(Uint8Array.from(bytes));
        expect(utf8(text)).toEqual(new Uint8Array(Buffer.from(text)));
        expect(fromUtf8(utf8(text))).toBe(text);
      }),
    );
  });

  it.each(['A', 'AB', 'AAB', 'A=', 'A A=', 'AA==', '++', 'ä'])('%s is no base64url', (text) => {
    expect(() => fromBase64url(text)).toThrow(RangeError);
  });

  it('that differ are not equal', () => {
    expect(equal(utf8('abc'), utf8('abc'))).toBe(true);
    expect(equal(utf8('abc'), utf8('abd'))).toBe(false);
    expect(equal(utf8('abc'), concat(utf8('abc'), utf8('d')))).toBe(false);
    expect(() => utf8('a\ud800')).toThrow(RangeError);
    expect(() => fromUtf8(Uint8Array.of(0xff))).toThrow();
  });
});
