import { describe, expect, it } from 'vitest';
import { formatAge, formatBytes, formatTook } from './duration.ts';
import { listNames } from './list-names.ts';
import { toFields, toTable } from './table.ts';
import { choosePaint, plain, tinted } from './terminal.ts';

describe('tables', () => {
  it('align, colours or not, and end no line in spaces', () => {
    const rows = (paint: typeof plain) =>
      toTable(
        ['NAME', 'HEALTH', 'NOTE'],
        [
          ['alice', paint('green', '● Running'), ''],
          ['front-door', paint('red', '■ Failed'), 'port taken'],
        ],
      );
    expect(rows(plain)).toBe('NAME         HEALTH      NOTE\nalice        ● Running\nfront-door   ■ Failed    port taken');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is the colours that are taken out.
    expect(rows(tinted).replace(/\u001b\[\d+m/g, '')).toBe(rows(plain));
  });

  it('fields stand below each other', () => {
    expect(
      toFields([
        ['A', '1'],
        ['Longer', '2'],
        ['B', ''],
      ]),
    ).toBe('A:       1\nLonger:  2\nB:');
  });
});

describe('words', () => {
  it.each([
    [400, '0 s'],
    [59_999, '59 s'],
    [61_000, '1 min'],
    [90_000_000, '1 d'],
  ])('%d ms is %s', (ms, text) => expect(formatAge(ms)).toBe(text));
  it('sizes and times have a unit that fits', () => {
    expect([512, 1500, 1000, 25e9].map(formatBytes)).toEqual(['512 B', '1.5 KB', '1.0 KB', '25 GB']);
    expect([840, 12_340].map(formatTook)).toEqual(['0.84 s', '12.3 s']);
  });
  it('lists names as a person would', () => {
    expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listNames)).toEqual(['', 'a', 'a and b', 'a, b and c']);
  });
});

describe('colour', () => {
  it.each([
    [true, {}, tinted],
    [false, {}, plain],
    [true, { NO_COLOR: '1' }, plain],
    [true, { NO_COLOR: '' }, tinted],
    [true, { TERM: 'dumb' }, plain],
    [false, { FORCE_COLOR: '1' }, tinted],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, plain],
  ])('terminal %s with %j', (isTty, environment, paint) => expect(choosePaint(isTty, environment)).toBe(paint));
});
