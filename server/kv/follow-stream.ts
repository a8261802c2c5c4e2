/** Reads a stream through an ordered consumer: everything that is there, then, if wanted, everything that comes. */
import { DeliverPolicy, type JsMsg, type PushConsumer } from '@nats-io/jetstream';
import { deferred } from '@nats-io/nats-core';
import type { Store } from './store.ts';

export interface StoredMessage {
  subject: string;
  /** Sequence in the stream: the revision of a KV entry. */
  revision: number;
  storedAt: Date;
  text(): string;
  header(name: string): string | undefined;
}

export interface StreamSelection {
  /** Subject filter. */
  filter: string;
  /** `last`: the newest message of each subject. `all`: every message. A moment: everything since. */
  include: 'last' | 'all' | Date;
}

export interface Following {
  /** Everything that was there at the beginning has been delivered. An empty stream is known to be empty at once. */
  initial: Promise<void>;
  /** The consumer ended by itself: follow again. */
  ended: Promise<void>;
  stop(): void;
}

/** Storage does not answer: nothing can be said, and nothing may be concluded. */
export class StorageSilent extends Error {
  override readonly name = 'StorageSilent';
}

const SNAPSHOT_DEADLINE_MS = 20_000;

export async function followStream(
  store: Store,
  stream: string,
  { filter, include }: StreamSelection,
  onMessage: (message: StoredMessage) => void,
): Promise<Following> {
  const consumer = await store.js.consumers.getPushConsumer(stream, {
    filter_subjects: filter,
    ...beginningOf(include),
  });
  // The count comes with the consumer itself: no message at all would otherwise look like a slow beginning.
  const { num_pending: pending } = await consumer.info(true);
  const initial = deferred<void>();
  const deadline = setTimeout(() => initial.reject(new StorageSilent(`Reading ${stream} took too long.`)), SNAPSHOT_DEADLINE_MS);
  initial.catch(() => {}).finally(() => clearTimeout(deadline));
  if (pending === 0) initial.resolve();
  const messages = await consumer.consume({
    callback: (message) => {
      onMessage(toStoredMessage(message));
      if (message.info.pending === 0) initial.resolve();
    },
  });
  const ended = messages
    .closed()
    .then((error) => initial.reject(error ?? new StorageSilent(`Reading ${stream} was interrupted.`)));
  return {
    initial,
    ended,
    stop: () => {
      messages.stop();
      discard(consumer);
    },
  };
}

function beginningOf(include: StreamSelection['include']) {
  if (include instanceof Date) return { deliver_policy: DeliverPolicy.StartTime, opt_start_time: include.toISOString() };
  return { deliver_policy: include === 'last' ? DeliverPolicy.LastPerSubject : DeliverPolicy.All };
}

/** Everything of a selection at this moment. */
export async function readStream(store: Store, stream: string, selection: StreamSelection): Promise<StoredMessage[]> {
  const messages: StoredMessage[] = [];
  const following = await followStream(store, stream, selection, (message) => messages.push(message));
  try {
    await following.initial;
    return messages;
  } finally {
    following.stop();
  }
}

/** The server would forget it by itself, minutes later. */
function discard(consumer: PushConsumer): void {
  consumer.delete().catch(() => {});
}

function toStoredMessage(message: JsMsg): StoredMessage {
  return {
    subject: message.subject,
    revision: message.seq,
    storedAt: new Date(message.info.timestampNanos / 1e6),
    text: () => message.string(),
    header: (name) => message.headers?.get(name) || undefined,
  };
}
