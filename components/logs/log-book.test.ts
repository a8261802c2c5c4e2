import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogRecord } from '#contracts/stream/log.ts';
import { LogBook } from './log-book.ts';

const line = (n: number, t: number, x = `line ${n}`): LogRecord => ({ o: 'out', n, t, d: 'hello', s: 'web', x });
const texts = (book: LogBook) => book.lines.map(({ plain }) => plain);

describe('the book of lines', () => {
  test('in whatever pieces and however often they come, lines stand once and by time', () => {
    const records = fc.array(fc.record({ device: fc.constantFrom('alice', 'aria'), n: fc.nat(40) }), { maxLength: 80 });
    fc.assert(
      fc.property(records, fc.nat(7), (arriving, size) => {
        const book = new LogBook();
        for (let at = 0; at < arriving.length; at += size + 1) {
          for (const { device, n } of arriving.slice(at, at + size + 1))
            book.add(device, [line(n, Math.floor(n / 3), device + n)]);
          book.commit();
        }
        const wanted = [...new Map(arriving.map(({ device, n }) => [device + n, n])).entries()];
        expect(new Set(texts(book))).toEqual(new Set(wanted.map(([text]) => text)));
        expect(book.lines).toHaveLength(wanted.length);
        const times = book.lines.map(({ record }) => record.t);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        for (const device of ['alice', 'aria']) {
          const numbers = book.lines.filter((one) => one.device === device).map(({ record }) => record.n);
          expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        }
      }),
    );
  });

  test('the oldest go where there are too many, counted, and what is kept is never taken twice', () => {
    const book = new LogBook(3);
    book.add('alice', [line(1, 1), line(2, 2), line(3, 3), line(4, 4), line(5, 5)]);
    book.commit();
    expect(texts(book)).toEqual(['line 3', 'line 4', 'line 5']);
    expect(book.dropped).toBe(2);
    book.add('alice', [line(4, 4), line(5, 5), line(6, 6)]);
    book.commit();
    expect(texts(book)).toEqual(['line 4', 'line 5', 'line 6']);
    expect(book.newestOf('alice')).toBe(6);
  });

  test('a gap and an event stand beside the line that has their number', () => {
    const book = new LogBook();
    book.add('alice', [
      line(7, 1),
      { o: 'event', n: 7, t: 1, x: 'started' },
      { o: 'gap', n: 7, t: 1, lines: 5, bytes: 9, why: 'flood' },
    ]);
    book.commit();
    expect(book.lines.map(({ record }) => record.o)).toEqual(['out', 'event', 'gap']);
  });

  test('more lines than are kept, in many batches', () => {
    const book = new LogBook();
    for (let batch = 0; batch < 60; batch++) {
      book.add(
        'alice',
        Array.from({ length: 2_000 }, (_, index) => line(batch * 2_000 + index, batch * 2_000 + index)),
      );
      book.commit();
    }
    expect(book.lines).toHaveLength(100_000);
    expect(book.dropped).toBe(20_000);
    expect(book.lines[0]!.plain).toBe('line 20000');
  });
});
