/** Keeps book of connections and says which devices came and went. Pure, but for the clock it is given. */
import type { Presence } from '#contracts/presence.ts';

export interface DeviceConnection {
  /** Id of the server, and of the connection there: unique together. */
  server: string;
  id: number;
  publicKey: string;
  address?: string | undefined;
  /** Which run of an agent it is of, where it tells. */
  holder?: string | undefined;
  sinceMs?: number | undefined;
}
/** One of those that are connected by a key. */
export interface KeyHolder {
  holder: string;
  address?: string | undefined;
  /** Since when it is there; that its connection was cut for a while changes nothing. */
  sinceMs: number;
}

/** Whoever comes back within it has been there all the time. */
const AWAY_MS = 600_000;
/** Whoever connects says what it is called, as often as it likes. */
const MOST_HOLDERS = 20_000;

const idOf = ({ server, id }: Pick<DeviceConnection, 'server' | 'id'>) => `${server} ${id}`;
/** With its key, which NATS has tried: by the name alone a copy could have been here before it had the key. */
const heldBy = ({ publicKey, holder }: Pick<DeviceConnection, 'publicKey' | 'holder'>) => `${publicKey} ${holder}`;

export class PresenceBook {
  readonly #now: () => number;
  readonly #deviceOf = new Map<string, string>();
  readonly #presence = new Map<string, Presence>();
  #connections = new Map<string, DeviceConnection>();
  readonly #holders = new Map<string, { sinceMs: number; seenMs: number }>();
  /** Events since a count began: the count may be older than they are. */
  #since: { connection: DeviceConnection; connected: boolean }[] | undefined;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  of(device: string): Presence | undefined {
    return this.#presence.get(device);
  }

  /** How many connections these keys have. */
  connectionsOf(publicKeys: readonly string[]): number {
    return [...this.#connections.values()].filter(({ publicKey }) => publicKeys.includes(publicKey)).length;
  }

  /** Who is connected by this key, whoever was there first first. Agents that do not tell their runs apart are left out. */
  holdersOf(publicKey: string): KeyHolder[] {
    const found = new Map<string, KeyHolder>();
    for (const connection of this.#connections.values()) {
      const { holder, address, publicKey: own, sinceMs = this.#now() } = connection;
      if (own === publicKey && holder)
        found.set(holder, { holder, address, sinceMs: this.#holders.get(heldBy(connection))?.sinceMs ?? sinceMs });
    }
    return [...found.values()].sort((one, other) => one.sinceMs - other.sinceMs);
  }

  /** Whether it is connected by this key, or was until a moment ago: whoever is just being cut comes back. */
  isAbout(publicKey: string, holder: string): boolean {
    const seenMs = this.#holders.get(heldBy({ publicKey, holder }))?.seenMs ?? Number.NEGATIVE_INFINITY;
    return this.#now() - seenMs < AWAY_MS || this.holdersOf(publicKey).some((one) => one.holder === holder);
  }

  #noteHolder(connection: DeviceConnection): void {
    const { holder, sinceMs } = connection;
    if (!holder) return;
    const nowMs = this.#now();
    const known = this.#holders.get(heldBy(connection));
    const isBack = known && nowMs - known.seenMs < AWAY_MS;
    this.#holders.delete(heldBy(connection));
    this.#holders.set(heldBy(connection), { sinceMs: Math.min(isBack ? known.sinceMs : nowMs, sinceMs ?? nowMs), seenMs: nowMs });
    // The first is the one not heard of for the longest time.
    if (this.#holders.size > MOST_HOLDERS) this.#holders.delete(this.#holders.keys().next().value!);
  }

  #forgetHolders(): void {
    for (const connection of this.#connections.values()) this.#noteHolder(connection);
    for (const [holder, { seenMs }] of this.#holders) if (this.#now() - seenMs >= AWAY_MS) this.#holders.delete(holder);
  }

  setDevices(devices: readonly { name: string; publicKey: string }[]): Presence[] {
    this.#deviceOf.clear();
    for (const { name, publicKey } of devices) if (publicKey) this.#deviceOf.set(publicKey, name);
    const names = new Set(devices.map(({ name }) => name));
    for (const name of this.#presence.keys()) if (!names.has(name)) this.#presence.delete(name);
    return this.#settle();
  }

  connected(connection: DeviceConnection): Presence[] {
    this.#since?.push({ connection, connected: true });
    this.#connections.set(idOf(connection), connection);
    this.#noteHolder(connection);
    return this.#settle(this.#deviceOf.get(connection.publicKey));
  }

  disconnected(connection: DeviceConnection): Presence[] {
    this.#since?.push({ connection, connected: false });
    const known = this.#connections.get(idOf(connection));
    if (known) this.#noteHolder(known);
    this.#connections.delete(idOf(connection));
    return this.#settle(this.#deviceOf.get(connection.publicKey));
  }

  /** Call before counting, and hand the result to `replace`. */
  begin(): object {
    this.#since = [];
    return this.#since;
  }

  /** A count of all connections; a count that another one overtook is dropped. */
  replace(connections: readonly DeviceConnection[], begun: object): Presence[] {
    if (begun !== this.#since) return [];
    this.#connections = new Map(connections.map((connection) => [idOf(connection), connection]));
    for (const { connection, connected } of this.#since) {
      if (connected) this.#connections.set(idOf(connection), connection);
      else this.#connections.delete(idOf(connection));
    }
    this.#since = undefined;
    this.#forgetHolders();
    return this.#settle();
  }

  /** Compares connections with what was said before; `only` spares the others. */
  #settle(only?: string): Presence[] {
    const standing = new Map<string, DeviceConnection>();
    for (const connection of this.#connections.values()) {
      const device = this.#deviceOf.get(connection.publicKey);
      if (device !== undefined) standing.set(device, connection);
    }
    const devices = only === undefined ? new Set([...standing.keys(), ...this.#presence.keys()]) : [only];
    const changes: Presence[] = [];
    for (const device of devices) {
      const connection = standing.get(device);
      if ((this.#presence.get(device)?.connected ?? false) === (connection !== undefined)) continue;
      const at = new Date(this.#now()).toISOString();
      const address = connection?.address ? { address: connection.address } : {};
      const presence = { device, connected: connection !== undefined, at, ...address };
      this.#presence.set(device, presence);
      changes.push(presence);
    }
    return changes;
  }
}
