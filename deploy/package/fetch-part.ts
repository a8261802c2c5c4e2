/** Fetches a part from npm's registry, believes it only with its checksum, and keeps it for the next build. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '#server/up/build.ts';
import type { Part } from './parts.ts';

const CACHE = path.join(projectRoot, '.scorewall', 'downloads');

/** Gives the path of the tarball. */
export function fetchPart(part: Part, say: (line: string) => void): string {
  const file = path.join(CACHE, `${part.name.replace('/', '-').replace('@', '')}-${part.version}.tgz`);
  if (existsSync(file) && integrityOf(file) === part.integrity) return file;
  say(`fetches ${part.name} ${part.version}`);
  mkdirSync(CACHE, { recursive: true });
  const work = mkdtempSync(path.join(CACHE, '.work-'));
  try {
    execFileSync('npm', ['pack', '--silent', `${part.name}@${part.version}`], { cwd: work, stdio: ['ignore', 'ignore', 'pipe'] });
    const fetched = path.join(work, readdirSync(work).find((name) => name.endsWith('.tgz')) ?? 'nothing');
    const integrity = integrityOf(fetched);
    if (integrity !== part.integrity)
      throw new Error(
        `${part.name} ${part.version} came with another checksum than the pinned one (${integrity}). It was not used. Ask who changed it.`,
      );
    renameSync(fetched, file);
    return file;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Only `members` of the tarball, or all of it, below `folder`, without npm's `package/`. */
export function unpackPart(tarball: string, folder: string, members: readonly string[] = []): void {
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1', '--no-same-owner', ...members]);
}

const integrityOf = (file: string): string => `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
