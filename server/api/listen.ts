/** Serves the API on a unix socket or a port. */
import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Api } from './environment.ts';

/** Headers must be here by then; the body and the answer have the request's own time. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the front keeps its side, so that it never sends into a connection that closes. */
const KEEP_ALIVE_MS = 75_000;

/** `unix:/path/of/socket` or `host:port`. */
export async function listen(api: Api, address: string): Promise<Server> {
  const server = createAdaptorServer({
    fetch: api.fetch,
    createServer,
    serverOptions: { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS },
  }) as Server;
  if (address.startsWith('unix:')) await listenOnSocket(server, address.slice('unix:'.length));
  else {
    const [, host, port] = /^(.+):(\d+)$/.exec(address) ?? [];
    if (!host || !port) throw new Error(`SCOREWALL_ANCHOR_LISTEN is ${address}. Set it to unix:/path or host:port.`);
    server.listen(Number(port), host.replace(/^\[|\]$/g, ''));
    await once(server, 'listening');
  }
  return server;
}

async function listenOnSocket(server: Server, path: string): Promise<void> {
  if (await somebodyAnswers(path)) throw new Error(`Another anchor answers on ${path} already. Stop it first.`);
  await rm(path, { force: true });
  server.listen(path);
  await once(server, 'listening');
  // Whoever may write to the socket may ask; what they may do still takes a session or a token.
  await chmod(path, 0o600);
}

function somebodyAnswers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
