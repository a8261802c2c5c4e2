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
  /** Names of those that failed, each with the first line of why. */
  failures: readonly string[];
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

/** vitest heads each failure ` FAIL  project  file > test`, why in the next line; Playwright lists `  [project] › file:1:1 › test` at its end. */
export function findFailures(output: string): string[] {
  const lines = output.replace(ESCAPES, '').split('\n');
  const failures = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    const vitest = /^ FAIL\s+(.+?)\s*$/.exec(line)?.[1];
    // The last word on a test that was tried twice counts.
    if (vitest) failures.set(vitest, lines[index + 1]?.trim() ?? '');
    if (!/^ {2}\d+ failed$/.test(line)) continue;
    for (const listed of lines.slice(index + 1)) {
      const playwright = /^ {4}(\S.*?)[\s─]*$/.exec(listed)?.[1];
      if (!playwright) break;
      failures.set(playwright, '');
    }
  }
  return [...failures].map(([name, why]) => (why ? `${name}: ${why}` : name));
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
  const failures = stages.flatMap((stage) => stage.failures.map((failure) => `  ✗ ${failure}`));
  return { text: [...lines, ...failures, '', `${passed} passed, ${failed} failed`].join('\n'), ok };
}
