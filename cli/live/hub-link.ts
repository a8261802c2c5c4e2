/**
 * This command's live connection through the hub: opened with a key of its own, renewed before its credentials end, opened again
 * when it was lost. Invariant: the next one stands before the old one is closed.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { jwtAuthenticator, type NatsConnection, wsconnect } from '@nats-io/nats-core';
import { createUser } from '@nats-io/nkeys';
import { WebSocket } from 'ws';
import { CliError, EXIT } from '../exit-code.ts';
import type { Hub } from '../hub/client.ts';

export interface Link {
  /** Part of this connection's subjects; the same after a renewal. */
  uid: string;
  connection: NatsConnection;
}

const CONNECT_TIMEOUT_MS = 10_000;
const PING_INTERVAL_MS = 5_000;
const RENEW_FRACTION = 2 / 3;
const RENEW_AGAIN_MS = 10_000;
const LONGEST_PAUSE_MS = 3_000;
/** What is under way on the old connection still arrives. */
const OVERLAP_MS = 2_000;

export class HubLink {
  #hub: Hub;
  /** A hub that was started anew has another token. */
  readonly #findHub: () => Hub;
  readonly #tab = randomBytes(8).toString('hex');
  readonly #listeners = new Set<(link: Link | undefined) => void>();
  readonly #ending = new AbortController();
  #link: Link | undefined;
  #renewal: NodeJS.Timeout | undefined;

  static async open(hub: Hub, findHub: () => Hub = () => hub): Promise<HubLink> {
    const link = new HubLink(hub, findHub);
    await link.#connect();
    return link;
  }

  private constructor(hub: Hub, findHub: () => Hub) {
    this.#hub = hub;
    this.#findHub = findHub;
  }

  get current(): Link | undefined {
    return this.#link;
  }

  /** Called now and with every later link, and with undefined while there is none. Gives back the end of listening. */
  onLink(listener: (link: Link | undefined) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#link);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#ending.abort();
    clearTimeout(this.#renewal);
    const link = this.#link;
    this.#link = undefined;
    await link?.connection.flush().catch(() => {});
    await link?.connection.close();
  }

  async #connect(): Promise<void> {
    const { link, renewInMs } = await openLink(this.#hub, this.#tab);
    if (this.#ending.signal.aborted) return link.connection.close();
    const before = this.#link;
    this.#change(link);
    if (before) setTimeout(() => void before.connection.close(), OVERLAP_MS).unref();
    clearTimeout(this.#renewal);
    this.#renewal = setTimeout(() => this.#renew(), renewInMs).unref();
    void link.connection.closed().then(() => {
      if (this.#link !== link) return;
      this.#change(undefined);
      void this.#comeBack();
    });
  }

  #change(link: Link | undefined): void {
    this.#link = link;
    for (const listener of this.#listeners) listener(link);
  }

  #renew(): void {
    this.#connect().catch(() => {
      this.#renewal = setTimeout(() => this.#renew(), RENEW_AGAIN_MS).unref();
    });
  }

  async #comeBack(): Promise<void> {
    clearTimeout(this.#renewal);
    const { signal } = this.#ending;
    for (let pauseMs = 250; !signal.aborted && !this.#link; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      try {
        this.#hub = this.#findHub();
        await this.#connect();
      } catch {
        // Said by whoever waits for the link; it comes when it comes.
      }
    }
  }
}

async function openLink(hub: Hub, tab: string): Promise<{ link: Link; renewInMs: number }> {
  const { url, token, ca } = hub.connection;
  const key = createUser();
  const credentials = await hub.natsCredentials(key.getPublicKey(), tab);
  const connection = await wsconnect({
    servers: `${url.replace(/^http/, 'ws')}/nats`,
    wsFactory: async (address) => ({
      socket: openSocket(address, token, ca),
      encrypted: address.startsWith('wss:'),
    }),
    authenticator: jwtAuthenticator(credentials.jwt, key.getSeed()),
    inboxPrefix: credentials.inboxPrefix,
    name: 'scorewall command line',
    timeout: CONNECT_TIMEOUT_MS,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: 2,
    // The end of a link starts a new one with new credentials; the client's own reconnecting would only repeat old ones.
    reconnect: false,
    ignoreClusterUpdates: true,
  }).catch((error: unknown) => {
    throw new CliError(
      EXIT.unreachable,
      'The live connection was not opened, although the hub answers.',
      'Devices keep running what they run. Try again in a moment. What is wrong: npx scorewall doctor.',
      error,
    );
  });
  return { link: { uid: credentials.uid, connection }, renewInMs: lifetimeMs(credentials.jwt) * RENEW_FRACTION };
}

/** It does what the client needs of a browser's: only the type knows more. */
function openSocket(address: string, token: string, ca: string | undefined) {
  const socket = new WebSocket(address, {
    headers: { authorization: `Bearer ${token}` },
    handshakeTimeout: CONNECT_TIMEOUT_MS,
    ...(ca ? { ca } : {}),
  });
  return socket as unknown as globalThis.WebSocket;
}

/** From the token itself: the hub's clock may differ from ours, but a length of time is the same on both. */
function lifetimeMs(jwt: string): number {
  const { iat, exp } = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as { iat: number; exp: number };
  return (exp - iat) * 1_000;
}
