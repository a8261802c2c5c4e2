/** nats-server from the distribution's newest suite: apt with a private list and cache, unpacked with dpkg. No root, no installation. */
import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newestSuiteSources, readAptSources, readDistribution } from './apt-sources.ts';
import type { Say } from './binary.ts';

const run = promisify(execFile);
const TIMEOUT_MS = 180_000;

export async function downloadPackage(folder: string, say: Say): Promise<string> {
  const distribution = await readDistribution();
  const sources = newestSuiteSources(await readAptSources(), distribution);
  if (sources.length === 0) throw new Error('This machine has no apt sources of Debian or Ubuntu to take nats-server from.');
  const reasons: string[] = [];
  for (const source of sources) {
    say(`Taking nats-server from ${source.uri}, suite ${source.suite}, into a folder of its own ...`);
    try {
      return await unpackFrom(source.line, folder);
    } catch (error) {
      reasons.push(lastLine(error));
    }
  }
  throw new Error(`apt could not get nats-server: ${reasons.join(' / ')}`);
}

async function unpackFrom(line: string, folder: string): Promise<string> {
  const list = join(folder, 'sources.list');
  await Promise.all(
    ['state', 'lists/partial', 'cache/archives/partial'].map((name) => mkdir(join(folder, name), { recursive: true })),
  );
  await writeFile(list, `${line}\n`);
  // dpkg's own status file would let apt weigh installed versions; an empty one keeps this apart from the machine.
  await writeFile(join(folder, 'status'), '');
  const options = [
    `Dir::Etc::sourcelist=${list}`,
    'Dir::Etc::sourceparts=-',
    'Dir::Etc::preferences=-',
    'Dir::Etc::preferencesparts=-',
    `Dir::State=${join(folder, 'state')}`,
    `Dir::State::lists=${join(folder, 'lists')}`,
    `Dir::State::status=${join(folder, 'status')}`,
    `Dir::Cache=${join(folder, 'cache')}`,
    'Acquire::Languages=none',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false',
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
  const apt = (...command: string[]) => run('apt-get', [...options, ...command], { cwd: folder, timeout: TIMEOUT_MS });
  await apt('--error-on=any', 'update');
  await apt('download', 'nats-server');
  const archive = (await readdir(folder)).find((name) => name.endsWith('.deb'));
  if (!archive) throw new Error('apt downloaded nothing');
  await run('dpkg', ['-x', join(folder, archive), join(folder, 'package')], { timeout: TIMEOUT_MS });
  return join(folder, 'package/usr/sbin/nats-server');
}

function lastLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  return (stderr || message || String(error)).trim().split('\n').at(-1) ?? '';
}
