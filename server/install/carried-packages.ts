/** The packages this hub carries for its devices, as `npm run package` left them. Read again when they change. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { PACKAGE_LIST, PackageList } from '#contracts/package-list.ts';

export class CarriedPackages {
  readonly #folders: readonly string[];
  #known: { folder: string; changedMs: number; list: PackageList } | undefined;

  /** The first folder that has a list is taken. */
  constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  /** Undefined where the hub carries none. A list that cannot be read is none. */
  async read(): Promise<{ folder: string; list: PackageList } | undefined> {
    for (const folder of this.#folders) {
      const file = path.join(folder, PACKAGE_LIST);
      const changedMs = (await stat(file).catch(() => undefined))?.mtimeMs;
      if (changedMs === undefined) continue;
      if (this.#known?.folder === folder && this.#known.changedMs === changedMs) return this.#known;
      const parsed = PackageList.safeParse(parseJson(await readFile(file, 'utf8').catch(() => '')));
      if (!parsed.success) continue;
      this.#known = { folder, changedMs, list: parsed.data };
      return this.#known;
    }
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
