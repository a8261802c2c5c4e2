import { describe, expect, test } from 'vitest';
import type { DeviceFeed } from './log-feed.ts';
import { absentWords, emptyWords, eventWords, gapWords, searchWords } from './log-words.ts';

describe('what the log says itself', () => {
  test('about lines that are not there', () => {
    expect(gapWords({ o: 'gap', n: 1, t: 1, d: 'v', s: 'vision', lines: 1_200, bytes: 1, why: 'flood' })).toMatch(
      /^1.200 lines are missing here: vision writes faster than the device keeps\.$/,
    );
    expect(gapWords({ o: 'gap', n: 1, t: 1, lines: 1, bytes: 1, why: 'slow-viewer' })).toContain('1 line is missing here');
    expect(gapWords({ o: 'gap', n: 1, t: 1, lines: 0, bytes: 0, why: 'not-kept' })).toContain('Lines are missing here');
  });

  test('about what happened', () => {
    expect(eventWords({ o: 'event', n: 1, t: 0, s: 'vision', x: 'vision #42 deployed.' })).toMatch(
      /^vision #42 deployed \d\d:\d\d$/,
    );
    expect(eventWords({ o: 'event', n: 1, t: 0, s: 'vision', x: 'Started' })).toMatch(/^vision: Started \d\d:\d\d$/);
  });

  test('about nothing', () => {
    expect(emptyWords('vision', 1_000, 13_000)).toBe('No lines yet from vision. It started 12 s ago.');
    expect(emptyWords('vision', 1_000, 900_000)).toContain('vision writes no lines. Some programs log to a file');
  });

  const feed = (device: string, more: Partial<DeviceFeed>): DeviceFeed => ({ device, phase: { kind: 'open' }, ...more });

  test('about devices that do not answer, together where they say the same', () => {
    const waiting = { phase: { kind: 'waiting' as const, message: 'It is not connected.' } };
    expect(absentWords([feed('alice', {}), feed('aria', waiting), feed('silas', waiting)])).toEqual([
      'Aria and Silas: It is not connected.',
    ]);
    expect(absentWords([feed('aria', waiting)])).toEqual(['It is not connected.']);
  });

  test('about a search', () => {
    const progress = { phase: 'search' as const, scannedLines: 100, matchedLines: 3 };
    expect(searchWords([feed('alice', { progress })])).toBe('3 of 100 lines match so far …');
    expect(searchWords([feed('alice', { progress: { ...progress, phase: 'live' } }), feed('aria', {})])).toBe(
      '3 of 100 lines match. 1 of 2 devices searched.',
    );
  });
});
