/** `npm test`: installs what the tests need, runs all of them, and ends in a summary. One failed stage does not hide the next. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { obtainNatsServer } from '#server/nats/binary.ts';
import { build, projectRoot } from './build.ts';
import { Steps } from './steps.ts';
import { countTests, findFailures, findRetried, type StageResult, summarize } from './test-summary.ts';
import { obtainBrowser, obtainEngine, obtainRegistry, obtainTestPrograms } from './tools.ts';

/** Scripts of package.json, in order of how soon they tell. */
const STAGES = ['verify', 'integration', 'e2e'] as const;

export async function main(args: readonly string[]): Promise<void> {
  const wanted = args.length > 0 ? STAGES.filter((stage) => args.includes(stage)) : STAGES;
  const steps = new Steps((text) => process.stdout.write(text), process.stdout.isTTY);
  await steps.run('nats-server', async (step) => {
    const { version } = await obtainNatsServer({ stateDir: path.join(projectRoot, '.scorewall'), say: step.say });
    step.done(version);
  });
  await steps.run('podman', obtainEngine);
  await steps.run('registry', obtainRegistry);
  await steps.run('programs', obtainTestPrograms);
  await steps.run('browser', (step) => obtainBrowser(projectRoot, step));
  await steps.run('build', build);
  const results: StageResult[] = [];
  for (const stage of wanted) {
    steps.print(`\n── ${stage} ${'─'.repeat(60 - stage.length)}`);
    results.push(await runStage(stage));
  }
  const { text, ok } = summarize(results);
  steps.print(`\n${text}`);
  process.exitCode = ok ? 0 : 1;
}

/** Shows what the stage prints while it runs, and counts its tests from it. */
async function runStage(name: string): Promise<StageResult> {
  const startedAt = performance.now();
  let output = '';
  const child = spawn('npm', ['run', '-s', name], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}) },
  });
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ] as const) {
    from.on('data', (chunk: Buffer) => {
      to.write(chunk);
      output += chunk.toString('utf8');
    });
  }
  const code = await new Promise<number>((resolve) => {
    child.on('error', () => resolve(127));
    child.on('close', (exitCode) => resolve(exitCode ?? 1));
  });
  return {
    name,
    code,
    durationMs: performance.now() - startedAt,
    failures: findFailures(output),
    retried: findRetried(output),
    ...countTests(output),
  };
}
