import { expect, it } from 'vitest';
import { type Kept, LEAST_BYTES, toGiveUp } from './retention.ts';

const now = new Date('2026-06-30T12:00:00Z');
const kept = (id: string, daysAgo: number, units = 10, device = id): Kept => ({
  id,
  device,
  bytes: units * LEAST_BYTES,
  storedAt: new Date(now.getTime() - daysAgo * 86_400_000),
});
const given = (all: Kept[], maxUnits: number) => toGiveUp(all, { maxBytes: maxUnits * LEAST_BYTES, now }).map(({ id }) => id);

it('keeps what is neither old nor too much', () => {
  expect(given([], 100)).toEqual([]);
  expect(given([kept('a', 29), kept('b', 0)], 20)).toEqual([]);
});

it('gives up after thirty days, also where there is room', () => {
  expect(given([kept('a', 30), kept('b', 29.9), kept('c', 400)], 1_000)).toEqual(['c', 'a']);
});

it('gives up the oldest first, and no more than needed', () => {
  expect(given([kept('new', 1), kept('old', 3), kept('middle', 2)], 25)).toEqual(['old']);
  expect(given([kept('new', 1), kept('old', 3), kept('middle', 2)], 10)).toEqual(['old', 'middle', 'new']);
});

it('what is past its time counts no more', () => {
  expect(given([kept('past', 31, 1_000), kept('a', 2), kept('b', 1)], 20)).toEqual(['past']);
});

it('a device that floods gives up its own first', () => {
  const flood = [1, 2, 3, 4, 5, 6].map((n) => kept(`flood-${n}`, 1 - n / 10, 10, 'mallory'));
  expect(given([kept('alice', 20, 10), ...flood], 60)).toEqual(['flood-1', 'flood-2', 'flood-3']);
});

it('recordings of nothing count too', () => {
  const nothing = Array.from({ length: 30 }, (_, n) => kept(`nothing-${n}`, 1, 0, 'mallory'));
  expect(given([kept('alice', 20, 10), ...nothing], 40)).toHaveLength(10);
});
