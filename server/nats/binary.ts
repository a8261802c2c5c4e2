/** Finds a nats-server that is new enough, or obtains one for this user alone. It says what it does. */
import { execFile } from 'node:child_process';
import { access, constants, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { downloadPackage } from './binary-package.ts';
import { downloadRelease } from './binary-release.ts';

const run = promisify(execFile);

/** Direct get, subject transforms on sources and the full resolver as they are used here. */
export const OLDEST_VERSION = '2.12.0';

export type Say = (line: string) => void;
export interface NatsBinary {
  path: string;
  version: string;
}
/** One way to get the program: puts an executable `nats-server` into the folder and returns its path, or throws why not. */
type Download = (folder: string, say: Say) => Promise<string>;

const DOWNLOADS: Download[] = [downloadRelease, downloadPackage];

export async function obtainNatsServer({ stateDir, say }: { stateDir: string; say: Say }): Promise<NatsBinary> {
  const folder = join(stateDir, 'bin');
  const kept = join(folder, 'nats-server');
  const found = await findNewEnough([kept, ...onPath('nats-server')], say);
  if (found) return found;

  await mkdir(folder, { recursive: true, mode: 0o700 });
  const reasons: string[] = [];
  for (const download of DOWNLOADS) {
    const workshop = await mkdtemp(join(folder, 'obtain-'));
    try {
      const fresh = await download(workshop, say);
      const version = await versionOf(fresh);
      if (!version || !isNewEnough(version)) throw new Error(`What came is version ${version ?? 'unknown'}.`);
      // A rename, so that a second start at the same moment never sees half a file.
      await rename(fresh, kept);
      say(`nats-server ${version} is in ${kept}.`);
      return { path: kept, version };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      say(reason);
      reasons.push(reason);
    } finally {
      await rm(workshop, { recursive: true, force: true });
    }
  }
  throw new Error(
    `There is no nats-server ${OLDEST_VERSION} or newer here, and none could be fetched. Nothing can start without it. ` +
      `Install nats-server so that it is on the PATH, then start again.\n  ${reasons.join('\n  ')}`,
  );
}

async function findNewEnough(paths: string[], say: Say): Promise<NatsBinary | undefined> {
  for (const path of paths) {
    const version = await versionOf(path);
    if (!version) continue;
    if (isNewEnough(version)) return { path, version };
    say(`${path} is version ${version}; at least ${OLDEST_VERSION} is needed.`);
  }
  return undefined;
}

/** Distributions put it into `sbin`, which is not on the PATH of every user. */
const onPath = (program: string): string[] =>
  [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), '/usr/local/sbin', '/usr/sbin'].map((folder) =>
    join(folder, program),
  );

async function versionOf(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.X_OK);
    const { stdout } = await run(path, ['--version'], { timeout: 10_000 });
    return /v(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

export function isNewEnough(version: string): boolean {
  const oldest = OLDEST_VERSION.split('.').map(Number);
  const actual = version.split('.').map(Number);
  const first = oldest.findIndex((part, index) => part !== actual[index]);
  return first < 0 || (actual[first] ?? 0) > oldest[first]!;
}
