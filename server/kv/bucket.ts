/** A KV bucket whose values are of one schema: typed reads, and writes that name the revision they replace. */
import type * as z from 'zod';
import { bucketStream } from '#contracts/buckets.ts';
import { readStream, type StoredMessage } from './follow-stream.ts';
import { type PublishOptions, publish, type Store } from './store.ts';

export interface Entry<T> {
  key: string;
  revision: number;
  storedAt: Date;
  value: T;
}

const OPERATION = 'KV-Operation';
const MARKER_REASON = 'Nats-Marker-Reason';

export class Bucket<T> {
  readonly name: string;
  readonly #store: Store;
  readonly #schema: z.ZodType<T>;

  constructor(store: Store, name: string, schema: z.ZodType<T>) {
    this.#store = store;
    this.name = name;
    this.#schema = schema;
  }

  /** undefined: no such key, or a value that this version cannot read. */
  async get(key: string): Promise<Entry<T> | undefined> {
    const message = await this.raw(key);
    return message && this.decode(message);
  }

  /** The newest message of a key, a marker of its deletion included. */
  async raw(key: string): Promise<StoredMessage | undefined> {
    const message = await this.#store.manager.direct.getMessage(bucketStream(this.name), { last_by_subj: this.subject(key) });
    if (!message) return undefined;
    const { subject, seq: revision, time: storedAt, header } = message;
    return { subject, revision, storedAt, text: () => message.string(), header: (name) => header.get(name) || undefined };
  }

  /** Everything in the bucket at this moment, or below `keys` (`a.*`). */
  async list(keys = '>'): Promise<Entry<T>[]> {
    const messages = await readStream(this.#store, bucketStream(this.name), { filter: this.subject(keys), include: 'last' });
    return messages.flatMap((message) => this.decode(message) ?? []);
  }

  /** Every kept revision of a key, oldest first, markers of deletion included. */
  history(key: string): Promise<StoredMessage[]> {
    return readStream(this.#store, bucketStream(this.name), { filter: this.subject(key), include: 'all' });
  }

  decode(message: StoredMessage): Entry<T> | undefined {
    if (isDeleted(message)) return undefined;
    const value = parseJson(message.text());
    if (!this.#schema.safeParse(value).success) return undefined;
    // The value itself, not zod's copy: a copy would change the order of keys, and devices compare exact text.
    return { key: this.keyOf(message), revision: message.revision, storedAt: message.storedAt, value: value as T };
  }

  /** Throws RevisionConflict when `expectedRevision` is not the newest; 0 creates. */
  put(key: string, value: T, options: PublishOptions = {}): Promise<number> {
    return publish(this.#store, this.subject(key), JSON.stringify(value), options);
  }

  /** Creates a key, also over the marker of a deleted one; throws RevisionConflict when there is one already. */
  async create(key: string, value: T, options: PublishOptions = {}): Promise<number> {
    const last = await this.raw(key);
    const expectedRevision = last && isDeleted(last) ? last.revision : 0;
    return this.put(key, value, { ...options, expectedRevision });
  }

  delete(key: string, options: PublishOptions = {}): Promise<number> {
    return publish(this.#store, this.subject(key), '', { ...options, headers: { ...options.headers, [OPERATION]: 'DEL' } });
  }

  subject(key: string): string {
    return `$KV.${this.name}.${key}`;
  }

  keyOf({ subject }: Pick<StoredMessage, 'subject'>): string {
    return subject.slice(`$KV.${this.name}.`.length);
  }
}

export const isDeleted = (message: Pick<StoredMessage, 'header'>): boolean =>
  message.header(MARKER_REASON) !== undefined || ['DEL', 'PURGE'].includes(message.header(OPERATION) ?? '');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
