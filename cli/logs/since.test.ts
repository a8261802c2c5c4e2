import { expect, it } from 'vitest';
import { readSince } from './since.ts';

const now = Date.parse('2026-02-01T12:00:00Z');

it.each([
  ['30s', '2026-02-01T11:59:30.000Z'],
  ['15m', '2026-02-01T11:45:00.000Z'],
  ['1h', '2026-02-01T11:00:00.000Z'],
  ['2d', '2026-01-30T12:00:00.000Z'],
  ['2026-01-31T10:00:00Z', '2026-01-31T10:00:00.000Z'],
])('%s is %s', (text, moment) => expect(readSince(text, now)).toBe(moment));

it.each(['', 'yesterday', '1', '1w', '-1h', '99999999h', '2026-13-45'])('%j is refused with examples', (text) =>
  expect(() => readSince(text, now)).toThrow(expect.objectContaining({ detail: expect.stringContaining('15m') })),
);
