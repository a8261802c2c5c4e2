/**
 * The anchor's own copy of the ledger: one line an entry, appended and fsynced before anybody hears of the entry. Invariants: a line
 * that a power cut tore is dropped when the file is opened; what was there is never written again.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile, truncate } from 'node:fs/promises';

export interface FiledEntry {
  dev: string;
  /** The entry's exact text. */
  text: string;
  /** It did not verify when it was filed. */
  flawed?: boolean | undefined;
}

export class LedgerFile {
  readonly #handle: FileHandle;
  readonly #known: Set<string>;
  /** One after the other: lines must not mingle. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(handle: FileHandle, known: Set<string>) {
    this.#handle = handle;
    this.#known = known;
  }

  static async open(path: string): Promise<{ file: LedgerFile; entries: FiledEntry[] }> {
    const { entries, whole, length } = await read(path);
    if (whole < length) await truncate(path, whole);
    const handle = await open(path, 'a', 0o600);
    return { file: new LedgerFile(handle, new Set(entries.map(({ text }) => digestOf(text)))), entries };
  }

  /** Resolves when it is on disk. An entry that is there already stays as it is. */
  append(entry: FiledEntry): Promise<void> {
    const mine = this.#last.then(async () => {
      const digest = digestOf(entry.text);
      if (this.#known.has(digest)) return;
      const { dev, text, flawed } = entry;
      await this.#handle.appendFile(`${JSON.stringify({ dev, text, ...(flawed ? { flawed } : {}) })}\n`);
      await this.#handle.datasync();
      this.#known.add(digest);
    });
    this.#last = mine.catch(() => {});
    return mine;
  }

  async close(): Promise<void> {
    await this.#last;
    await this.#handle.close();
  }
}

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** Digests of what this anchor filed and had verified: whoever could change its file has its key too. */
export async function verifiedIn(path: string): Promise<Set<string>> {
  const { entries } = await read(path);
  return new Set(entries.flatMap(({ text, flawed }) => (flawed ? [] : [digestOf(text)])));
}

async function read(path: string): Promise<{ entries: FiledEntry[]; whole: number; length: number }> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  const whole = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.subarray(0, whole).toString().split('\n');
  return { entries: lines.flatMap((line) => readLine(line) ?? []), whole, length: bytes.length };
}

function readLine(line: string): FiledEntry | undefined {
  try {
    const { dev, text, flawed } = JSON.parse(line) as FiledEntry;
    return typeof dev === 'string' && typeof text === 'string' ? { dev, text, flawed } : undefined;
  } catch {
    return undefined;
  }
}
