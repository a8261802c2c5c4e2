/** Lays out the files of the package in a folder and has dpkg-deb pack them; the same sources give the same bytes. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { projectRoot } from '#server/up/build.ts';
import { controlFile, noticeFile } from './control.ts';
import { fetchPart, unpackPart } from './fetch-part.ts';
import { type Architecture, moduleParts, nodePart } from './parts.ts';

const HERE = import.meta.dirname;
const HOME = 'usr/lib/scorewall-agent';
const EXECUTABLE = new Set([`${HOME}/node`, `${HOME}/launch`, 'usr/bin/scorewall-agent']);
/** What only those need who build or read the modules. */
const NOT_NEEDED = /\.(?:d\.[cm]?ts|map|md|bnf|cc|h|gyp)$/;

export interface DebOptions {
  architecture: Architecture;
  version: string;
  builtAt: Date;
  /** The agent's code, one file. */
  bundle: string;
  outFile: string;
  workFolder: string;
  /** Packed loosely, for a test: seconds instead of a minute, and twice the size. */
  quick: boolean;
  say(line: string): void;
}

export function buildDeb({ architecture, version, builtAt, bundle, outFile, workFolder, quick, say }: DebOptions): void {
  const root = path.join(workFolder, architecture);
  const home = path.join(root, HOME);
  rmSync(root, { recursive: true, force: true });
  cpSync(path.join(HERE, 'root'), root, { recursive: true, verbatimSymlinks: true });

  const node = nodePart(architecture);
  const nodeFolder = path.join(workFolder, `node-${architecture}`);
  unpackPart(fetchPart(node, say), nodeFolder, ['package/bin/node', 'package/LICENSE']);
  copyFileSync(path.join(nodeFolder, 'bin', 'node'), path.join(home, 'node'));
  rmSync(path.join(nodeFolder, 'bin'), { recursive: true });

  const modules = moduleParts(architecture);
  for (const part of modules) unpackPart(fetchPart(part, say), path.join(home, 'node_modules', part.name));
  for (const unneeded of ['sharp/src', 'sharp/install', 'semver/bin'])
    rmSync(path.join(home, 'node_modules', unneeded), { recursive: true, force: true });
  for (const file of filesBelow(home)) if (NOT_NEEDED.test(file)) rmSync(file);

  writeFileSync(path.join(home, 'agent.mjs'), bundle);
  writeFileSync(path.join(home, 'version'), `${version}\n`);
  const doc = path.join(root, 'usr/share/doc/scorewall-agent');
  mkdirSync(doc, { recursive: true });
  copyFileSync(path.join(projectRoot, 'LICENSE'), path.join(doc, 'copyright'));
  copyFileSync(path.join(nodeFolder, 'LICENSE'), path.join(doc, 'LICENSE.node'));
  writeFileSync(path.join(doc, 'NOTICE'), noticeFile([node, ...modules]));

  const control = path.join(root, 'DEBIAN');
  cpSync(path.join(HERE, 'scripts'), control, { recursive: true });
  const installedKb = Math.ceil(filesBelow(root).reduce((sum, file) => sum + lstatSync(file).size, 0) / 1024);
  writeFileSync(path.join(control, 'control'), controlFile({ version, architecture, installedKb }));
  settle(root, builtAt);

  if (!quick) say('packs it, which takes a minute');
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zxz', quick ? '-z0' : '-z9', '--build', root, outFile], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, SOURCE_DATE_EPOCH: String(Math.floor(builtAt.getTime() / 1000)) },
  });
  rmSync(root, { recursive: true });
}

/** Modes and times that depend on nothing but the sources; a folder after what is in it. */
function settle(root: string, at: Date): void {
  const entries = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort().reverse();
  for (const name of [...entries, '.']) {
    const file = path.join(root, name);
    const isFolder = lstatSync(file).isDirectory();
    const executable = isFolder || EXECUTABLE.has(name) || /^DEBIAN\/p(?:re|ost)/.test(name);
    chmodSync(file, executable ? 0o755 : 0o644);
    lutimesSync(file, at, at);
  }
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));

/** Without the line that points at a source map nobody carries. */
export const readBundle = (file: string): string => readFileSync(file, 'utf8').replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n');
