/** Sends what happens on the device, one line each. While NATS is away the newest are kept, up to a bound. */
import type { NatsConnection } from '@nats-io/transport-node';
import type { DeviceEvent } from '#contracts/event.ts';
import { subjects } from '#contracts/subjects.ts';
import type { Logger } from '../log.ts';
import type { LinkUser } from '../nats-link.ts';

const MAX_KEPT = 200;
const MAX_MESSAGE_LENGTH = 1_000;

export class EventPublisher implements LinkUser {
  #device: string;
  #log: Logger;
  #connection: NatsConnection | undefined;
  #kept: DeviceEvent[] = [];
  #dropped = 0;

  constructor(device: string, log: Logger) {
    this.#device = device;
    this.#log = log;
  }

  attach(connection: NatsConnection): void {
    this.#connection = connection;
    if (this.#dropped > 0) this.#log.warn({ dropped: this.#dropped }, 'NATS was away for long: the oldest events were not kept.');
    const kept = this.#kept;
    this.#kept = [];
    this.#dropped = 0;
    for (const event of kept) this.#send(event);
  }

  detach(): void {
    this.#connection = undefined;
  }

  publish(event: Omit<DeviceEvent, 'device' | 'at'>): void {
    const message = event.message.slice(0, MAX_MESSAGE_LENGTH);
    this.#send({ device: this.#device, at: new Date().toISOString(), ...event, message });
  }

  #send(event: DeviceEvent): void {
    try {
      if (!this.#connection || this.#connection.isClosed()) this.#keep(event);
      else this.#connection.publish(subjects.event(this.#device), JSON.stringify(event));
    } catch (error) {
      this.#log.warn({ error, kind: event.kind }, 'An event could not be sent.');
    }
  }

  #keep(event: DeviceEvent): void {
    this.#kept.push(event);
    if (this.#kept.length <= MAX_KEPT) return;
    this.#kept.shift();
    this.#dropped++;
  }
}
