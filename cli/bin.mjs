#!/usr/bin/env node
// Starts the command line: the bundle in dist/ where it is as new as the sources, else the sources themselves.
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const bundle = path.join(root, 'dist', 'cli.mjs');

const newestBelow = (folder) =>
  Math.max(
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => statSync(path.join(entry.parentPath ?? entry.path, entry.name)).mtimeMs),
  );

const builtAt = statSync(bundle, { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (builtAt >= Math.max(newestBelow(path.join(root, 'cli')), newestBelow(path.join(root, 'contracts')))) {
  await import('../dist/cli.mjs');
} else {
  const { register } = await import('tsx/esm/api').catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    process.stderr.write(
      'The packages are not installed, so no command can run. Install and start everything with: npm run up\n',
    );
    process.exit(1);
  });
  register();
  await import('./main.ts');
}
