import { describe, expect, it } from 'vitest';
import { isAlive, needsRenewal, newSessionRecord } from './session-life.ts';

const START = Date.parse('2026-03-01T08:00:00Z');
const MINUTE = 60_000;
const seenAt = (minutes: number) => ({
  ...newSessionRecord({ user: 'owner' }, START),
  lastSeenAt: new Date(START + minutes * MINUTE).toISOString(),
});

describe('a session', () => {
  it.each([
    ['begins alive', 0, 0, true],
    ['lives on while it is used', 100, 129, true],
    ['ends after half an hour without a request', 100, 130, false],
    ['lives until the twelfth hour', 719, 719, true],
    ['ends after twelve hours, used or not', 719, 720, false],
  ])('%s', (_, seen, now, alive) => expect(isAlive(seenAt(seen), START + now * MINUTE)).toBe(alive));

  it.each([
    [0, false],
    [59_999, false],
    [60_000, true],
  ])('%d ms after the last write is written again: %s', (ms, renew) => expect(needsRenewal(seenAt(0), START + ms)).toBe(renew));
});
