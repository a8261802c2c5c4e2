import { expect, it } from 'vitest';
import { CastReader, waitMs } from './cast-player.ts';

const read = (...lines: unknown[]) => {
  const reader = new CastReader();
  return lines.map((line) => reader.read(typeof line === 'string' ? line : JSON.stringify(line))).filter(Boolean);
};

it('reads version 3 by intervals and version 2 by times', () => {
  const events = [
    [1, 'o', 'a'],
    [1.5, 'o', 'b'],
  ];
  expect(read({ version: 3, term: { cols: 80, rows: 24 } }, ...events).map((one) => one!.afterS)).toEqual([1, 1.5]);
  expect(read({ version: 2, width: 80, height: 24 }, ...events).map((one) => one!.afterS)).toEqual([1, 0.5]);
});

it('leaves out what is no event', () => {
  expect(read({ version: 3 }, '', 'no json', {}, [1], ['1', 'o', 'x'], [0, 'o', 7], [0, 'x', '0'])).toEqual([
    { afterS: 0, kind: 'x', data: '0' },
  ]);
});

it('waits as long as it took, no longer than told, and faster when asked', () => {
  const event = { afterS: 10, kind: 'o', data: '' };
  expect(waitMs(event, { speed: 1, idleS: 100 })).toBe(10_000);
  expect(waitMs(event, { speed: 4, idleS: 2 })).toBe(500);
});
