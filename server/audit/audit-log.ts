/**
 * The record of who did what: one chain for all anchors, in the stream AUDIT. Invariants:
 * - a line is stored only right behind the one it names as its predecessor, so that two anchors cannot fork the chain;
 * - what this process has seen at the end of the record stays there: a shorter one is not intact;
 * - so does what an anchor signed as its end, in this life or an earlier one.
 */
import type { AuditLine } from '#contracts/api-identity.ts';
import { STREAM } from '#contracts/buckets.ts';
import type { AuditHead } from '#roadchain/checkpoint.ts';
import { publish, RevisionConflict, type Store } from '../kv/store.ts';
import { digestOf, follows, readLine, type StoredLine } from './chain.ts';

export type NewLine = Omit<AuditLine, 'seq' | 'prev'>;

export interface AuditWindow {
  lines: AuditLine[];
  /** Whether the chain holds over what was looked at. */
  intact: boolean;
}

const MOST_ATTEMPTS = 50;
const BATCH = 500;
const SILENT = 'Storage does not give the record back.';

export class AuditLog {
  readonly #store: Store;
  /** The end of the record as far as this process knows it; seq 0: there is nothing yet. */
  #head: StoredLine | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  /** The furthest end that an anchor signed. */
  #signed: AuditHead | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  /** One after the other: each line carries the digest of the one before. */
  append(line: NewLine, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    const mine = this.#queue.then(() => this.#append(line, headers));
    this.#queue = mine.catch(() => {});
    return mine;
  }

  async #append(line: NewLine, headers: Readonly<Record<string, string>>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const head = this.#head ?? (await this.#readHead());
      const text = JSON.stringify({ ...line, ...(head.seq > 0 ? { prev: digestOf(head.text) } : {}) });
      try {
        const seq = await publish(this.#store, `audit.${line.action}`, text, { expectedLast: head.seq, headers });
        this.#head = { seq, text };
        return;
      } catch (error) {
        if (!(error instanceof RevisionConflict) || attempt === MOST_ATTEMPTS) throw error;
        this.#head = await this.#readHead();
        // It was stored, and only the answer was lost.
        if (this.#head.text === text) return;
      }
    }
  }

  async #readHead(): Promise<StoredLine> {
    const { state } = await this.#store.manager.streams.info(STREAM.audit);
    if (state.messages === 0) return { seq: state.last_seq, text: '' };
    const message = await this.#store.manager.streams.getMessage(STREAM.audit, { seq: state.last_seq });
    if (!message) throw new Error(SILENT);
    return { seq: message.seq, text: message.string() };
  }

  /** An anchor signed that the record ended there. */
  expect(head: AuditHead): void {
    if (head.seq > (this.#signed?.seq ?? 0)) this.#signed = head;
  }

  /** What is to be signed now: the end, or where that does not follow from what was signed before, that again. */
  async nextHead(): Promise<AuditHead | undefined> {
    if (!(await this.#holdsSigned())) return this.#signed;
    const { seq, text } = this.#head ?? (await this.#readHead());
    if (seq > (this.#signed?.seq ?? 0)) this.#signed = { seq, sha256: digestOf(text) };
    return this.#signed;
  }

  async #holdsSigned(): Promise<boolean> {
    if (!this.#signed) return true;
    const { seq, sha256 } = this.#signed;
    if ((await this.bounds()).last < seq) return false;
    const [line] = await this.#stored(seq, seq);
    return line?.seq === seq && digestOf(line.text) === sha256;
  }

  /** First and last number that are there. */
  async bounds(): Promise<{ first: number; last: number }> {
    const { first_seq: first, last_seq: last } = (await this.#store.manager.streams.info(STREAM.audit)).state;
    return { first, last };
  }

  /** Lines `from` to `to`, both included, oldest first; what cannot be read as a line breaks the chain and is left out. */
  async read(from: number, to: number): Promise<AuditWindow> {
    const stored = await this.#stored(Math.max(1, from - 1), to);
    const before = stored[0]?.seq === from - 1 ? stored.shift() : undefined;
    const whole = stored.length === to - from + 1 && (this.#head?.seq ?? 0) <= (await this.bounds()).last;
    const intact =
      whole && (await this.#holdsSigned()) && stored.every((one, index) => follows(stored[index - 1] ?? before, one));
    return { lines: stored.flatMap((one) => readLine(one) ?? []), intact };
  }

  async #stored(from: number, to: number): Promise<StoredLine[]> {
    const stored: StoredLine[] = [];
    for (let next = from; next <= to; ) {
      const batch = await this.#store.manager.direct.getBatch(STREAM.audit, {
        seq: next,
        batch: Math.min(BATCH, to - next + 1),
        next_by_subj: 'audit.>',
      });
      const before = next;
      for await (const message of batch) {
        if (message.seq > to) continue;
        stored.push({ seq: message.seq, text: message.string() });
        next = message.seq + 1;
      }
      if (next === before) break;
    }
    return stored;
  }
}
