/** The one way the hub writes to JetStream: patient over a change of leader, once only, and guarded by revision. */
import {
  JetStreamApiCodes,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
} from '@nats-io/jetstream';
import { headers as makeHeaders, type NatsConnection, nuid } from '@nats-io/nats-core';

export interface Store {
  nc: NatsConnection;
  js: JetStreamClient;
  manager: JetStreamManager;
}

/** Somebody else wrote this key first. */
export class RevisionConflict extends Error {
  override readonly name = 'RevisionConflict';
}

export interface PublishOptions {
  /** Revision the subject must have now; 0: it must not exist. Absent: whatever it has. */
  expectedRevision?: number | undefined;
  /** Sequence of the last message of the whole stream, whatever its subject. */
  expectedLast?: number | undefined;
  headers?: Readonly<Record<string, string>>;
  /** The server forgets the message after this time. */
  ttlSeconds?: number;
  timeoutMs?: number;
  /** 1: give up at the first failure, for writes that come again anyway. */
  attempts?: number;
}

const ATTEMPT_TIMEOUT_MS = 5_000;
/** A change of leader takes 4-7 s; this many attempts wait that long. */
const ATTEMPTS = 8;

export async function openStore(nc: NatsConnection): Promise<Store> {
  return {
    nc,
    js: jetstream(nc, { timeout: ATTEMPT_TIMEOUT_MS }),
    manager: await jetstreamManager(nc, { timeout: ATTEMPT_TIMEOUT_MS }),
  };
}

/** Resolves with the revision of what was written. */
export async function publish(store: Store, subject: string, text: string, options: PublishOptions = {}): Promise<number> {
  const head = makeHeaders();
  for (const [name, value] of Object.entries(options.headers ?? {})) head.set(name, value);
  try {
    const ack = await store.js.publish(subject, text, {
      headers: head,
      // The same id in every attempt, so that one whose answer was lost is not stored twice.
      msgID: nuid.next(),
      timeout: options.timeoutMs ?? ATTEMPT_TIMEOUT_MS,
      retries: options.attempts ?? ATTEMPTS,
      ...(options.ttlSeconds === undefined ? {} : { ttl: `${Math.max(1, Math.ceil(options.ttlSeconds))}s` }),
      ...(options.expectedRevision === undefined ? {} : { expect: { lastSubjectSequence: options.expectedRevision } }),
      ...(options.expectedLast === undefined ? {} : { expect: { lastSequence: options.expectedLast } }),
    });
    return ack.seq;
  } catch (error) {
    if (isWrongRevision(error)) throw new RevisionConflict(`Another revision of ${subject} is stored.`, { cause: error });
    throw error;
  }
}

function isWrongRevision(error: unknown): boolean {
  return (
    error instanceof JetStreamApiError &&
    (error.code === JetStreamApiCodes.StreamWrongLastSequence || error.code === JetStreamApiCodes.StreamWrongLastSequenceUnknown)
  );
}
