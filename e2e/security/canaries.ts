/** Secrets with a name, and a look for them in everything that a program wrote: as they are, and as they are written in letters. */
import type { Stats } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JetStreamManager } from '@nats-io/jetstream';
import { userSeed } from '#agent/identity/nkey-text.ts';
import { fromBase64url } from '#roadchain/bytes.ts';
import { keyOf } from '#roadchain/device-state.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { eventually } from '../stack/eventually.ts';

/** Seeds of NATS in letters: whoever holds one can sign with it. `SX` would be a sealing key. */
const ANY_NATS_SEED = /\bS[AOUCNX][A-Z2-7]{56}\b/;

interface Canary {
  what: string;
  forms: readonly Buffer[];
}

export class Canaries {
  readonly #kept: Canary[] = [];

  get names(): string[] {
    return this.#kept.map(({ what }) => what);
  }

  /** A word that somebody types or carries. */
  word(what: string, word: string | undefined): string {
    // A short one would be found by chance, an empty one everywhere.
    if (!word || word.length < 10) throw new RangeError(`${what} is no secret: ${word}`);
    this.#keep(what, [Buffer.from(word), ...asLetters(Buffer.from(word))]);
    return word;
  }

  /** Raw bytes, which came in base64url. */
  bytes(what: string, text: string): void {
    const raw = Buffer.from(fromBase64url(text));
    if (raw.length < 16) throw new RangeError(`${what} is no secret: ${text}`);
    this.#keep(what, [raw, ...asLetters(raw)]);
  }

  /** Seed of an epoch, and what a device makes of it. */
  epochSeed(what: string, seed: string): void {
    this.bytes(what, seed);
    const key = keyOf(nodeCrypto, { seed });
    this.bytes(`${what}, its key`, Buffer.from(key).toString('base64url'));
    this.word(`${what}, as a NATS user`, Buffer.from(userSeed(key)).toString());
  }

  /** Which of them these bytes hold. */
  in(bytes: Buffer): string[] {
    const found = this.#kept.filter(({ forms }) => forms.some((form) => bytes.includes(form))).map(({ what }) => what);
    return ANY_NATS_SEED.test(bytes.toString('latin1')) ? [...found, 'some NATS seed'] : found;
  }

  #keep(what: string, forms: readonly Buffer[]): void {
    this.#kept.push({ what, forms });
  }
}

const asLetters = (bytes: Buffer): Buffer[] =>
  [bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url'), bytes.toString('hex')].map((text) =>
    Buffer.from(text),
  );

/** Everything to look at: a file or what was said, by where it is. */
export class Places {
  readonly #places = new Map<string, Buffer>();

  get names(): string[] {
    return [...this.#places.keys()];
  }

  text(where: string, text: string): void {
    this.#places.set(where, Buffer.from(text));
  }

  /** All files below; `without`: paths in it that are meant to hold a secret. */
  async folder(where: string, folder: string, without: readonly string[] = []): Promise<void> {
    for (const entry of await readdir(folder)) {
      const path = join(folder, entry);
      const name = `${where}/${entry}`;
      if (without.includes(entry)) continue;
      const deeper = without.flatMap((one) => (one.startsWith(`${entry}/`) ? [one.slice(entry.length + 1)] : []));
      const kind = await kindOf(path);
      if (kind?.isDirectory()) await this.folder(name, path, deeper);
      else if (kind?.isFile()) this.#places.set(name, await readFile(path).catch(() => Buffer.alloc(0)));
    }
  }

  /** Every message that is kept, as who has a dump of the storage reads it. */
  async streams(manager: JetStreamManager): Promise<void> {
    for await (const { config, state } of manager.streams.list())
      for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
        const message = await manager.streams.getMessage(config.name, { seq }).catch(() => null);
        if (message)
          this.#places.set(`stream ${config.name} ${seq}`, Buffer.concat([Buffer.from(`${message.subject}\n`), message.data]));
      }
  }

  /** `where: what`, for each secret at each place. */
  hits(canaries: Canaries): string[] {
    return [...new Set([...this.#places].flatMap(([where, bytes]) => canaries.in(bytes).map((what) => `${where}: ${what}`)))];
  }
}

/** Running programs take files away while we look. */
const kindOf = (path: string): Promise<Stats | undefined> => lstat(path).catch(() => undefined);

/** Once the device of this agent's folder is in this epoch: the hub knows of a key a moment before the device has it for good. */
export function seedOf(folder: string, epoch: number): Promise<string> {
  return eventually(`the device is in epoch ${epoch}`, async () => {
    const newest = await newestOf(folder);
    return newest.epoch === epoch && newest.seed;
  });
}

async function newestOf(folder: string): Promise<{ epoch: number; seed: string }> {
  const slots = await Promise.all(['a', 'b'].map((slot) => readFile(join(folder, 'state', 'identity', slot), 'utf8')));
  const states = slots.map((text) => JSON.parse(text.slice(text.indexOf('\n'))) as { chain?: { epoch: number; seed: string } });
  const newest = states.flatMap(({ chain }) => (chain ? [chain] : [])).sort((one, other) => other.epoch - one.epoch)[0];
  if (!newest) throw new Error('The device has no chain.');
  return newest;
}

/** Everything a page can keep in the browser. Runs in the page. */
export async function storageOfPage(): Promise<string> {
  const databases = await Promise.all(
    (await indexedDB.databases()).map(
      ({ name }) =>
        new Promise<unknown>((resolve, reject) => {
          const opening = indexedDB.open(name!);
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const stores = [...opening.result.objectStoreNames];
            if (stores.length === 0) return resolve([name]);
            const reading = opening.result.transaction(stores);
            const all = stores.map((store) => reading.objectStore(store).getAll());
            reading.oncomplete = () => resolve([name, ...all.map(({ result }) => result)]);
          };
        }),
    ),
  );
  return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, databases]);
}
