/**
 * The ledger: every entry of every chain in one order, in the stream ROADCHAIN. Every anchor follows it and may append; the leader also
 * keeps it in a file and gives back from there what the stream lost. Invariants:
 * - an entry is sealed for the one place it takes: of two that are appended at once the second is made anew;
 * - what is told here is what the stream holds, in its order; what does not verify keeps its place and changes no chain.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import { deferred } from '@nats-io/nats-core';
import type { Logger } from 'pino';
import { STREAM } from '#contracts/buckets.ts';
import { encode } from '#roadchain/canonical.ts';
import { checkSealed, checkVerdict, type Flaw, readBody } from '#roadchain/chain.ts';
import { type DeviceView, extendView, headPoint } from '#roadchain/device-view.ts';
import { LedgerEntry } from '#roadchain/link.ts';
import { leafOfText, MerkleTree } from '#roadchain/merkle.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { followStream, readStream } from '../kv/follow-stream.ts';
import { onReconnect } from '../kv/on-reconnect.ts';
import type { Store } from '../kv/store.ts';
import { whenAborted } from '../kv/when-aborted.ts';
import type { AnchorKey } from './anchor-key.ts';
import { digestOf, type FiledEntry, LedgerFile, verifiedIn } from './ledger-file.ts';

export interface Appended {
  place: number;
  entry: LedgerEntry;
}

const PREFIX = 'roadchain.';
const ALL = 'roadchain.*';
const RETRY_MS = 500;
const CATCH_UP_MS = 5_000;
const MOST_ATTEMPTS = 20;
const PUBLISH = { timeout: 5_000, retries: 8 };

export class Ledger {
  readonly #store: Store;
  readonly #anchor: AnchorKey;
  readonly #log: Logger;
  readonly #path: string;
  readonly #listeners = new Set<(entry: { dev: string; entry: LedgerEntry } | undefined) => void>();
  readonly #read = deferred<void>();
  #views = new Map<string, DeviceView>();
  /** Over every entry, by place. */
  #tree = new MerkleTree(nodeCrypto.sha256);
  #file: LedgerFile | undefined;
  /** Digests of entries whose signatures this anchor checked in an earlier life; empty once everything was read. */
  #checked = new Set<string>();
  /** Digests of what does not verify. */
  readonly #flawed = new Set<string>();
  #appending: Promise<unknown> = Promise.resolve();
  #followAgain: () => void = () => {};

  constructor({ store, anchor, log, path }: { store: Store; anchor: AnchorKey; log: Logger; path: string }) {
    this.#path = path;
    this.#store = store;
    this.#anchor = anchor;
    this.#log = log;
  }

  /** Resolves when everything was read once; before that nobody may conclude anything from it. */
  get whenRead(): Promise<void> {
    return this.#read;
  }

  get tree(): Pick<MerkleTree, 'size' | 'root' | 'inclusion' | 'consistency'> {
    return this.#tree;
  }

  /** undefined: it has no chain. */
  viewOf(dev: string): DeviceView | undefined {
    return this.#views.get(dev);
  }

  views(): DeviceView[] {
    return [...this.#views.values()];
  }

  /** Told each new entry that counts, or nothing where all that was known is void. Gives back the end of listening. */
  onEntry(listener: (entry: { dev: string; entry: LedgerEntry } | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The entries of a device that count, as they are stored, oldest first. */
  async entriesOf(dev: string): Promise<{ seq: number; entry: LedgerEntry }[]> {
    const messages = await readStream(this.#store, STREAM.roadchain, { filter: `${PREFIX}${dev}`, include: 'all' });
    return messages.flatMap((message) => {
      const text = message.text();
      const entry = this.#flawed.has(digestOf(text)) ? undefined : readEntry(text);
      return entry ? [{ seq: message.revision - 1, entry }] : [];
    });
  }

  /** `make` sees the chain as it is when the entry takes its place; what it throws refuses. Resolves when the entry is on disk. */
  append(dev: string, make: (view: DeviceView | undefined, place: number) => LedgerEntry): Promise<Appended> {
    const mine = this.#appending.then(() => this.#append(dev, make));
    this.#appending = mine.catch(() => {});
    return mine;
  }

  /** Until `signal` aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    const stopReconnect = onReconnect(this.#store.nc, () => this.#followAgain());
    // What cannot be read is checked again.
    this.#checked = await verifiedIn(this.#path).catch(() => new Set<string>());
    while (!signal.aborted) {
      try {
        await this.#followOnce(signal);
      } catch (error) {
        if (!signal.aborted) this.#log.warn({ err: error }, 'the ledger cannot be read; trying again');
        await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
      }
    }
    stopReconnect();
    await this.#appending;
  }

  /** Keeps the copy while this anchor leads, and first gives back what the stream lost. */
  async lead(signal: AbortSignal): Promise<void> {
    const aborted = whenAborted(signal);
    await Promise.race([this.whenRead, aborted]);
    if (signal.aborted) return;
    const { file, entries } = await LedgerFile.open(this.#path);
    try {
      const stored = await this.#heal(entries);
      for (const { dev, text } of stored) await file.append(this.#toFiled(dev, text));
      this.#file = file;
      await aborted;
    } finally {
      this.#file = undefined;
      await file.close();
    }
  }

  async #append(dev: string, make: (view: DeviceView | undefined, place: number) => LedgerEntry): Promise<Appended> {
    await this.whenRead;
    for (let attempt = 1; ; attempt++) {
      const place = this.#tree.size;
      const entry = make(this.#views.get(dev), place);
      const text = encode(entry);
      try {
        await this.#publish(dev, text, place);
        this.#take(place + 1, dev, text);
        await this.#file?.append(this.#toFiled(dev, text));
        return { place, entry };
      } catch (error) {
        if (!isTaken(error) || attempt === MOST_ATTEMPTS) throw error;
        await this.#catchUp(place);
      }
    }
  }

  async #publish(dev: string, text: string, place: number): Promise<void> {
    const msgID = Buffer.from(leafOf(text)).toString('base64url');
    await this.#store.js.publish(`${PREFIX}${dev}`, text, { ...PUBLISH, msgID, expect: { lastSequence: place } });
  }

  /** Another anchor was faster, or the stream is not what it was. */
  async #catchUp(place: number): Promise<void> {
    const until = Date.now() + CATCH_UP_MS;
    while (this.#tree.size === place && Date.now() < until) await sleep(10);
    if (this.#tree.size === place) this.#followAgain();
  }

  async #followOnce(signal: AbortSignal): Promise<void> {
    const { state } = await this.#store.manager.streams.info(STREAM.roadchain);
    if (state.last_seq < this.#tree.size) this.#forget(state.last_seq);
    const again = new Promise<void>((resolve) => {
      this.#followAgain = resolve;
      void whenAborted(signal).then(resolve);
    });
    const following = await followStream(this.#store, STREAM.roadchain, { filter: ALL, include: 'all' }, (message) =>
      this.#take(message.revision, message.subject.slice(PREFIX.length), message.text()),
    );
    try {
      await following.initial;
      this.#checked.clear();
      this.#read.resolve();
      await Promise.race([following.ended, again]);
    } finally {
      following.stop();
    }
  }

  #forget(last: number): void {
    this.#log.error(
      { entries: this.#tree.size, left: last },
      'the ledger on NATS lost entries; identities are proved from what is left until the leader gives them back',
    );
    this.#views = new Map();
    this.#tree = new MerkleTree(nodeCrypto.sha256);
    for (const listener of this.#listeners) listener(undefined);
  }

  #take(revision: number, dev: string, text: string): void {
    if (revision !== this.#tree.size + 1) return;
    this.#tree.append(leafOf(text));
    const entry = readEntry(text);
    const flaw = entry ? this.#flawOf(dev, entry, text) : 'malformed';
    if (flaw) {
      this.#flawed.add(digestOf(text));
      this.#log.error({ device: dev, place: revision - 1, flaw }, 'an entry of the ledger does not verify and is not believed');
    }
    void this.#file
      ?.append(this.#toFiled(dev, text))
      .catch((error: unknown) => this.#log.error({ err: error }, 'the copy of the ledger cannot be written'));
    if (!entry || flaw) return;
    const view = extendView(nodeCrypto, this.#views.get(dev), entry);
    if (view) this.#views.set(dev, view);
    for (const listener of this.#listeners) listener({ dev, entry });
  }

  #toFiled(dev: string, text: string): FiledEntry {
    return { dev, text, flawed: this.#flawed.has(digestOf(text)) };
  }

  #flawOf(dev: string, entry: LedgerEntry, text: string): Flaw | undefined {
    const { publicKey, fleet } = this.#anchor;
    const view = this.#views.get(dev);
    const of = { fleet, dev };
    // Its signatures are known; only its place is looked at.
    if (this.#checked.has(digestOf(text)))
      return entry.kind === 'link' && readBody(entry.link).prev !== (view ? headPoint(view).head : '') ? 'prev' : undefined;
    const checked =
      entry.kind === 'link'
        ? checkSealed(nodeCrypto, publicKey, view && headPoint(view), entry.link, of)
        : checkVerdict(nodeCrypto, publicKey, entry, of);
    return checked.ok ? undefined : checked.flaw;
  }

  /** Appends what only the file knows, in its order. Resolves with everything the stream holds then. */
  async #heal(filed: readonly FiledEntry[]): Promise<FiledEntry[]> {
    const read = async () =>
      (await readStream(this.#store, STREAM.roadchain, { filter: ALL, include: 'all' })).map((message) => ({
        dev: message.subject.slice(PREFIX.length),
        text: message.text(),
      }));
    const stored = await read();
    const known = new Set(stored.map(({ text }) => text));
    const lost = filed.filter(({ text }) => !known.has(text));
    if (lost.length === 0) return stored;
    this.#log.error(
      { entries: lost.length },
      'the ledger on NATS lost entries; they are given back from the copy of this anchor',
    );
    // Nobody appends in between: a place that was taken would be taken twice.
    const given = this.#appending.then(async () => {
      for (const [index, { dev, text }] of lost.entries()) {
        await this.#publish(dev, text, stored.length + index);
        this.#take(stored.length + index + 1, dev, text);
      }
    });
    this.#appending = given.catch(() => {});
    await given;
    return [...stored, ...lost];
  }
}

const isTaken = (error: unknown): boolean =>
  error instanceof JetStreamApiError &&
  (error.code === JetStreamApiCodes.StreamWrongLastSequence || error.code === JetStreamApiCodes.StreamWrongLastSequenceUnknown);

const leafOf = (text: string) => leafOfText(nodeCrypto.sha256, text);

function readEntry(text: string): LedgerEntry | undefined {
  try {
    return LedgerEntry.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
