// First step of `npm run up` and `npm test`: plain JavaScript for a machine that has Node and git and nothing else yet.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = [20, 9];
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const [mode, ...rest] = process.argv.slice(2);

try {
  checkNode();
  if (packagesAreMissing()) await installPackages();
  // From here on TypeScript runs, in this same process, so that Ctrl-C has one address.
  const { register } = await import('tsx/esm/api');
  register();
  if (mode === 'test') await (await import('./test.ts')).main(rest);
  else await (await import('../up.ts')).main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error?.expected ? error.message : (error?.stack ?? error)}\n`);
  process.exit(1);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw expected(
    `This is Node ${process.versions.node}; Scorewall needs ${OLDEST_NODE.join('.')} or newer. Nothing was changed. Install Node 24 and run this again.`,
  );
}

/** Compares what is installed with the lock file, package by package: a changed date alone is no reason to install again. */
function packagesAreMissing() {
  const wanted = readJson('package-lock.json');
  const installed = readJson('node_modules/.package-lock.json');
  if (!installed) return true;
  return Object.entries(wanted.packages).some(
    ([name, one]) => name !== '' && !one.optional && !one.link && installed.packages[name]?.version !== one.version,
  );
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function installPackages() {
  const startedAt = Date.now();
  process.stdout.write('… packages       npm ci, about half a minute the first time\n');
  // npm tells where it is when it started us; on Windows `npm` itself cannot be spawned without a shell.
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const [command, ...before] = npm;
  const output = [];
  const code = await new Promise((resolve) => {
    const child = spawn(command, [...before, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.on('error', (error) => resolve(error.code ?? 1));
    child.on('close', resolve);
  });
  if (code !== 0) {
    throw expected(
      `${Buffer.concat(output).toString().trim().split('\n').slice(0, 12).join('\n')}\n\nnpm ci failed (${code}), so Scorewall cannot start. Check the network and run this again.`,
    );
  }
  process.stdout.write(`✓ packages       installed  ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
}

function expected(message) {
  return Object.assign(new Error(message), { expected: true });
}
