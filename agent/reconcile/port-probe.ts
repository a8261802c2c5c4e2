/** Asks the kernel whether ports of the device are free, by listening on them for a moment: reading its whole table takes 10 ms. */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { PublishedPort } from '#contracts/score/port.ts';
import { type Listener, readListeners } from './listeners.ts';

/** Nothing where all of them are free; else everything that is known of who listens, so that a free one can be named. */
export async function listenersAmong(ports: readonly PublishedPort[]): Promise<Listener[]> {
  const taken: PublishedPort[] = [];
  // One after the other: two that want the same port would otherwise find each other's probe.
  for (const port of ports) if (await isTaken(port)) taken.push(port);
  if (taken.length === 0) return [];
  return [
    ...taken.map((port) => ({ ...port, hostIp: port.hostIp ?? '0.0.0.0', hostPort: port.hostPort ?? 0 })),
    ...readListeners(),
  ];
}

/** Only "in use" counts. An address that this device lacks, or a port that needs more rights, is for the engine to say. */
function isTaken({ hostIp: host, hostPort: port, protocol }: PublishedPort): Promise<boolean> {
  return new Promise((resolve) => {
    const onError = (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE');
    if (protocol === 'udp') {
      const socket = createSocket(host?.includes(':') ? 'udp6' : 'udp4').once('error', onError);
      socket.bind({ port, address: host, exclusive: true }, () => socket.close(() => resolve(false)));
    } else if (protocol === 'tcp') {
      const server = createServer((connection) => connection.destroy()).once('error', onError);
      server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(false)));
    } else resolve(false);
  });
}
