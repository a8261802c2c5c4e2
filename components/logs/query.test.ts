import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Query, toQuery } from './query.ts';

const query = (pattern: string, more: { regex?: boolean; caseSensitive?: boolean } = {}) =>
  toQuery({ pattern, regex: false, caseSensitive: false, ...more }) as Query;

describe('looking for something in lines', () => {
  test('words are found as they are, wherever they stand', () => {
    expect(query('frame').places('Frame 1, frame 2')).toEqual([
      [0, 5],
      [9, 14],
    ]);
    expect(query('a.b').test('axb')).toBe(false);
    expect(query('Frame', { caseSensitive: true }).test('frame')).toBe(false);
  });

  test('any text finds itself', () => {
    fc.assert(fc.property(fc.string({ minLength: 1 }), (text) => query(text, { caseSensitive: true }).test(`<${text}>`)));
  });

  test('an expression finds what it describes, many times, and ends on empty matches', () => {
    expect(query('\\d+', { regex: true }).places('a1b22')).toEqual([
      [1, 2],
      [3, 5],
    ]);
    expect(query('x*', { regex: true }).places('aaa')).toEqual([]);
    expect(query('.', { regex: true }).places('x'.repeat(100_000))).toHaveLength(200);
  });

  test('an expression that cannot be read is said so', () => {
    expect(toQuery({ pattern: '(', regex: true, caseSensitive: false })).toEqual({
      error: expect.stringContaining('cannot be read'),
    });
    expect(toQuery({ pattern: '', regex: true, caseSensitive: false })).toBeUndefined();
  });
});
