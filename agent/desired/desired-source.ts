/**
 * Follows this device's desired state over NATS: disk first, then everything at each connect and every 30 s, and single keys
 * when a message hints at them. Messages carry no truth, they only say where to look again.
 */
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { isName } from '#contracts/name.ts';
import { subjects } from '#contracts/subjects.ts';
import type { Logger } from '../log.ts';
import type { LinkUser } from '../nats-link.ts';
import {
  applyKey,
  applySync,
  type DesiredState,
  type IndexReading,
  type KeyReading,
  knownNames,
  NOTHING_KNOWN,
} from './desired-state.ts';
import type { DesiredStore } from './desired-store.ts';
import { readIndex, readKey } from './direct-get.ts';
import { Wakeup } from './wakeup.ts';

const PARALLEL_READS = 32;
const FIRST_RETRY_MS = 250;
/** More hints than this at once: reading everything is cheaper and bounded. */
const MAX_HINTS = 1_000;

export interface DesiredSourceOptions {
  device: string;
  store: DesiredStore;
  resyncIntervalMs: number;
  log: Logger;
  onState(state: DesiredState): void;
  /** What is wrong with the list of deployments, in words; undefined when it is fine again. */
  onTrouble(message: string | undefined): void;
}

interface Looked {
  readings: ReadonlyMap<string, KeyReading>;
  /** False where something is not as it should be and worth another try soon. */
  settled: boolean;
}

export class DesiredSource implements LinkUser {
  #options: DesiredSourceOptions;
  #log: Logger;
  #state = NOTHING_KNOWN;
  #connection: NatsConnection | undefined;
  #subscription: Subscription | undefined;
  #syncAtMs = 0;
  /** Name -> revision the message spoke of; a follower that is behind may still answer with an older one. */
  #hints = new Map<string, number>();
  #wakeup = new Wakeup();
  #retryMs = FIRST_RETRY_MS;

  constructor(options: DesiredSourceOptions) {
    this.#options = options;
    this.#log = options.log;
  }

  attach(connection: NatsConnection): void {
    this.#connection = connection;
    // Each time anew: the connection may be another one, and the one before still be leaving.
    this.#subscription?.unsubscribe();
    this.#subscribe(connection);
    this.#retryMs = FIRST_RETRY_MS;
    this.#syncAtMs = 0;
    this.#wakeup.wake();
  }

  detach(): void {
    this.#connection = undefined;
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
  }

