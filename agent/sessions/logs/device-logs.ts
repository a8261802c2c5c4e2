/** The logs of this device, put together: what is collected, what is stored, and who gets it. */
import { join } from 'node:path';
import type { DeviceEvent } from '#contracts/event.ts';
import type { LogSource } from '#contracts/stream/log.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Logger } from '../../log.ts';
import type { SessionLimits } from '../session-limits.ts';
import { LogCollector, type LoggedContainer, withLogs } from './log-collector.ts';
import { LogSessions } from './log-sessions.ts';
import { LogStore } from './log-store.ts';
import { type LogTail, StoreTail } from './log-tail.ts';

export interface DeviceLogsOptions {
  device: string;
  stateDir: string;
  maxBytes: number;
  engine: Engine;
  limits: SessionLimits;
  isKnown(source: LogSource): boolean;
  onDiskTrouble(error: NodeJS.ErrnoException | undefined): void;
  log: Logger;
}

export class DeviceLogs {
  /** To be used instead of the engine itself: follows what it starts, and reads what it removes to the end first. */
  readonly engine: Engine;
  /** A user of the link to NATS; its `open` is the verb `log`. */
  readonly sessions: LogSessions;
  readonly tail: LogTail;
  readonly #store: LogStore;
  readonly #collector: LogCollector;

  static async open(options: DeviceLogsOptions): Promise<DeviceLogs> {
    const { stateDir, maxBytes, log, onDiskTrouble } = options;
    const store = await LogStore.open({ folder: join(stateDir, 'logs'), maxBytes, log, onTrouble: onDiskTrouble });
    return new DeviceLogs(options, store);
  }

  private constructor({ device, engine, limits, isKnown, log }: DeviceLogsOptions, store: LogStore) {
    this.#store = store;
    this.#collector = new LogCollector(engine, store, log);
    this.engine = withLogs(engine, this.#collector);
    this.sessions = new LogSessions({ device, store, limits, isKnown, log });
    this.tail = new StoreTail(store);
  }

  see(containers: ReadonlyMap<string, LoggedContainer>): void {
    this.#collector.see(containers);
  }

  happened(event: Pick<DeviceEvent, 'deployment' | 'service' | 'message'>): void {
    this.#collector.happened(event);
  }

  async close(): Promise<void> {
    this.sessions.close();
    await this.#collector.close();
    await this.#store.close();
  }
}
