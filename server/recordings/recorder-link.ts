/**
 * The hub's own way to devices, beside its storage: a connection in their account that may ask for recordings and nothing else.
 * Its user is made when it is needed and renewed before it ends.
 */

import { randomBytes } from 'node:crypto';
import type { NatsConnection } from '@nats-io/nats-core';
import type * as z from 'zod';
import {
  RECORDING_PART_BYTES,
  type Recording,
  RecordingListAnswer,
  RecordingReadAnswer,
  type RecordingRequest,
} from '#contracts/recording.ts';
import { singleReply } from '#contracts/reply.ts';

import { StreamRefusal } from '#contracts/stream/session.ts';
import { DoneAnswer } from '#contracts/stream/terminal.ts';
import { subjects } from '#contracts/subjects.ts';
import { connectNats } from '#server/nats/connect.ts';
import type { MintingKeys } from '#server/nats/fleet-keys.ts';
import { formatCreds } from '#server/nats/jwt.ts';
import { mintPerson } from '#server/nats/mint.ts';
import { createNkey } from '#server/nats/nkey.ts';

export interface RecorderLinkOptions {
  servers: string[];
  caFile?: string | undefined;
  minting: MintingKeys;
  lifeMs?: number;
}

interface Link {
  uid: string;
  connection: NatsConnection;
  renewAtMs: number;
}

const LIFE_MS = 60 * 60_000;
const ANSWER_TIMEOUT_MS = 10_000;

export class RecorderLink {
  readonly #options: RecorderLinkOptions;
  #link: Link | undefined;

  constructor(options: RecorderLinkOptions) {
    this.#options = options;
  }

  async list(device: string): Promise<Recording[]> {
    return (await this.#ask(device, { op: 'list' }, RecordingListAnswer)).recordings;
  }

  /** Part after part, from the first byte. */
  async *read(device: string, id: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (let offset = 0; ; ) {
      signal.throwIfAborted();
      const { data, end } = await this.#ask(device, { op: 'read', id, offset }, RecordingReadAnswer);
      const part = Buffer.from(data, 'base64');
      if (part.length > RECORDING_PART_BYTES || (part.length === 0 && !end))
        throw new RangeError(`${device} sent a part of ${part.length} bytes.`);
      if (part.length > 0) yield part;
      if (end) return;
      offset += part.length;
    }
  }

  async delete(device: string, id: string): Promise<void> {
    await this.#ask(device, { op: 'delete', id }, DoneAnswer);
  }

  async close(): Promise<void> {
    const link = this.#link;
    this.#link = undefined;
    await link?.connection.close();
  }

  async #ask<T extends z.ZodType<{ ok: boolean }>>(
    device: string,
    request: RecordingRequest,
    schema: T,
  ): Promise<Extract<z.output<T>, { ok: true }>> {
    const { uid, connection } = await this.#connected();
    const reply = await connection.request(
      subjects.rpc(device, 'recording', uid),
      JSON.stringify(request),
      singleReply(uid, ANSWER_TIMEOUT_MS),
    );
    const answer = schema.parse(reply.json());
    if (!answer.ok) {
      const { code, message } = answer as unknown as StreamRefusal;
      throw new StreamRefusal(code, message);
    }
    return answer as Extract<z.output<T>, { ok: true }>;
  }

  async #connected(): Promise<Link> {
    if (this.#link && Date.now() < this.#link.renewAtMs && !this.#link.connection.isClosed()) return this.#link;
    await this.close();
    const { servers, caFile, minting, lifeMs = LIFE_MS } = this.#options;
    const uid = `recorder_${randomBytes(12).toString('hex')}`;
    const key = createNkey('user');
    const { jwt, inboxPrefix } = mintPerson(minting, { kind: 'recorder', uid }, { publicKey: key.publicKey, ttlMs: lifeMs });
    const connection = await connectNats({
      servers,
      creds: formatCreds(jwt, key.seed),
      name: 'scorewall recorder',
      inboxPrefix,
      firstConnect: 'fail',
      ...(caFile ? { caFile } : {}),
    });
    this.#link = { uid, connection, renewAtMs: Date.now() + (lifeMs * 2) / 3 };
    return this.#link;
  }
}
