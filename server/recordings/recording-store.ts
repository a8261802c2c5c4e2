/**
 * The object store of recordings: written by the leader, read piece by piece as fast as somebody takes it. What is deleted leaves
 * a marker, so that a device that still has it is not asked for it again.
 */
import { createHash } from 'node:crypto';
import { type ObjectStore, Objm } from '@nats-io/obj';
import * as z from 'zod';
import { RECORDINGS } from '#contracts/buckets.ts';
import { Recording } from '#contracts/recording.ts';
import { readStream } from '../kv/follow-stream.ts';
import type { Store } from '../kv/store.ts';
import type { Kept } from './retention.ts';

export interface StoredRecording {
  recording: Recording;
  storedAt: Date;
  /** Names its pieces. */
  nuid: string;
  bytes: number;
  pieces: number;
  digest: string;
}

/** `deleted`: it was here, and nobody wants it back. */
export type Found = { state: 'stored'; stored: StoredRecording } | { state: 'deleted'; device: string };

const STREAM_NAME = `OBJ_${RECORDINGS}`;
const META = `$O.${RECORDINGS}.M.`;
const PIECES = `$O.${RECORDINGS}.C.`;
/** An upload without an end is not one under way any more. */
const ABANDONED_MS = 3_600_000;

/** As the object store's clients of all languages write it. */
const ObjectMeta = z.object({
  nuid: z.string(),
  size: z.number(),
  chunks: z.number(),
  digest: z.string().optional(),
  mtime: z.string(),
  deleted: z.boolean().optional(),
  metadata: z.object({ recording: z.string() }),
});

export class RecordingStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async find(id: string): Promise<Found | undefined> {
    const name = Buffer.from(id).toString('base64url');
    const padded = name.padEnd(Math.ceil(name.length / 4) * 4, '=');
    const message = await this.#store.manager.direct.getMessage(STREAM_NAME, { last_by_subj: META + padded });
    return message ? toFound(message.string()) : undefined;
  }

  async list(): Promise<StoredRecording[]> {
    const messages = await readStream(this.#store, STREAM_NAME, { filter: `${META}>`, include: 'last' });
    return messages.flatMap((message) => {
      const found = toFound(message.text());
      return found?.state === 'stored' ? [found.stored] : [];
    });
  }

  /** Stored whole or not at all: what is shorter or longer than the recording says is thrown away. */
  async put(recording: Recording, content: AsyncIterable<Uint8Array>): Promise<void> {
    const objects = await this.#objects();
    const metadata = { recording: JSON.stringify(recording) };
    await objects.put({ name: recording.id, metadata }, toReadable(ofLength(content, recording.bytes)));
  }

  read({ nuid, pieces, digest }: StoredRecording): ReadableStream<Uint8Array> {
    return toReadable(this.#pieces(nuid, pieces, digest));
  }

  async delete(id: string): Promise<void> {
    await (await this.#objects()).delete(id);
  }

  /** Takes away the pieces of uploads that were broken off. */
  async removeAbandoned(now: Date): Promise<number> {
    const { manager } = this.#store;
    const known = new Set((await this.list()).map(({ nuid }) => nuid));
    const { state } = await manager.streams.info(STREAM_NAME, { subjects_filter: `${PIECES}>` });
    let removed = 0;
    for (const subject of Object.keys(state.subjects ?? {})) {
      if (known.has(subject.slice(PIECES.length))) continue;
      const first = await manager.direct.getMessage(STREAM_NAME, { next_by_subj: subject });
      if (!first || now.getTime() - first.time.getTime() < ABANDONED_MS) continue;
      await manager.streams.purge(STREAM_NAME, { filter: subject });
      removed++;
    }
    return removed;
  }

  #objects(): Promise<ObjectStore> {
    return new Objm(this.#store.js).open(RECORDINGS, false);
  }

  async *#pieces(nuid: string, pieces: number, digest: string): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256');
    let seq = 1;
    for (let index = 0; index < pieces; index++) {
      const piece = await this.#store.manager.direct.getMessage(STREAM_NAME, { seq, next_by_subj: PIECES + nuid });
      if (!piece) throw new Error('A piece of the recording is no longer there.');
      seq = piece.seq + 1;
      hash.update(piece.data);
      yield piece.data;
    }
    const computed = `SHA-256=${hash.digest('base64url')}`;
    if (computed !== digest.replace(/=+$/, '')) throw new Error('The recording is damaged: its digest is another.');
  }
}

export const toKept = ({ recording: { id, device }, storedAt, bytes }: StoredRecording): Kept => ({
  id,
  device,
  storedAt,
  bytes,
});

function toFound(text: string): Found | undefined {
  try {
    const { nuid, size, chunks, digest = '', mtime, deleted, metadata } = ObjectMeta.parse(JSON.parse(text));
    const recording = Recording.parse(JSON.parse(metadata.recording));
    if (deleted) return { state: 'deleted', device: recording.device };
    return { state: 'stored', stored: { recording, storedAt: new Date(mtime), nuid, bytes: size, pieces: chunks, digest } };
  } catch {
    return undefined;
  }
}

async function* ofLength(content: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for await (const piece of content) {
    seen += piece.length;
    if (seen > bytes) break;
    yield piece;
  }
  if (seen !== bytes) throw new RangeError(`A recording of ${bytes} bytes came with ${seen > bytes ? 'more' : seen}.`);
}

function toReadable(content: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await content.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await content.return(undefined);
    },
  });
}
