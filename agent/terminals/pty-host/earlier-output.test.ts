import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastPart, whereStreamBegins } from './earlier-output.ts';

const begins = (earlier: string, first: string) => whereStreamBegins(Buffer.from(earlier), Buffer.from(first));

describe('the stream of a terminal after its log', () => {
  it.each([
    ['nothing came yet', 'one\r\ntwo\r\n', '', 10],
    ['it came after the log was read', 'one\r\ntwo\r\n', 'three\r\n', 10],
    ['the log has all of it', 'one\r\ntwo\r\n', 'two\r\n', 5],
    ['the log has all of it and more', 'one\r\ntwo\r\nthree\r\n', 'two\r\n', 5],
    ['the log has its beginning', 'one\r\ntwo\r\n', 'two\r\nthree\r\n', 5],
    ['the log has its beginning, which repeats', 'one\r\naa', 'aaab', 5],
    ['there is no log', '', 'one\r\n', 0],
  ])('goes on without a line twice where %s', (_case, earlier, first, at) => expect(begins(earlier, first)).toBe(at));

  it('loses and doubles nothing where nothing repeats', () => {
    const lines = fc.uniqueArray(fc.nat(9_999), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(lines, fc.nat(), fc.nat(), fc.nat(), (numbers, a, b, c) => {
        const all = Buffer.from(numbers.map((number) => `line ${String(number).padStart(4, '0')}\r\n`).join(''));
        const places = [a, b, c].map((place) => place % (numbers.length + 1)).sort((x, y) => x - y);
        const [attached, one, two] = places.map((place) => place * 11) as [number, number, number];
        // Either may be ahead of the other when they are joined.
        for (const [logged, come] of [
          [one, two],
          [two, one],
        ] as const) {
          const earlier = all.subarray(0, logged);
          const first = all.subarray(attached, come);
          // What was logged and has not even begun to come cannot be known.
          if (first.length === 0) continue;
          const joined = Buffer.concat([earlier.subarray(0, whereStreamBegins(earlier, first)), all.subarray(attached)]);
          expect(joined.toString()).toBe(all.toString());
        }
      }),
    );
  });
});

describe('the last part of what was written', () => {
  const text = (bytes: string) => lastPart(Buffer.from(bytes)).toString();

  it('is all of what is short, with its colours and the line that is not ended', () => {
    expect(text('\x1b[31mred\x1b[0m\r\n> ')).toBe('\x1b[31mred\x1b[0m\r\n> ');
    expect(text('')).toBe('');
  });

  it('is so many lines', () => {
    const lines = Array.from({ length: 300 }, (_, n) => `${n}\r\n`);
    expect(text(lines.join(''))).toBe(lines.slice(-200).join(''));
    expect(text(`${lines.join('')}> `)).toBe(`${lines.slice(-199).join('')}> `);
  });

  it('is so many bytes, from the beginning of a line or of a sequence', () => {
    const long = `${'x'.repeat(1_000)}\r\n`.repeat(100);
    expect(text(long)).toBe(`${'x'.repeat(1_000)}\r\n`.repeat(65));
    expect(text(`${'é'.repeat(40_000)}\x1b[Hend`)).toBe('\x1b[Hend');
  });
});
