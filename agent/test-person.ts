/** A person of a role on a real NATS server, as a browser tab would be: its own key, a minted user, requests under its own id. */
import { randomBytes } from 'node:crypto';
import { jwtAuthenticator, type NatsConnection, nkeys } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { type RpcVerb, subjects } from '#contracts/subjects.ts';
import { mintPerson } from '#server/nats/mint.ts';
import type { TestNats } from '#server/nats/test-server.ts';

export interface TestPerson {
  uid: string;
  connection: NatsConnection;
  ask<T extends { ok: boolean }>(device: string, verb: RpcVerb, body: unknown): Promise<T>;
}

export async function connectTestPerson(nats: TestNats, name: string, kind: 'viewer' | 'operator'): Promise<TestPerson> {
  const key = nkeys.createUser();
  const uid = `${name}_${randomBytes(12).toString('hex')}`;
  const { jwt, inboxPrefix } = mintPerson(nats.keys, { kind, uid }, { publicKey: key.getPublicKey(), ttlMs: 600_000 });
  const authenticator = jwtAuthenticator(jwt, key.getSeed());
  const forEver = { maxReconnectAttempts: -1, ignoreAuthErrorAbort: true };
  const connection = await connect({ servers: nats.url, inboxPrefix, authenticator, ...forEver });
  return {
    uid,
    connection,
    ask: async (device, verb, body) =>
      (await connection.request(subjects.rpc(device, verb, uid), JSON.stringify(body), { timeout: 30_000 })).json(),
  };
}
