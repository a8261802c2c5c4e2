/**
 * Who is connected, from the server's own account of connections: users are known by their key, names are only claimed.
 * Every anchor listens; the leader publishes what changes. Invariants:
 * - a device is connected while at least one of its connections stands;
 * - a full count replaces what events said, so a lost event is wrong for one interval at most.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { deferred, type Msg, type NatsConnection } from '@nats-io/nats-core';
import type { Logger } from 'pino';
import type { Presence } from '#contracts/presence.ts';
import { holderInName } from '#roadchain/holder.ts';
import { onReconnect } from '../kv/on-reconnect.ts';
import { whenAborted } from '../kv/when-aborted.ts';
import { listConnections, readTime } from './list-connections.ts';
import { type KeyHolder, PresenceBook } from './presence-book.ts';

export interface PresenceOptions {
  /** Connection of the system user; absent: presence is off. */
  sys: NatsConnection | undefined;
  /** Public key of the account that devices belong to. */
  account: string;
  log: Logger;
  recountIntervalMs?: number;
}

const RECOUNT_INTERVAL_MS = 60_000;
/** While somebody waits for connections to go. */
const LOOK_AGAIN_MS = 1_000;

interface ConnectionEvent {
  server: { id: string };
  client: { id: number; nkey?: string; user?: string; host?: string; name?: string; start?: string };
}

export class PresenceTracker {
  readonly #options: PresenceOptions;
  readonly #book = new PresenceBook();
  readonly #listeners = new Set<(presence: Presence) => void>();
  readonly #connectListeners = new Set<(publicKey: string) => void>();
  readonly #disconnectListeners = new Set<() => void>();
  #countedAt: string | undefined;
  readonly #firstCount = deferred<void>();

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  /** False: nothing can be said of any device. */
  get known(): boolean {
    return this.#countedAt !== undefined;
  }

  /** Resolves with the first count, or after `timeoutMs`: a wall that is read at once should not call everybody unknown. */
  async firstCount(timeoutMs: number): Promise<void> {
    if (!this.#options.sys || this.known) return;
    const waiting = new AbortController();
    await Promise.race([this.#firstCount, sleep(timeoutMs, undefined, { signal: waiting.signal }).catch(() => {})]);
    waiting.abort();
  }

  /** undefined while nothing is known. */
  of(device: string): Presence | undefined {
    if (this.#countedAt === undefined) return undefined;
    return this.#book.of(device) ?? { device, connected: false, at: this.#countedAt };
  }

  /** Whose key is whose. Call it whenever the registry changes. */
  setDevices(devices: readonly { name: string; publicKey: string }[]): void {
    this.#announce(this.#book.setDevices(devices));
  }

  /** Gives back the end of listening. */
  onChange(listener: (presence: Presence) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Told the key of each new connection. Gives back the end of listening. */
  onConnect(listener: (publicKey: string) => void): () => void {
    this.#connectListeners.add(listener);
    return () => this.#connectListeners.delete(listener);
  }

  /** How many connections these keys have now. */
  connectionsOf(publicKeys: readonly string[]): number {
    return this.#book.connectionsOf(publicKeys);
  }

  /** Who is connected by this key now, whoever was there first first. */
  holdersOf(publicKey: string): KeyHolder[] {
    return this.#book.holdersOf(publicKey);
  }

  isAbout(publicKey: string, holder: string): boolean {
    return this.#book.isAbout(publicKey, holder);
  }

  /** True when none of these keys has a connection any more; false when one still has after `timeoutMs`. */
  async whenGone(publicKeys: readonly string[], timeoutMs: number): Promise<boolean> {
    const gone = deferred<boolean>();
    const look = () => {
      if (this.connectionsOf(publicKeys) === 0) gone.resolve(true);
    };
    const timer = setTimeout(() => gone.resolve(false), timeoutMs);
    this.#disconnectListeners.add(look);
    look();
    // A server that died tells nobody that its connections went with it.
    const counting = setInterval(() => void this.#recountQuietly(), LOOK_AGAIN_MS);
    const result = await gone;
    clearInterval(counting);
    clearTimeout(timer);
    this.#disconnectListeners.delete(look);
    return result;
  }

  /** Until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { sys, account } = this.#options;
    if (!sys) return;
    const note = (connected: boolean) => (error: Error | null, message: Msg) => {
      if (!error) this.#note(message, connected);
    };
    const subscriptions = [
      sys.subscribe(`$SYS.ACCOUNT.${account}.CONNECT`, { callback: note(true) }),
      sys.subscribe(`$SYS.ACCOUNT.${account}.DISCONNECT`, { callback: note(false) }),
    ];
    const recount = () => this.#recountQuietly();
    const timer = setInterval(recount, this.#options.recountIntervalMs ?? RECOUNT_INTERVAL_MS);
    const stopReconnect = onReconnect(sys, recount);
    await recount();
    await whenAborted(signal);
    clearInterval(timer);
    stopReconnect();
    for (const subscription of subscriptions) subscription.unsubscribe();
  }

  #note(message: Msg, connected: boolean): void {
    const { server, client } = message.json<ConnectionEvent>();
    const publicKey = client.nkey ?? client.user;
    if (!publicKey) return;
    const { id, host: address, name, start } = client;
    const connection = { server: server.id, id, publicKey, address, holder: holderInName(name), sinceMs: readTime(start) };
    this.#announce(connected ? this.#book.connected(connection) : this.#book.disconnected(connection));
    if (connected) for (const listener of this.#connectListeners) listener(publicKey);
    else for (const listener of this.#disconnectListeners) listener();
  }

  async #recountQuietly(): Promise<void> {
    const { sys, log } = this.#options;
    if (!sys) return;
    await this.#recount(sys).catch((error: unknown) =>
      log.warn({ err: error }, 'connections could not be counted; trying again'),
    );
  }

  async #recount(sys: NatsConnection): Promise<void> {
    const begun = this.#book.begin();
    const connections = await listConnections(sys, this.#options.account);
    this.#countedAt ??= new Date().toISOString();
    this.#firstCount.resolve();
    this.#announce(this.#book.replace(connections, begun));
    for (const listener of this.#disconnectListeners) listener();
  }

  #announce(changes: readonly Presence[]): void {
    for (const presence of changes) for (const listener of this.#listeners) listener(presence);
  }
}
