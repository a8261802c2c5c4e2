/** The bus between programs on devices: `bus.<device>.<topic>`. NATS holds every device to its own name as the sender. */
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { subjects } from '#contracts/subjects.ts';
import type { LinkUser } from '../nats-link.ts';

export interface BusMessage {
  topic: string;
  /** Device that said it. */
  from: string;
  data: string;
}

type Listener = (message: BusMessage) => void;

export class Bus implements LinkUser {
  #device: string;
  #connection: NatsConnection | undefined;
  #listeners = new Map<string, Set<Listener>>();
  #subscriptions = new Map<string, Subscription>();

  constructor(device: string) {
    this.#device = device;
  }

  attach(connection: NatsConnection): void {
    this.detach();
    this.#connection = connection;
    for (const topic of this.#listeners.keys()) this.#subscribe(topic);
  }

  detach(): void {
    for (const subscription of this.#subscriptions.values()) subscription.unsubscribe();
    this.#subscriptions.clear();
    this.#connection = undefined;
  }

  /** False: there is no connection, and nothing was kept for later. */
  publish(topic: string, data: string | Uint8Array): boolean {
    if (!this.#connection || this.#connection.isClosed()) return false;
    this.#connection.publish(subjects.bus.from(this.#device, topic), data);
    return true;
  }

  /** Messages of every device under this topic, from now on, over every reconnect. Returns how to stop. */
  listen(topic: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    this.#subscribe(topic);
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0 || this.#listeners.get(topic) !== listeners) return;
      this.#listeners.delete(topic);
      this.#subscriptions.get(topic)?.unsubscribe();
      this.#subscriptions.delete(topic);
    };
  }

  #subscribe(topic: string): void {
    if (!this.#connection || this.#subscriptions.has(topic)) return;
    const subscription = this.#connection.subscribe(subjects.bus.topic(topic), {
      callback: (error, message) => {
        if (error) return;
        const from = message.subject.split('.')[1]!;
        for (const listener of this.#listeners.get(topic) ?? []) listener({ topic, from, data: message.string() });
      },
    });
    this.#subscriptions.set(topic, subscription);
  }
}
