/** `npm run bench [-- NAME...] [--json FILE]`: measures Scorewall beside what it is compared with, and says what holds. */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { stopAllStacks } from '#e2e/stack/stack.ts';
import type { Bench } from './bench.ts';
import { deploy } from './deploy.ts';
import { fleet } from './fleet.ts';
import { footprint } from './footprint.ts';
import { identity } from './identity.ts';
import { logs } from './logs.ts';
import type { Figure } from './measure.ts';
import { peeks } from './peeks.ts';
import { peeksAgent } from './peeks-agent.ts';
import { recovery } from './recovery.ts';
import { repair } from './repair.ts';
import { formatTable } from './report.ts';
import { terminal } from './terminal.ts';
import { wall } from './wall.ts';

const BENCHES: readonly Bench[] = [deploy, repair, recovery, footprint, fleet, terminal, wall, logs, peeks, peeksAgent, identity];

const HELP = `Usage: npm run bench [-- NAME...] [--json FILE]

${BENCHES.map(({ name, title }) => `  ${name.padEnd(12)} ${title}`).join('\n')}

Without a name all of them, one after the other. Times are p50 / p95. Ends with 1 where something that must hold does not.
`;

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void stopAllStacks().finally(() => process.exit(130)));

// Children and sockets of a bench that broke must not keep this process.
process.exit(await main(process.argv.slice(2)));

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  const unknown = positionals.filter((name) => !BENCHES.some((bench) => bench.name === name));
  if (values.help || unknown.length > 0) {
    process.stdout.write(unknown.length > 0 ? `There is no bench ${unknown.join(', ')}.\n\n${HELP}` : HELP);
    return unknown.length > 0 ? 64 : 0;
  }
  const chosen = positionals.length > 0 ? BENCHES.filter(({ name }) => positionals.includes(name)) : BENCHES;
  const results: Record<string, readonly Figure[]> = {};
  const broken: string[] = [];
  for (const { name, title, run } of chosen) {
    process.stdout.write(`\n${name}: ${title}\n`);
    try {
      const figures = await run((line) => process.stdout.write(`  … ${line}\n`));
      results[name] = figures;
      process.stdout.write(`${formatTable(figures)}\n`);
    } catch (error) {
      broken.push(name);
      process.stdout.write(`  FAIL  ${(error as Error).stack}\n`);
    }
  }
  if (values.json) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);
  const missed = Object.entries(results).flatMap(([name, figures]) =>
    figures.filter(({ must }) => must && !must.held).map(({ what, must }) => `${name}: ${what} (${must?.text})`),
  );
  const verdict = [...missed, ...broken.map((name) => `${name} could not be measured`)];
  process.stdout.write(verdict.length === 0 ? '\nPASS\n' : `\nFAIL\n${verdict.map((line) => `  ${line}`).join('\n')}\n`);
  return verdict.length === 0 ? 0 : 1;
}
