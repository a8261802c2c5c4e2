/** One connection of this browser to NATS, from a fresh key to its end. The key is made here and never leaves the memory. */
import { jwtAuthenticator, type Msg, type NatsConnection, wsconnect } from '@nats-io/nats-core';
import { createUser } from '@nats-io/nkeys';
import type { NatsCredentials } from '#contracts/api.ts';
import { subjects } from '#contracts/subjects.ts';
import { api } from './api-client.ts';
import type { WallMessage } from './wall-message.ts';

export interface WallLink {
  uid: string;
  /** It watches only: with a proof the next one would drive. */
  proofNeeded: boolean;
  connection: NatsConnection;
  /** Milliseconds from now after which another link should take over. */
  renewInMs: number;
  /** Resolves when the connection has ended for whatever reason. */
  closed: Promise<void>;
  close(): void;
}

/** The API answered and NATS did not. */
export class BusSilentError extends Error {
  override readonly name = 'BusSilentError';
}

const CONNECT_TIMEOUT_MS = 8_000;
const PING_INTERVAL_MS = 10_000;
/** Names this page to the hub, so that its connection id survives the renewal of its credentials. */
const TAB = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const RENEW_FRACTION = 2 / 3;

const { wall } = subjects;
const HEARD_OF_DEVICES = [wall.status, wall.presence, wall.event, wall.device];
const HEARD_OF_DEPLOYMENTS = [wall.deployment, wall.deploymentStatus];
const HEARD = [...HEARD_OF_DEVICES, ...HEARD_OF_DEPLOYMENTS, wall.layout];

/** Resolves once every subscription stands at the server: what is read afterwards misses nothing. */
export async function openWallLink(
  /** Absent for a guest, who is told nothing about the wall. */
  hear: ((message: WallMessage) => void) | undefined,
  signal: AbortSignal,
): Promise<WallLink> {
  const key = createUser();
  const credentials = await api.natsCredentials(key.getPublicKey(), TAB, signal);
  const { protocol, host } = window.location;
  const connection = await wsconnect({
    servers: `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/nats`,
    authenticator: jwtAuthenticator(credentials.jwt, key.getSeed()),
    inboxPrefix: credentials.inboxPrefix,
    name: 'wall',
    timeout: CONNECT_TIMEOUT_MS,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: 2,
    // The end of a link starts a new one with new credentials; the client's own reconnecting would only repeat old ones.
    reconnect: false,
    ignoreClusterUpdates: true,
  }).catch((cause: unknown) => {
    throw new BusSilentError('The live connection was not opened.', { cause });
  });
  for (const subject of hear ? heardBy(credentials.hears) : [])
    connection.subscribe(subject, { callback: (error, message) => (error ? undefined : hear?.(toWallMessage(message))) });
  await connection.flush();
  return {
    uid: credentials.uid,
    proofNeeded: credentials.proofNeeded ?? false,
    connection,
    renewInMs: lifetimeMs(credentials.jwt) * RENEW_FRACTION,
    closed: connection.closed().then(() => undefined),
    close: () => void connection.close(),
  };
}

/** Whose rights end at some devices names each of them: a wildcard would be refused as a whole. */
function heardBy(hears: NatsCredentials['hears']): readonly string[] {
  if (!hears) return HEARD;
  const of = (subject: string) => (name: string) => subject.replace('*', name);
  return [
    ...HEARD_OF_DEVICES.flatMap((subject) => hears.devices.map(of(subject))),
    ...HEARD_OF_DEPLOYMENTS.flatMap((subject) => hears.deployments.map(of(subject))),
  ];
}

function toWallMessage(message: Msg): WallMessage {
  const { headers } = message;
  const sequence = headers?.get('Nats-Sequence');
  return {
    subject: message.subject,
    text: message.string(),
    sequence: sequence ? Number(sequence) : undefined,
    deleted: Boolean(headers?.get('KV-Operation') || headers?.get('Nats-Marker-Reason')),
  };
}

/** From the token itself: the hub's clock may differ from ours, but a length of time is the same on both. */
function lifetimeMs(jwt: string): number {
  const payload = JSON.parse(atob(jwt.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/'))) as { iat: number; exp: number };
  return (payload.exp - payload.iat) * 1_000;
}
