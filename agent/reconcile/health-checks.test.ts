import { describe, expect, it } from 'vitest';
import { judgeCheck, nextCheckMs } from './health-checks.ts';

const check = { test: ['CMD', 'true'], intervalMs: 10_000, timeoutMs: 1_000, startPeriodMs: 5_000, retries: 3 };
const starting = { health: 'starting', streak: 0 } as const;
const healthy = { health: 'healthy', streak: 0 } as const;

describe('a health check', () => {
  it.each([
    ['one success ends the start', starting, true, 0, 'healthy'],
    ['failures in the start period do not count', { ...starting, streak: 9 }, false, 5_000, 'starting'],
    ['nor do those before the retries could have been used up', starting, false, 34_999, 'starting'],
    ['after that the start has failed', starting, false, 35_000, 'unhealthy'],
    ['one failure of a healthy service is no sickness', healthy, false, 100_000, 'healthy'],
    ['three in a row are', { ...healthy, streak: 2 }, false, 100_000, 'unhealthy'],
    ['one success heals', { health: 'unhealthy', streak: 7 } as const, true, 100_000, 'healthy'],
  ])('%s', (_, before, passed, upMs, health) => expect(judgeCheck(before, passed, check, upMs).health).toBe(health));

  it('runs eagerly until it has passed once', () => {
    expect(nextCheckMs(starting, check)).toBe(1_000);
    expect(nextCheckMs(healthy, check)).toBe(10_000);
  });
});
