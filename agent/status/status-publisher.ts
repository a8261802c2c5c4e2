/** Sends the report: at once on a change and after a reconnect, at most ten times a second, and every 30 s without a change. */
import type { NatsConnection } from '@nats-io/transport-node';
import type { DeviceStatus } from '#contracts/status.ts';
import { subjects } from '#contracts/subjects.ts';
import type { Logger } from '../log.ts';
import type { LinkUser } from '../nats-link.ts';
import { encodeStatus } from './build-status.ts';

const MIN_GAP_MS = 100;
/** The stream behind the subject takes messages of up to 512 KiB, subject included. */
const MAX_REPORT_BYTES = 520_000;

export interface StatusPublisherOptions {
  device: string;
  intervalMs: number;
  log: Logger;
  build(): DeviceStatus;
}

export class StatusPublisher implements LinkUser {
  #options: StatusPublisherOptions;
  #connection: NatsConnection | undefined;
  #timer: NodeJS.Timeout | undefined;
  #dueAtMs = Number.POSITIVE_INFINITY;
  #lastAtMs = 0;

  constructor(options: StatusPublisherOptions) {
    this.#options = options;
  }

  attach(connection: NatsConnection): void {
    this.#connection = connection;
    this.changed();
  }

  /** Nothing is kept for later: the next report says it all. */
  detach(): void {
    this.#connection = undefined;
    this.#cancel();
  }

  changed(): void {
    if (!this.#connection) return;
    this.#publishAt(Math.max(this.#lastAtMs + MIN_GAP_MS, performance.now()));
  }

  stop(): void {
    this.detach();
  }

  #publishAt(atMs: number): void {
    if (this.#dueAtMs <= atMs) return;
    this.#cancel();
    this.#dueAtMs = atMs;
    this.#timer = setTimeout(() => this.#publish(), Math.max(0, atMs - performance.now()));
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    this.#dueAtMs = Number.POSITIVE_INFINITY;
  }

  #publish(): void {
    this.#cancel();
    const connection = this.#connection;
    if (!connection || connection.isClosed()) return;
    const { device, build, intervalMs, log } = this.#options;
    this.#lastAtMs = performance.now();
    try {
      connection.publish(subjects.status(device), encodeStatus(build(), MAX_REPORT_BYTES));
    } catch (error) {
      log.warn({ error }, 'The report could not be sent. The next one follows.');
    }
    this.#publishAt(this.#lastAtMs + intervalMs);
  }
}
