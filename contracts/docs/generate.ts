/** Writes docs/protocol.md and the JSON Schemas from the contracts; with --check it only says whether they still agree. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toJsonSchema } from '../issue.ts';
import { protocolDocument } from './protocol-document.ts';
import { DOCUMENTED } from './schemas.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const check = process.argv.includes('--check');

const files = new Map<string, string>([['docs/protocol.md', protocolDocument()]]);
for (const { name, schema } of DOCUMENTED) {
  files.set(`docs/reference/${name}.schema.json`, `${JSON.stringify(toJsonSchema(schema), null, 2)}\n`);
}

const stale: string[] = [];
for (const [file, text] of files) {
  const path = join(root, file);
  const present = await readFile(path, 'utf8').catch(() => '');
  if (present === text) continue;
  stale.push(file);
  if (check) continue;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

if (check && stale.length > 0) {
  console.error(`These files no longer say what the contracts say: ${stale.join(', ')}. Run: npm run docs`);
  process.exit(1);
}
console.log(
  check ? `${files.size} generated documents agree with the contracts.` : `${stale.length} of ${files.size} documents written.`,
);
