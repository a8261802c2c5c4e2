/** Asks a page the way a visitor would, and finds a port nobody uses on some addresses. */
import { get } from 'node:http';
import { createServer } from 'node:net';

/** The page's text; undefined while nobody answers there. */
export function fetchPage(address: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = get({ host: address, port, path: '/', timeout: 2000, agent: false }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('end', () => resolve(reply.statusCode === 200 ? Buffer.concat(chunks).toString('utf8') : undefined));
      reply.on('error', () => resolve(undefined));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(undefined));
  });
}

/** A port that is free on each of the addresses now. */
export async function findFreePort(addresses: readonly string[], taken: readonly number[] = []): Promise<number> {
  for (let port = 18_080; port < 19_080; port++) {
    if (taken.includes(port)) continue;
    const free = await Promise.all(addresses.map((address) => isFree(address, port)));
    if (free.every(Boolean)) return port;
  }
  throw new Error('No port between 18080 and 19079 is free on all local addresses.');
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
