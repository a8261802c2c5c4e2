import { describe, expect, it } from 'vitest';
import { countTests, findFailures, findRetried, summarize } from './test-summary.ts';

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
      'Error: Waited 60 s in vain: its first lines.',
      'it is not so yet',
      ' ❯ eventually e2e/stack/eventually.ts:24:46',
    ];
    expect(findFailures(vitest.join('\n'))).toEqual([
      'integration  a.int.test.ts > holds: Error: Waited 60 s in vain: its first lines. it is not so yet',
    ]);
    const playwright =
      '  1 failed\n    [chromium] › wall.spec.ts:3:1 › opens the wall ────────\n  1 flaky\n    [chromium] › b\n  11 passed (6.2s)\n';
    expect(findFailures(playwright)).toEqual(['[chromium] › wall.spec.ts:3:1 › opens the wall']);
    expect(findFailures('  12 passed (6.2s)')).toEqual([]);
  });

  it('names what needed a second try', () => {
    const vitest = [
      ' \u001b[31m❯\u001b[39m \u001b[30m integration \u001b[49m agent/a.int.test.ts (6 tests | 1 failed) 122827ms',
      '   ✓ holds  120ms',
      '   ✓ holds at last  120414ms (retry x1)',
      ' ✓ |integration| agent/b.int.test.ts (2 tests) 5ms',
      '   × never held  14ms (retry x1)',
    ];
    expect(findRetried(vitest.join('\n'))).toEqual(['agent/a.int.test.ts > holds at last', 'agent/b.int.test.ts > never held']);
    expect(findRetried('  1 failed\n    [chromium] › a\n  1 flaky\n    [chromium] › b ───\n  11 passed (6.2s)\n')).toEqual([
      '[chromium] › b',
    ]);
  });

  it('ends in one plain line, and a stage that broke down counts as failed', () => {
    const stage = { durationMs: 1000, passed: 0, failed: 0, failures: [], retried: [] };
    const { text, ok } = summarize([
      { ...stage, name: 'format', code: 0 },
      { ...stage, name: 'unit', code: 0, passed: 7 },
      { ...stage, name: 'integration', code: 1, failures: ['it.test.ts > holds: no'], retried: ['it.test.ts > late'] },
    ]);
    expect(ok).toBe(false);
    expect(text.split('\n')).toEqual([
      '✓ format         clean  1.0 s',
      '✓ unit           7 passed, 0 failed  1.0 s',
      '✗ integration    ended with code 1  1.0 s',
      '  ↻ tried twice: it.test.ts > late',
      '  ✗ it.test.ts > holds: no',
      '',
      '7 passed, 1 failed',
    ]);
  });
});
