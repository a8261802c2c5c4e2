/** Tells when a connection to NATS came back. */
import type { NatsConnection } from '@nats-io/nats-core';

/** Gives back the end of listening. */
export function onReconnect(nc: NatsConnection, listener: () => void): () => void {
  let listening = true;
  const statuses = nc.status();
  const listen = async () => {
    for await (const { type } of statuses) {
      if (!listening) return;
      if (type === 'reconnect') listener();
    }
  };
  void listen();
  return () => {
    listening = false;
  };
}