  /** Until `signal` aborts; the saved state is applied before the first message. */
  async run(signal: AbortSignal): Promise<void> {
    this.#take((await this.#options.store.load()) ?? NOTHING_KNOWN, { save: false });
    while (!signal.aborted) {
      const patienceMs = this.#connection ? this.#syncAtMs - performance.now() : this.#options.resyncIntervalMs;
      await this.#wakeup.wait(Math.max(0, patienceMs), signal);
      if (this.#connection && !signal.aborted) await this.#look(this.#connection);
    }
    await this.#options.store.settled();
  }

  /** Hints never wait for a sync that is tried again. */
  async #look(connection: NatsConnection): Promise<void> {
    const { resyncIntervalMs } = this.#options;
    const isDue = performance.now() >= this.#syncAtMs || this.#hints.size > MAX_HINTS;
    if (!isDue && this.#hints.size === 0) return;
    const hints = this.#hints;
    this.#hints = new Map();
    // A reconnect while this one is under way asks for another: `attach` sets it to the past.
    if (isDue) this.#syncAtMs = Number.POSITIVE_INFINITY;
    const { readings, settled } = isDue ? await this.#sync(connection, hints) : await this.#readHinted(connection, hints);

    const behind = [...hints].filter(([name, revision]) => !reaches(readings.get(name), revision, isDue));
    for (const [name, revision] of behind) this.#noteHint(name, revision);
    const succeeded = settled && behind.length === 0;
    this.#retryMs = succeeded ? FIRST_RETRY_MS : Math.min(this.#retryMs * 2, resyncIntervalMs);
    const waitMs = succeeded ? resyncIntervalMs : this.#retryMs * (0.5 + Math.random() / 2);
    this.#syncAtMs = Math.min(this.#syncAtMs, performance.now() + waitMs);
  }

  async #sync(connection: NatsConnection, hints: ReadonlyMap<string, number>): Promise<Looked> {
    const index = await readIndex(connection, this.#options.device);
    const listed = index.kind === 'valid' ? index.names : [];
    const readings = await this.#readKeys(connection, [...new Set([...knownNames(this.#state), ...listed, ...hints.keys()])]);
    this.#take(applySync(this.#state, index, readings), { save: true });
    return { readings, settled: this.#judge(index, readings) };
  }

  /** A new deployment must not wait for a whole sync, nor for the disk. */
  async #readHinted(connection: NatsConnection, hints: ReadonlyMap<string, number>): Promise<Looked> {
    const readings = await this.#readKeys(connection, [...hints.keys()]);
    let state = this.#state;
    for (const [name, reading] of readings) state = applyKey(state, name, reading);
    this.#take(state, { save: true });
    return { readings, settled: true };
  }

  async #readKeys(connection: NatsConnection, names: readonly string[]): Promise<Map<string, KeyReading>> {
    const readings = new Map<string, KeyReading>();
    const left = [...names];
    const readSome = async () => {
      for (let name = left.pop(); name !== undefined; name = left.pop()) {
        readings.set(name, await readKey(connection, this.#options.device, name));
      }
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL_READS, names.length) }, readSome));
    return readings;
  }

  /** Whether all was read and is as it should be; if not, says so. */
  #judge(index: IndexReading, readings: ReadonlyMap<string, KeyReading>): boolean {
    const { device, onTrouble } = this.#options;
    const unread = [...readings].filter(([, reading]) => reading.kind === 'unknown');
    if (index.kind === 'unknown' || unread.length > 0) {
      // Not a trouble of the device: the store does not answer, and the report would not arrive either.
      const why = index.kind === 'unknown' ? index.why : unread.map(([name]) => name).join(', ');
      this.#log.warn({ why }, 'The desired state could not be read completely. The device keeps what it has; trying again.');
      return false;
    }
    if (index.kind !== 'valid') {
      const what = index.kind === 'absent' ? 'is missing on the hub' : `on the hub is broken (${index.why})`;
      onTrouble(
        `The list of deployments for ${device} ${what}. The device keeps running what it has and removes nothing. Run scorewall doctor on the hub's machine.`,
      );
      return false;
    }
    const missing = index.names.filter((name) => !this.#state.entries.has(name));
    onTrouble(
      missing.length === 0
        ? undefined
        : `The hub lists ${missing.join(', ')} for ${device} but does not have it. The device keeps running what it has. Save the deployment again.`,
    );
    return missing.length === 0;
  }

  #take(state: DesiredState, { save }: { save: boolean }): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState(state);
    if (save) this.#options.store.save(state);
  }

  #subscribe(connection: NatsConnection): void {
    const { device } = this.#options;
    this.#subscription = connection.subscribe(subjects.desiredOf(device), {
      callback: (error, message) => {
        if (error)
          this.#log.warn({ why: error.message }, 'Changes are not announced to this device; it looks for them by itself.');
        else this.#hint(message);
      },
    });
  }

  #hint(message: Msg): void {
    const [bucket, device, name = '', ...rest] = message.subject.split('.');
    if (bucket !== 'desired-state' || device !== this.#options.device || rest.length > 0 || !isName(name)) {
      this.#log.warn({ subject: message.subject }, 'A key of the desired state has a name that no deployment can have. Ignored.');
      return;
    }
    this.#noteHint(name, Number(message.headers?.get('Nats-Sequence')) || 0);
    this.#wakeup.wake();
  }

  #noteHint(name: string, revision: number): void {
    this.#hints.set(name, Math.max(revision, this.#hints.get(name) ?? 0));
  }
}

/** A key that is not there although a message spoke of it may still come from a follower, but not after a whole sync. */
function reaches(reading: KeyReading | undefined, revision: number, isWholeSync: boolean): boolean {
  if (reading?.kind === 'absent') return isWholeSync || revision === 0;
  return (reading?.kind === 'value' || reading?.kind === 'deleted') && reading.version.revision >= revision;
}
