/**
 * `/nats`: a browser's websocket, carried byte for byte to NATS's own websocket listener once the session and the Origin are checked.
 * What may be said on it is decided by the JWT inside, not here.
 */
import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ProblemError } from '#contracts/problem.ts';
import type { AnchorClient } from './anchor-client.ts';
import { ANCHOR_SILENT, FOREIGN_ORIGIN, SIGN_IN } from './problem-response.ts';

const CONNECT_TIMEOUT_MS = 5_000;
/** So long a tunnel may outlive its session. */
const SESSION_CHECK_MS = 30_000;
const PASSED_ON = ['origin', 'user-agent', 'x-forwarded-for', 'x-forwarded-proto'];

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
    if (request.headers.origin !== `${secure ? 'https' : 'http'}://${request.headers.host}`)
      return refuse(socket, FOREIGN_ORIGIN);
    const session = await anchor.askSession(request.headers);
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
      if ((await anchor.askSession(request.headers)) === 'signed-out') socket.destroy();
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

/** The browser's own handshake without its cookie: NATS has no business with it. */
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
