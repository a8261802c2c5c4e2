/**
 * A bucket's newest entries in memory, kept up to date. Invariants:
 * - until the first `resync` resolves the view is empty and nobody may draw conclusions from it;
 * - `resync` reads the whole bucket again and swaps the result in at once, so no lost message stays lost;
 * - a message never replaces a newer one.
 */
import { bucketStream } from '#contracts/buckets.ts';
import { isDeleted } from './bucket.ts';
import { type Following, followStream, type StoredMessage } from './follow-stream.ts';
import type { Store } from './store.ts';

export class BucketView<T> {
  readonly bucket: string;
  readonly #store: Store;
  readonly #decode: (key: string, message: StoredMessage) => T | undefined;
  readonly #onChange: (key: string) => void;
  #contents = new Contents<T>();
  #following: Following | undefined;
  #stopped = false;
  #lastRevision = 0;
  readonly #waiting = new Set<() => void>();

  /** `decode` returns undefined for what this version cannot read: it counts as absent. */
  constructor(
    store: Store,
    bucket: string,
    decode: (key: string, message: StoredMessage) => T | undefined,
    onChange: (key: string) => void,
  ) {
    this.#store = store;
    this.bucket = bucket;
    this.#decode = decode;
    this.#onChange = onChange;
  }

  get entries(): ReadonlyMap<string, T> {
    return this.#contents.entries;
  }

  /** KV revision of deleted keys. */
  get tombstones(): ReadonlyMap<string, number> {
    return this.#contents.tombstones;
  }

  async resync(): Promise<void> {
    const contents = new Contents<T>();
    const prefix = `$KV.${this.bucket}.`;
    let live = false;
    const following = await followStream(
      this.#store,
      bucketStream(this.bucket),
      { filter: `${prefix}>`, include: 'last' },
      (message) => {
        const key = message.subject.slice(prefix.length);
        const changed = contents.apply(key, message, this.#decode);
        if (!live) return;
        this.#note(message.revision);
        if (changed) this.#onChange(key);
      },
    );
    try {
      await following.initial;
    } catch (error) {
      following.stop();
      throw error;
    }
    if (this.#stopped) return following.stop();
    live = true;
    this.#following?.stop();
    this.#following = following;
    this.#contents = contents;
    this.#note(contents.lastRevision);
  }

  /** Resolves when a message of this revision was seen, or after `timeoutMs`: then the caller may plan on older facts. */
  async seen(revision: number, timeoutMs = 2_000): Promise<void> {
    if (this.#lastRevision >= revision) return;
    await new Promise<void>((resolve) => {
      const check = () => {
        if (this.#lastRevision >= revision) done();
      };
      const done = () => {
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      this.#waiting.add(check);
    });
  }

  #note(revision: number): void {
    this.#lastRevision = Math.max(this.#lastRevision, revision);
    for (const check of this.#waiting) check();
  }

  stop(): void {
    this.#stopped = true;
    this.#following?.stop();
  }
}

class Contents<T> {
  readonly entries = new Map<string, T>();
  readonly tombstones = new Map<string, number>();
  lastRevision = 0;
  readonly #revisions = new Map<string, number>();

  apply(key: string, message: StoredMessage, decode: (key: string, message: StoredMessage) => T | undefined): boolean {
    if (message.revision <= (this.#revisions.get(key) ?? 0)) return false;
    this.#revisions.set(key, message.revision);
    this.lastRevision = Math.max(this.lastRevision, message.revision);
    const deleted = isDeleted(message);
    const value = deleted ? undefined : decode(key, message);
    if (deleted) this.tombstones.set(key, message.revision);
    else this.tombstones.delete(key);
    if (value === undefined) this.entries.delete(key);
    else this.entries.set(key, value);
    return true;
  }
}
