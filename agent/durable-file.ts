/** Text files that survive a power cut: written aside, flushed, renamed, with a checksum and the copy before as a fallback. */
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

const HEADER = /^# sha256 ([0-9a-f]{64})\n/;
const previousOf = (path: string) => `${path}.previous`;

export async function writeDurably(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const aside = `${path}.new`;
  await flushTo(aside, `# sha256 ${sha256(text)}\n${text}`);
  // Between the two renames only the previous copy exists; `readDurable` falls back to it.
  await rename(path, previousOf(path)).catch(ignoreMissing);
  await rename(aside, path);
  await flushFolder(dirname(path));
}

export interface DurableText {
  text: string;
  /** True: the newest copy is missing or damaged and this is the one before. */
  previous: boolean;
}

/** The newest undamaged copy; undefined where there is none. */
export async function readDurable(path: string): Promise<DurableText | undefined> {
  const newest = await readChecked(path);
  if (newest !== undefined) return { text: newest, previous: false };
  const before = await readChecked(previousOf(path));
  return before === undefined ? undefined : { text: before, previous: true };
}

async function readChecked(path: string): Promise<string | undefined> {
  const content = await readFile(path, 'utf8').catch(() => undefined);
  const header = content === undefined ? null : HEADER.exec(content);
  if (content === undefined || !header) return undefined;
  const text = content.slice(header[0].length);
  return sha256(text) === header[1] ? text : undefined;
}

async function flushTo(path: string, content: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
