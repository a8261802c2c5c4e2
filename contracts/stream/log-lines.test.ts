import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LONGEST_LINE_BYTES, type LogRecord } from './log.ts';
import { LogLines } from './log-lines.ts';

const line = (n: number, x: string): LogRecord => ({ o: 'out', n, t: 1_700_000_000_000 + n, d: 'hello', s: 'web', x });
const encode = (records: LogRecord[]) => new TextEncoder().encode(records.map((each) => `${JSON.stringify(each)}\n`).join(''));

describe('log records out of a stream', () => {
  test('wherever the bytes are cut, the same records come out', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(fc.constantFrom('a', ' ', '"', '\\', '\n', '\u0000', '\u001b[31m', 'é', '日本', '🍓', '\u2028'), {
            maxLength: 20,
          }),
          { maxLength: 20 },
        ),
        fc.infiniteStream(fc.nat(30)),
        (texts, cuts) => {
          const records = texts.map((text, index) => line(index, text.join('')));
          const bytes = encode(records);
          const lines = new LogLines();
          const read: LogRecord[] = [];
          for (let at = 0; at < bytes.length; ) {
            const next = at + 1 + (cuts.next().value ?? 0);
            read.push(...lines.read(bytes.subarray(at, next)));
            at = next;
          }
          expect(read).toEqual(records);
          expect(lines.unreadable).toBe(0);
        },
      ),
    );
  });

  test('the longest line there may be is read, also where every byte of it is escaped', () => {
    const longest = line(1, '\u0001'.repeat(LONGEST_LINE_BYTES));
    expect(new LogLines().read(encode([longest]))).toEqual([longest]);
  });

  test('a line without an end takes no memory, is counted, and the next one is read', () => {
    const lines = new LogLines();
    for (let index = 0; index < 100; index++) lines.read(new Uint8Array(64 * 1024).fill(0x61));
    expect(lines.read(new TextEncoder().encode('\n'))).toEqual([]);
    expect(lines.read(encode([line(7, 'still here')]))).toEqual([line(7, 'still here')]);
    expect(lines.unreadable).toBe(1);
  });

  test('what is no record is counted and passed over', () => {
    const lines = new LogLines();
    expect(lines.read(new TextEncoder().encode('not json\n{"o":"out"}\n'))).toEqual([]);
    expect(lines.unreadable).toBe(2);
  });
});
