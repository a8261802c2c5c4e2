/** Builds what `up` runs: the pages by Next, and one bundle each for anchor, web, agent and command line. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions as BundleOptions, build as bundle } from 'esbuild';
import { claimFile, releaseFile } from './exclusive-file.ts';
import { lastLines, runCommand } from './run-command.ts';
import { SetupError } from './setup-error.ts';
import { hashSources } from './source-hash.ts';
import { type Step, Steps } from './steps.ts';
import { waitUntil } from './wait-until.ts';

export const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
export const PROJECT_VERSION = (JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as { version: string })
  .version;

const BUNDLES = {
  anchor: 'server/anchor.ts',
  web: 'server/web.ts',
  agent: 'agent/main.ts',
  cli: 'cli/main.ts',
} as const;
export const bundleFile = (name: keyof typeof BUNDLES): string => path.join(projectRoot, 'dist', `${name}.mjs`);
/** What `node` is given to run an agent: a small space for new objects keeps some 8 MB of a device's memory free. */
export const agentArgs = (): string[] => ['--max-semi-space-size=2', bundleFile('agent')];

const COMMON_SOURCES = ['package.json', 'package-lock.json', 'contracts', 'roadchain', 'tsconfig.base.json'];
const BUNDLE_SOURCES = [...COMMON_SOURCES, 'server', 'agent', 'cli'];
const PAGE_SOURCES = [...COMMON_SOURCES, 'app', 'components', 'public', 'next.config.ts', 'postcss.config.json'];

/** Native code, and Next with its own way of finding files, cannot be put into a bundle. */
const EXTERNAL = ['next', 'react', 'react-dom', '@node-rs/argon2', '@lydell/node-pty', 'esbuild', 'sharp', 'tsx'];
/** Packages in CommonJS call `require`, which an ES module does not have by itself. */
const BANNER =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** How each program becomes one file. */
export const BUNDLING = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  // Names stay, for the traces in a log; the source itself is held in memory for as long as a program runs.
  minifyWhitespace: true,
  minifySyntax: true,
  external: EXTERNAL,
  banner: { js: BANNER },
  logLevel: 'silent',
} satisfies BundleOptions;

const stampFile = path.join(projectRoot, 'dist', 'build.json');
const lockFile = path.join(projectRoot, 'dist', 'build.lock');
interface Stamp {
  bundles: string;
  pages: string;
}

interface BuildOptions {
  /** False: the programs alone, for what opens no page. */
  pages?: boolean;
}

/** Two builds of one checkout would overwrite each other's files: the second waits, and then finds everything done. */
export async function build(step: Step, { pages = true }: BuildOptions = {}): Promise<void> {
  mkdirSync(path.dirname(stampFile), { recursive: true });
  const patience = { timeoutMs: 600_000, everyMs: 500 };
  if (!(await waitUntil(() => claimFile(lockFile, 'build') === undefined, patience))) {
    throw new SetupError(`Another build of this checkout has been at work for ten minutes. End it, or remove ${lockFile}.`);
  }
  try {
    const before = readStamp();
    const now: Stamp = { bundles: hashSources(projectRoot, BUNDLE_SOURCES), pages: hashSources(projectRoot, PAGE_SOURCES) };
    const stale = {
      bundles:
        now.bundles !== before.bundles ||
        !Object.keys(BUNDLES).every((name) => existsSync(bundleFile(name as keyof typeof BUNDLES))),
      pages: pages && (now.pages !== before.pages || !existsSync(path.join(projectRoot, '.next', 'BUILD_ID'))),
    };
    if (stale.bundles) await buildBundles(step);
    if (stale.pages) await buildPages(step);
    if (stale.bundles || stale.pages) writeStamp({ ...now, ...(pages ? {} : { pages: before.pages ?? '' }) });
    step.done(
      stale.bundles || stale.pages
        ? `built ${[stale.pages && 'pages', stale.bundles && 'programs'].filter(Boolean).join(' and ')}`
        : 'up to date',
    );
  } finally {
    releaseFile(lockFile);
  }
}

async function buildBundles(step: Step): Promise<void> {
  step.say('bundles anchor, web, agent and command line');
  await bundle({
    entryPoints: Object.fromEntries(Object.entries(BUNDLES).map(([name, file]) => [name, path.join(projectRoot, file)])),
    outdir: path.join(projectRoot, 'dist'),
    outExtension: { '.js': '.mjs' },
    sourcemap: 'linked',
    ...BUNDLING,
  });
}

async function buildPages(step: Step): Promise<void> {
  step.say('builds the pages, about half a minute the first time');
  const { code, output } = await runCommand(process.execPath, ['node_modules/next/dist/bin/next', 'build'], {
    cwd: projectRoot,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    bound: true,
  });
  if (code !== 0)
    throw new SetupError(`The pages could not be built.\n${lastLines(output, 20)}\nThe hub does not start without them.`);
}

const writeStamp = (stamp: Stamp) => writeFileSync(stampFile, `${JSON.stringify(stamp)}\n`);

function readStamp(): Partial<Stamp> {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8')) as Partial<Stamp>;
  } catch {
    return {};
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const steps = new Steps((text) => process.stdout.write(text), process.stdout.isTTY);
  await steps.run('build', build);
}
