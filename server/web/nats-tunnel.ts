/**
 * `/nats`: a websocket, carried byte for byte to NATS's own websocket listener once it is known who opens it. A browser always says
 * from which page it comes, and comes with a cookie; a program says nothing of the kind, and comes with a token. What may be said on
 * it is decided by the JWT inside, not here.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ProblemError } from '#contracts/problem.ts';
import type { AnchorClient } from './anchor-client.ts';
import { ANCHOR_SILENT, FOREIGN_ORIGIN, SIGN_IN } from './problem-response.ts';

const CONNECT_TIMEOUT_MS = 5_000;
/** So long a tunnel may outlive its session. */
const SESSION_CHECK_MS = 30_000;
const PASSED_ON = ['user-agent', 'x-forwarded-for', 'x-forwarded-proto'];

interface Upgrade {
  request: IncomingMessage;
  socket: Duplex;
  head: Buffer;
  secure: boolean;
}

export interface NatsTunnel {
  open(upgrade: Upgrade): Promise<void>;
  /** Ends every tunnel that is open. */
  close(): void;
}

export function createNatsTunnel(
  nats: { host: string; port: number },
  anchor: AnchorClient,
  sessionCheckMs = SESSION_CHECK_MS,
): NatsTunnel {
  const sockets = new Set<Duplex>();

  async function open({ request, socket, head, secure }: Upgrade): Promise<void> {
    socket.on('error', () => socket.destroy());
    const proof = proofOf(request, secure);
    if (!proof) return refuse(socket, FOREIGN_ORIGIN);
    const session = await anchor.askSession(proof);
    if (session !== 'signed-in') return refuse(socket, session === 'silent' ? ANCHOR_SILENT : SIGN_IN);
    const upstream = connect({ ...nats, timeout: CONNECT_TIMEOUT_MS });
    upstream.on('timeout', () => upstream.destroy());
    upstream.on('error', () => refuse(socket, ANCHOR_SILENT));
    upstream.on('connect', () => {
      upstream.setTimeout(0);
      // Without this small protocol lines wait for each other: uploads fall to a fortieth.
      upstream.setNoDelay(true);
      (socket as Socket).setNoDelay?.(true);
      upstream.write(handshake(request));
      upstream.write(head);
      socket.pipe(upstream).pipe(socket);
    });
    for (const one of [socket, upstream]) {
      sockets.add(one);
      one.on('close', () => sockets.delete(one));
    }
    const checking = setInterval(async () => {
      if ((await anchor.askSession(proof)) === 'signed-out') socket.destroy();
    }, sessionCheckMs);
    socket.on('close', () => {
      clearInterval(checking);
      upstream.destroy();
    });
    upstream.on('close', () => socket.destroy());
  }

  return {
    open,
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** What shows who opens it; undefined: a page of another site, or a cookie without a page. */
function proofOf({ headers }: IncomingMessage, secure: boolean): IncomingHttpHeaders | undefined {
  const { origin, cookie, authorization, ...others } = headers;
  if (origin !== undefined) return origin === `${secure ? 'https' : 'http'}://${headers.host}` ? headers : undefined;
  // Whoever has no page has no cookie either: a cookie is what a browser would send without being told to.
  return authorization === undefined ? undefined : { ...others, authorization };
}

/**
 * The client's own handshake without its cookie or token: NATS has no business with them. Nor with the origin, which was looked at here:
 * NATS would compare it with this plain connection, and refuse every page that came over TLS.
 */
function handshake({ headers }: IncomingMessage): string {
  const passed = Object.entries(headers).filter(([name]) => name.startsWith('sec-websocket-') || PASSED_ON.includes(name));
  const lines = [
    `Host: ${headers.host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    ...passed.map(([name, value]) => `${name}: ${value}`),
  ];
  return `GET / HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}

export function refuse(socket: Duplex, problem: ProblemError): void {
  if (socket.destroyed) return;
  const { status } = problem.toJSON();
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
