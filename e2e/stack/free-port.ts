/**
 * TCP ports for tests, outside of those that the system gives to whoever asks for any: nobody takes one between its choice and its use,
 * nor while its server is down for a moment.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';

const FIRST = 20_000;
const EACH = 1_000;
const MOST_WORKERS = 10;
/** Files that run at once are numbered, and each number has ports of its own. */
const worker = Number(process.env.VITEST_POOL_ID ?? process.env.TEST_PARALLEL_INDEX ?? 0) % MOST_WORKERS;
/** One after the other, so that none comes twice; from anywhere, for whoever else runs tests on this machine. */
let next = Math.floor(Math.random() * EACH);

/** Nobody listens on it at this moment. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let tries = 0; tries < EACH; tries++) {
    const port = FIRST + worker * EACH + (next++ % EACH);
    if (await isFree(host, port)) return port;
  }
  throw new Error(`${host} has no free port for a test.`);
}

async function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer().listen({ host, port, exclusive: true });
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  server.close();
  await once(server, 'close');
  return true;
}
