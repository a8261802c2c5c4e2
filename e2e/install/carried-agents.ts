/** What a hub carries for its devices: the packages of this checkout, and agents as if they were built later. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PACKAGE_LIST, PackageList } from '#contracts/package-list.ts';

export class CarriedAgents {
  /** For `SCOREWALL_PACKAGES`. */
  readonly folder = mkdtempSync(path.join(tmpdir(), 'scorewall-carried-'));
  readonly #list: PackageList;
  readonly #code: string;

  constructor(packages: string) {
    this.#list = PackageList.parse(JSON.parse(readFileSync(path.join(packages, PACKAGE_LIST), 'utf8')));
    this.#code = readFileSync(path.join(packages, 'agent.mjs'), 'utf8');
    for (const name of readdirSync(packages).filter((one) => one.endsWith('.deb')))
      symlinkSync(path.resolve(packages, name), path.join(this.folder, name));
    this.#write(this.#list.version, this.#code);
  }

  /** From now on; gives its version. `change`: what is new about its code. */
  carry(mark: string, change: (code: string) => string): string {
    const version = `${this.#list.version}.${mark}`;
    this.#write(version, change(this.#code));
    return version;
  }

  #write(version: string, code: string): void {
    const sha256 = createHash('sha256').update(code).digest('hex');
    const agent = { name: 'agent.mjs', sha256, sizeBytes: Buffer.byteLength(code) };
    this.#replace(agent.name, code);
    this.#replace(PACKAGE_LIST, JSON.stringify({ ...this.#list, version, agent }));
  }

  #replace(name: string, text: string): void {
    writeFileSync(path.join(this.folder, `${name}.new`), text);
    renameSync(path.join(this.folder, `${name}.new`), path.join(this.folder, name));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
