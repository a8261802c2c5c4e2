/** The project's own release of nats-server, one pinned version with the checksums it was published with. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Say } from './binary.ts';

const run = promisify(execFile);

const VERSION = '2.14.5';
/** SHA-256 of each archive, by `process.platform-process.arch`. */
const ARCHIVES: Record<string, { target: string; sha256: string }> = {
  'linux-x64': { target: 'linux-amd64', sha256: '5e3b603d47c447bda1f77f9ac16dbf91c90aac4ff3681f8fbbc7201e4ed99355' },
  'linux-arm64': { target: 'linux-arm64', sha256: '673a98d3faa79dde3f9ebf16d6dfac36a5f694e7ad2015e4954dd7939c85cd4c' },
  'linux-arm': { target: 'linux-arm7', sha256: 'c8796b63a8603fdebabd63146ac3d3997c29a2829fdd2af6db320f4a287f2e71' },
};
const CONNECT_TIMEOUT_MS = 8_000;
const DOWNLOAD_TIMEOUT_MS = 120_000;

export async function downloadRelease(folder: string, say: Say): Promise<string> {
  const archive = ARCHIVES[`${process.platform}-${process.arch}`];
  if (!archive) throw new Error(`No pinned release of nats-server for ${process.platform} on ${process.arch}.`);
  const name = `nats-server-v${VERSION}-${archive.target}`;
  say(`Downloading nats-server ${VERSION} from its release page on GitHub ...`);
  const bytes = await download(`https://github.com/nats-io/nats-server/releases/download/v${VERSION}/${name}.tar.gz`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== archive.sha256)
    throw new Error(`The archive ${name}.tar.gz from GitHub has the wrong checksum and was thrown away.`);
  const file = join(folder, 'release.tar.gz');
  await writeFile(file, bytes);
  await run('tar', ['-xzf', file, '-C', folder]);
  return join(folder, name, 'nats-server');
}

async function download(url: string): Promise<Buffer> {
  const aborter = new AbortController();
  const slow = setTimeout(() => aborter.abort(), DOWNLOAD_TIMEOUT_MS);
  const silent = setTimeout(() => aborter.abort(), CONNECT_TIMEOUT_MS);
  try {
    const response = await fetch(url, { signal: aborter.signal });
    clearTimeout(silent);
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (cause) {
    const why = aborter.signal.aborted ? 'no answer in time' : innermost(cause);
    throw new Error(`The release of nats-server could not be fetched from GitHub (${why}).`, { cause });
  } finally {
    clearTimeout(slow);
    clearTimeout(silent);
  }
}

/** `fetch` says only "fetch failed"; what failed is in the cause. */
function innermost(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : innermost(error.cause);
}
