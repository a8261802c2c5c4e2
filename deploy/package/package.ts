/** `npm run package`: the agent as a Debian package for each architecture, in dist/packages, where the hub offers them from. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { PACKAGE_LIST, type PackageList } from '#contracts/package-list.ts';
import { build, bundleFile, PROJECT_VERSION, projectRoot } from '#server/up/build.ts';
import { Steps } from '#server/up/steps.ts';
import { buildDeb, readBundle } from './build-deb.ts';
import { packageVersion } from './control.ts';
import { ARCHITECTURES } from './parts.ts';

const { values } = parseArgs({
  options: {
    arch: { type: 'string', multiple: true },
    out: { type: 'string' },
    version: { type: 'string' },
    quick: { type: 'boolean' },
  },
});
const architectures = ARCHITECTURES.filter((one) => values.arch?.includes(one) ?? true);
const out = path.resolve(values.out ?? path.join(projectRoot, 'dist', 'packages'));
const builtAt = lastCommitAt();
const version = values.version ?? packageVersion(PROJECT_VERSION, builtAt);
const steps = new Steps((text) => process.stdout.write(text), process.stdout.isTTY);

await steps.run('build', (step) => build(step, { pages: false }));
mkdirSync(out, { recursive: true });
const bundle = readBundle(bundleFile('agent'));
const work = mkdtempSync(path.join(tmpdir(), 'scorewall-package-'));
const list: PackageList = { version, builtAt: builtAt.toISOString(), files: {} };
try {
  for (const architecture of architectures) {
    await steps.run(architecture, async (step) => {
      const name = `scorewall-agent_${architecture}.deb`;
      const outFile = path.join(work, name);
      buildDeb({
        architecture,
        version,
        builtAt,
        bundle,
        outFile,
        workFolder: work,
        quick: values.quick ?? false,
        say: step.say,
      });
      move(outFile, path.join(out, name));
      const facts = factsOf(path.join(out, name));
      list.files[architecture] = { name, ...facts };
      step.done(`${name}, ${(facts.sizeBytes / 1e6).toFixed(1)} MB`);
    });
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
const agentFile = path.join(out, 'agent.mjs');
writeFileSync(agentFile, bundle);
list.agent = { name: 'agent.mjs', ...factsOf(agentFile) };
writeFileSync(path.join(out, `${PACKAGE_LIST}.new`), `${JSON.stringify(list, null, 2)}\n`);
renameSync(path.join(out, `${PACKAGE_LIST}.new`), path.join(out, PACKAGE_LIST));
steps.print(`scorewall-agent ${version} is in ${out}`);

function factsOf(file: string): { sha256: string; sizeBytes: number } {
  return { sha256: createHash('sha256').update(readFileSync(file)).digest('hex'), sizeBytes: statSync(file).size };
}

/** Another file system may lie between the two. */
function move(from: string, to: string): void {
  writeFileSync(`${to}.new`, readFileSync(from));
  renameSync(`${to}.new`, to);
}

/** Not the time of the build: the same sources give the same package. */
function lastCommitAt(): Date {
  try {
    const seconds = execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: projectRoot, encoding: 'utf8', stdio: 'pipe' });
    return new Date(Number(seconds) * 1000);
  } catch {
    return statSync(path.join(projectRoot, 'package.json')).mtime;
  }
}
