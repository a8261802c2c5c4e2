import { describe, expect, it } from 'vitest';
import { countTests, summarize } from './test-summary.ts';

describe('the summary of npm test', () => {
  it.each([
    ['\u001b[2m      Tests \u001b[22m \u001b[1m\u001b[32m77 passed\u001b[39m\u001b[22m (77)', { passed: 77, failed: 0 }],
    ['      Tests  2 failed | 10 passed | 1 skipped (13)', { passed: 10, failed: 2 }],
    [' Test Files  3 passed (3)\n      Tests  5 passed (5)\n', { passed: 5, failed: 0 }],
    [
      '  1 failed\n    [chromium] › wall.spec.ts:3:1 › opens the wall\n  1 flaky\n  11 passed (6.2s)\n',
      { passed: 12, failed: 1 },
    ],
    ['nothing', { passed: 0, failed: 0 }],
  ])('reads %j', (output, counts) => expect(countTests(output)).toEqual(counts));

  it('ends in one plain line, and a stage that broke down counts as failed', () => {
    const stage = { durationMs: 1000, passed: 0, failed: 0 };
    const { text, ok } = summarize([
      { ...stage, name: 'format', code: 0 },
      { ...stage, name: 'unit', code: 0, passed: 7 },
      { ...stage, name: 'integration', code: 1 },
    ]);
    expect(ok).toBe(false);
    expect(text.split('\n')).toEqual([
      '✓ format         clean  1.0 s',
      '✓ unit           7 passed, 0 failed  1.0 s',
      '✗ integration    ended with code 1  1.0 s',
      '',
      '7 passed, 1 failed',
    ]);
  });
});
