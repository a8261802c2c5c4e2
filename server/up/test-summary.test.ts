import { describe, expect, it } from 'vitest';
import { countTests, findFailures, summarize } from './test-summary.ts';

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

  it('names what failed once, with the last reason', () => {
    const vitest = [
      '\u001b[41m FAIL \u001b[49m integration  a.int.test.ts > holds',
      'Error: first',
      ' ❯ a.int.test.ts:3',
      ' FAIL  integration  a.int.test.ts > holds',
      'Error: second',
    ];
    expect(findFailures(vitest.join('\n'))).toEqual(['integration  a.int.test.ts > holds: Error: second']);
    const playwright =
      '  1 failed\n    [chromium] › wall.spec.ts:3:1 › opens the wall ────────\n  1 flaky\n    [chromium] › b\n  11 passed (6.2s)\n';
    expect(findFailures(playwright)).toEqual(['[chromium] › wall.spec.ts:3:1 › opens the wall']);
    expect(findFailures('  12 passed (6.2s)')).toEqual([]);
  });

  it('ends in one plain line, and a stage that broke down counts as failed', () => {
    const stage = { durationMs: 1000, passed: 0, failed: 0, failures: [] };
    const { text, ok } = summarize([
      { ...stage, name: 'format', code: 0 },
      { ...stage, name: 'unit', code: 0, passed: 7 },
      { ...stage, name: 'integration', code: 1, failures: ['it.test.ts > holds: no'] },
    ]);
    expect(ok).toBe(false);
    expect(text.split('\n')).toEqual([
      '✓ format         clean  1.0 s',
      '✓ unit           7 passed, 0 failed  1.0 s',
      '✗ integration    ended with code 1  1.0 s',
      '  ✗ it.test.ts > holds: no',
      '',
      '7 passed, 1 failed',
    ]);
  });
});
