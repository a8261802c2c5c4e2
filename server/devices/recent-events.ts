/**
 * The last events of each device, in memory: what a tile shows when the wall is opened. Follows the stream, so that opening a
 * wall of a thousand devices reads no history. Invariants: per device at most `KEPT`, oldest first, each once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { STREAM } from '#contracts/buckets.ts';
import type { DeviceEvent } from '#contracts/event.ts';
import { followStream, readStream, type StoredMessage } from '../kv/follow-stream.ts';
import type { Store } from '../kv/store.ts';
import { whenAborted } from '../kv/when-aborted.ts';
import { toEvent } from './device-events.ts';

const FILTER = 'event.*';
const KEPT = 8;
/** What is older is read only where nothing newer is known. */
const LOOK_BACK_MS = 86_400_000;
const RETRY_MS = 1_000;

interface Kept {
  revision: number;
  event: DeviceEvent;
}

export class RecentEvents {
  readonly #store: Store;
  readonly #log: Logger;
  #byDevice = new Map<string, Kept[]>();

  constructor({ store, log }: { store: Store; log: Logger }) {
    this.#store = store;
    this.#log = log;
  }

  /** Of these devices, oldest first. */
  of(devices: readonly string[]): DeviceEvent[] {
    return devices
      .flatMap((device) => this.#byDevice.get(device) ?? [])
      .sort((a, b) => a.revision - b.revision)
      .map(({ event }) => event);
  }

  /** Until `signal` aborts; follows again where the stream was interrupted. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#follow(signal);
      } catch (error) {
        if (!signal.aborted) this.#log.warn({ err: error }, 'the events of the devices cannot be read; trying again');
      }
      await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const since = new Date(Date.now() - LOOK_BACK_MS);
    const following = await followStream(this.#store, STREAM.events, { filter: FILTER, include: since }, (message) =>
      this.#take(message),
    );
    const aborted = whenAborted(signal);
    try {
      await following.initial;
      for (const message of await readStream(this.#store, STREAM.events, { filter: FILTER, include: 'last' }))
        this.#take(message);
      await Promise.race([following.ended, aborted]);
    } finally {
      following.stop();
    }
  }

  #take(message: StoredMessage): void {
    const { revision } = message;
    for (const event of toEvent(message)) {
      const kept = this.#byDevice.get(event.device) ?? [];
      if ((kept.at(-1)?.revision ?? 0) >= revision) continue;
      this.#byDevice.set(event.device, [...kept, { revision, event }].slice(-KEPT));
    }
  }
}
