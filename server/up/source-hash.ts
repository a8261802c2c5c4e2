/** One hash over the sources of a build, so that nothing is built twice from the same text. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const SKIPPED = /(^|\/)(node_modules|\.next|dist)(\/|$)|\.(int\.)?test\.tsx?$|\.spec\.ts$|\.tsbuildinfo$/;

/** `sources`: files and folders below `root`; one that does not exist counts as empty. */
export function hashSources(root: string, sources: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of sources.flatMap((one) => filesBelow(root, one)).sort()) {
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(path.join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

function filesBelow(root: string, relative: string): string[] {
  if (SKIPPED.test(relative)) return [];
  const stat = statSync(path.join(root, relative), { throwIfNoEntry: false });
  if (!stat) return [];
  if (!stat.isDirectory()) return [relative];
  return readdirSync(path.join(root, relative)).flatMap((name) => filesBelow(root, `${relative}/${name}`));
}
