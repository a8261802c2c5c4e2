/** Opens the hub's connections to NATS: they wait, they come back, and they never give up on their own. */
import { readFileSync } from 'node:fs';
import { credsAuthenticator, type NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';

export interface ConnectOptions {
  servers: string | string[];
  /** Path of a creds file, read again at each connection, so a renewed file is picked up. */
  credsFile?: string;
  /** Or the text of one, or what makes it: asked at each connection. */
  creds?: string | (() => string);
  /** Shown in the server's monitoring. */
  name: string;
  /** `_INBOX.<own token>`: the permissions allow no other inbox. */
  inboxPrefix: string;
  /** PEM file of the authority that signed the server's certificate. */
  caFile?: string;
  /** `wait` (the default) tries until the server is there; `fail` throws, for a command that a person waits for. */
  firstConnect?: 'wait' | 'fail';
}

export function connectNats(options: ConnectOptions): Promise<NatsConnection> {
  const waits = options.firstConnect !== 'fail';
  return connect({
    servers: options.servers,
    name: options.name,
    inboxPrefix: options.inboxPrefix,
    authenticator: credsAuthenticator(() => readCreds(options)),
    ...(options.caFile ? { tls: { caFile: options.caFile } } : {}),
    waitOnFirstConnect: waits,
    maxReconnectAttempts: -1,
    // Without it the client closes for ever when its JWT expires, although a fresh one is at hand.
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: 250,
    reconnectJitter: 1_000,
    reconnectJitterTLS: 1_000,
    pingInterval: 20_000,
    maxPingOut: 2,
    timeout: 10_000,
  });
}

function readCreds({ creds, credsFile }: ConnectOptions): Uint8Array {
  if (creds !== undefined) return Buffer.from(typeof creds === 'string' ? creds : creds());
  if (credsFile !== undefined) return readFileSync(credsFile);
  throw new TypeError('A connection to NATS needs a creds file or its text.');
}
