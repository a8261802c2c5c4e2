import { expect, it } from 'vitest';
import { RateLimit } from './rate-limit.ts';

it('lets a burst through, then so many a second, for each source by itself', () => {
  const limit = new RateLimit({ burst: 3, perSecond: 2 });
  expect([0, 0, 0, 0].map((at) => limit.take('a', at))).toEqual([true, true, true, false]);
  expect(limit.take('b', 0)).toBe(true);
  expect(limit.has('a', 499)).toBe(false);
  expect(limit.take('a', 500)).toBe(true);
  expect(limit.take('a', 500)).toBe(false);
  expect([9_000, 9_000, 9_000, 9_000].map((at) => limit.take('a', at))).toEqual([true, true, true, false]);
});

it('forgets the quiet ones: what it keeps is bounded', () => {
  const limit = new RateLimit({ burst: 1, perSecond: 0 });
  limit.take('first', 0);
  for (let source = 0; source < 10_000; source++) limit.take(`${source}`, 0);
  expect(limit.has('first', 0)).toBe(true);
  expect(limit.has('9999', 0)).toBe(false);
});
