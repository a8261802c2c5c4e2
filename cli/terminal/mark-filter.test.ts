import { expect, it } from 'vitest';
import { MarkFilter } from './mark-filter.ts';

it.each([1, 2, 3, 4, 5, 100])('finds every mark in pieces of %i', (size) => {
  const text = Buffer.from('abMARKcMAMARKMARKdeMAR');
  const filter = new MarkFilter('MARK');
  let out = '';
  let marks = 0;
  for (let at = 0; at < text.length; at += size) {
    const read = filter.read(text.subarray(at, at + size));
    out += read.bytes.toString();
    marks += read.marks;
  }
  expect([out, filter.end().toString(), marks]).toEqual(['abcMAde', 'MAR', 3]);
});
