/** Reads how many tests passed and failed from what the runners print, and says it in lines of our own. Pure. */
import { seconds } from './steps.ts';

export interface Counts {
  passed: number;
  failed: number;
}

export interface StageResult extends Counts {
  name: string;
  code: number;
  durationMs: number;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is the escape character that is taken out.
const ESCAPES = /\u001b\[[0-9;]*m/g;

/** vitest ends in `Tests  1 failed | 12 passed (13)`, Playwright in lines `  1 failed` and `  12 passed (6.0s)`. */
export function countTests(output: string): Counts {
  const text = output.replace(ESCAPES, '');
  const counts = { passed: 0, failed: 0 };
  for (const line of text.split('\n')) {
    const vitest = /^\s*Tests\s+(.*)$/.exec(line)?.[1];
    const playwright = /^\s+\d+ (passed|failed|flaky)( \([^)]*\))?$/.test(line) ? line : undefined;
    const source = vitest ?? playwright;
    if (source === undefined) continue;
    counts.passed += Number(/(\d+) (?:passed|flaky)/.exec(source)?.[1] ?? 0);
    counts.failed += Number(/(\d+) failed/.exec(source)?.[1] ?? 0);
  }
  return counts;
}

export function summarize(stages: readonly StageResult[]): { text: string; ok: boolean } {
  const ok = stages.every((stage) => stage.code === 0);
  const lines = stages.map(({ name, code, passed, failed, durationMs }) => {
    const tests = passed + failed > 0 ? `${passed} passed, ${failed} failed` : code === 0 ? 'clean' : `ended with code ${code}`;
    return `${code === 0 ? '✓' : '✗'} ${name.padEnd(14)} ${tests}  ${seconds(durationMs)}`;
  });
  const passed = stages.reduce((sum, stage) => sum + stage.passed, 0);
  // A stage that broke down without a failed test is a failure all the same.
  const failed = stages.reduce((sum, stage) => sum + Math.max(stage.failed, stage.code === 0 ? 0 : 1), 0);
  return { text: [...lines, '', `${passed} passed, ${failed} failed`].join('\n'), ok };
}
