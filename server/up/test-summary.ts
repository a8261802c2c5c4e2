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
  /** Names of those that failed, each with why. */
  failures: readonly string[];
  /** Names of those that needed a second try. */
  retried: readonly string[];
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

/** Of why a test failed so many lines are told. */
const MOST_REASON_LINES = 4;

/** vitest heads each failure ` FAIL  project  file > test`, why in the next lines; Playwright lists `  [project] › file:1:1 › test` at its end. */
export function findFailures(output: string): string[] {
  const lines = output.replace(ESCAPES, '').split('\n');
  const failures = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    const vitest = /^ FAIL\s+(.+?)\s*$/.exec(line)?.[1];
    // The last word on a test that was tried twice counts.
    if (vitest) failures.set(vitest, reasonIn(lines, index + 1));
    if (/^ {2}\d+ failed$/.test(line)) for (const name of listedAfter(lines, index)) failures.set(name, '');
  }
  return [...failures].map(([name, why]) => (why ? `${name}: ${why}` : name));
}

/** vitest writes `(retry x1)` behind the test, under a line with its file; Playwright lists those that it calls flaky. */
export function findRetried(output: string): string[] {
  const lines = output.replace(ESCAPES, '').split('\n');
  const retried = new Set<string>();
  let file = '';
  for (const [index, line] of lines.entries()) {
    file = /^ \S\s+(?:\S+\s+)?(\S+\.test\.tsx?) \(/.exec(line)?.[1] ?? file;
    const vitest = /^\s+[✓×] (.*?)\s+(?:\d+ms\s*)?\(retry x\d+\)/.exec(line)?.[1];
    if (vitest) retried.add(`${file} > ${vitest}`);
    if (/^ {2}\d+ flaky$/.test(line)) for (const name of listedAfter(lines, index)) retried.add(name);
  }
  return [...retried];
}

function reasonIn(lines: readonly string[], from: number): string {
  const reason = lines.slice(from, from + MOST_REASON_LINES);
  const end = reason.findIndex((line) => line.trim() === '' || /^\s*❯ /.test(line));
  return (end < 0 ? reason : reason.slice(0, end)).map((line) => line.trim()).join(' ');
}

function listedAfter(lines: readonly string[], index: number): string[] {
  const names: string[] = [];
  for (const line of lines.slice(index + 1)) {
    const name = /^ {4}(\S.*?)[\s─]*$/.exec(line)?.[1];
    if (!name) break;
    names.push(name);
  }
  return names;
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
  const retried = stages.flatMap((stage) => stage.retried.map((name) => `  ↻ tried twice: ${name}`));
  return { text: [...lines, ...retried, ...failures, '', `${passed} passed, ${failed} failed`].join('\n'), ok };
}
