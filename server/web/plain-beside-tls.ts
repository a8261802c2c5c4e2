/** Who speaks plain http to the port of TLS is told the address that works; without it, a browser shows an empty reply. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { ProblemError } from '#contracts/problem.ts';
import { isAllowedHost } from './allowed-host.ts';
import { sendProblem, sendText } from './problem-response.ts';
import { setSecurityHeaders } from './security-headers.ts';
import { wantsPage } from './wants-page.ts';

/** The first byte of every connection of TLS, and of no request of http. */
const TLS_HANDSHAKE = 0x16;
const NO_CONTENT = "default-src 'none'";

export interface PlainBesideTls {
  close(): void;
}

/** `silenceMs`: how long somebody may be connected and say nothing. */
export function answerPlain(server: TlsServer, hosts: readonly string[], silenceMs: number): PlainBesideTls {
  const plain = createServer({ requestTimeout: silenceMs, headersTimeout: silenceMs }, tellAddress(hosts));
  const beginTls = server.listeners('connection') as ((socket: Socket) => void)[];
  const silent = new Set<Socket>();
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const giveUp = () => socket.destroy();
    silent.add(socket);
    socket.setTimeout(silenceMs, giveUp);
    socket.on('error', giveUp);
    socket.once('close', () => silent.delete(socket));
    socket.once('readable', () => {
      const first: Buffer | null = socket.read();
      if (!first) return giveUp();
      silent.delete(socket);
      socket.setTimeout(0);
      socket.off('timeout', giveUp);
      socket.off('error', giveUp);
      socket.unshift(first);
      if (first[0] !== TLS_HANDSHAKE) plain.emit('connection', socket);
      else for (const begin of beginTls) begin.call(server, socket);
    });
  });
  return {
    close: () => {
      for (const socket of silent) socket.destroy();
      plain.closeAllConnections();
    },
  };
}

const tellAddress =
  (hosts: readonly string[]): RequestListener =>
  (request, response) => {
    const { host } = request.headers;
    const known = isAllowedHost(host, hosts) ? host : undefined;
    setSecurityHeaders(response, NO_CONTENT, false);
    response.setHeader('Connection', 'close');
    // A program would send its token a second time without noticing that the first was readable: it is told, and led nowhere.
    if (known && wantsPage(request)) sendText(response, 307, 'This hub speaks TLS.', { Location: addressOf(request, known) });
    else sendProblem(response, plainRefused(request, known));
  };

function addressOf({ url = '/' }: IncomingMessage, host: string): string {
  return `https://${host}${url.startsWith('/') ? url : '/'}`;
}

function plainRefused({ headers }: IncomingMessage, host: string | undefined): ProblemError {
  const step = host ? `Use https://${host}.` : 'Open the hub by its own address, with https.';
  const said = headers.authorization ?? headers.cookie;
  const exposed = said
    ? ' What was sent to prove who you are could be read on the way: end it on your page, and make a new one.'
    : '';
  return new ProblemError(
    'bad-request',
    'This hub speaks TLS, and this was plain http.',
    `Nothing was read or changed. ${step}${exposed}`,
  );
}
