/** Reads the newest value of a KV key by JetStream's direct get: one request, no consumer, nothing but the inbox to listen on. */
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { DesiredIndex } from '#contracts/desired-index.ts';
import { isName } from '#contracts/name.ts';
import { subjects } from '#contracts/subjects.ts';
import type { IndexReading, KeyReading, Version } from './desired-state.ts';

const TIMEOUT_MS = 5_000;
const NOT_FOUND = 404;

export async function readKey(connection: NatsConnection, device: string, name: string): Promise<KeyReading> {
  const got = await directGet(connection, subjects.getDesired(device, name));
  if (got.kind !== 'value') return got;
  return isDeleteMarker(got.message)
    ? { kind: 'deleted', version: got.version }
    : { kind: 'value', version: got.version, text: got.message.string() };
}

export async function readIndex(connection: NatsConnection, device: string): Promise<IndexReading> {
  const got = await directGet(connection, subjects.getDesiredIndex(device));
  if (got.kind !== 'value') return got;
  // A deleted index says as little as one that was never written.
  return isDeleteMarker(got.message) ? { kind: 'absent' } : parseIndex(got.message.string(), device, got.version);
}

export function parseIndex(text: string, device: string, version: Version): IndexReading {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return { kind: 'invalid', why: 'it is not JSON' };
  }
  const index = DesiredIndex.safeParse(raw);
  if (!index.success) return { kind: 'invalid', why: index.error.issues[0]?.message ?? 'it has the wrong shape' };
  if (index.data.device !== device) return { kind: 'invalid', why: `it is the list of ${index.data.device}` };
  return { kind: 'valid', version, names: Object.keys(index.data.keys).filter(isName) };
}

type Got = { kind: 'value'; message: Msg; version: Version } | { kind: 'absent' } | { kind: 'unknown'; why: string };

async function directGet(connection: NatsConnection, subject: string): Promise<Got> {
  let message: Msg;
  try {
    message = await connection.request(subject, undefined, { timeout: TIMEOUT_MS });
  } catch (error) {
    return { kind: 'unknown', why: (error as Error).message };
  }
  const code = message.headers?.code ?? 0;
  if (code === NOT_FOUND) return { kind: 'absent' };
  if (code !== 0) return { kind: 'unknown', why: message.headers?.description ?? `status ${code}` };
  const version = {
    revision: Number(message.headers?.get('Nats-Sequence')),
    storedAtMs: Date.parse(message.headers?.get('Nats-Time-Stamp') ?? ''),
  };
  if (!(version.revision > 0) || Number.isNaN(version.storedAtMs)) return { kind: 'unknown', why: 'the answer has no version' };
  return { kind: 'value', message, version };
}

/** Written by a KV client (`KV-Operation`) or by the server itself when a message's time was up (`Nats-Marker-Reason`). */
function isDeleteMarker({ headers }: Msg): boolean {
  const operation = headers?.get('KV-Operation');
  return operation === 'DEL' || operation === 'PURGE' || headers?.has('Nats-Marker-Reason') === true;
}
