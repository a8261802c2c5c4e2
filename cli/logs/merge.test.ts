import { expect, it } from 'vitest';
import type { LogRecord } from '#contracts/stream/log.ts';
import { Merge, type MergedRecord } from './merge.ts';

const line = (t: number): LogRecord => ({ o: 'out', n: t, t, d: 'd', s: 's', x: `${t}` });
const words = (all: MergedRecord[]) => all.map(({ device, record }) => `${device}${record.t}`);

it('what one device sends goes through', () => {
  const merge = new Merge(['a'], 10);
  expect(words(merge.add('a', [line(1), line(2)]))).toEqual(['a1', 'a2']);
  expect(merge.complete('a')).toEqual([]);
});

it('the history of several comes by time, once all have sent theirs', () => {
  const merge = new Merge(['a', 'b', 'c'], 10);
  expect(merge.add('a', [line(1), line(4)])).toEqual([]);
  expect(merge.complete('a')).toEqual([]);
  expect(merge.add('b', [line(2), line(3)])).toEqual([]);
  expect(merge.complete('c')).toEqual([]);
  expect(words(merge.complete('b'))).toEqual(['a1', 'b2', 'b3', 'a4']);
  expect(words(merge.add('a', [line(0)]))).toEqual(['a0']);
  expect(merge.complete('b')).toEqual([]);
});

it('keeps the newest of more than was asked for', () => {
  const merge = new Merge(['a', 'b'], 3);
  for (let t = 0; t < 100; t++) merge.add(t % 2 ? 'a' : 'b', [line(t)]);
  merge.complete('a');
  expect(words(merge.complete('b'))).toEqual(['a97', 'b98', 'a99']);
});
