/** The one door of the hub: checks where a request says it wants to go, then hands it to the anchor, to NATS, or to the pages. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { hostname } from 'node:os';
import type { Duplex } from 'node:stream';
import { ProblemError } from '#contracts/problem.ts';
import type { InstallHandler } from '../install/serve-install.ts';
import { isAllowedHost } from './allowed-host.ts';
import { createAnchorClient } from './anchor-client.ts';
import { proxyApi } from './api-proxy.ts';
import { createNatsTunnel, refuse } from './nats-tunnel.ts';
import { isImmutable, isOpenPage, ONLY_PAGE } from './page-access.ts';
import { answerPlain } from './plain-beside-tls.ts';
import { ANCHOR_SILENT, SIGN_IN, sendProblem, sendText } from './problem-response.ts';
import { scrubRequest } from './scrub-request.ts';
import { contentSecurityPolicy, makeNonce, setSecurityHeaders } from './security-headers.ts';
import { wantsPage } from './wants-page.ts';
import type { WebSettings } from './web-settings.ts';

export type PageHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface Front {
  server: Server;
  close(): Promise<void>;
}

/** Where a name without a port leads. */
const HTTPS_PORT = 443;
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
const CLOSE_GRACE_MS = 2_000;

const FOREIGN_HOST = new ProblemError(
  'forbidden',
  'This name does not belong to the hub.',
  'Nothing was read or changed. Open the hub by its address, or name it in SCOREWALL_HOSTS.',
);

const NOT_YOURS = new ProblemError('forbidden', 'This page is not for guests or TVs.', 'Nothing was read or changed.');

export function createFront(settings: WebSettings, pages: PageHandler, install?: InstallHandler): Front {
  const secure = settings.tls !== undefined;
  const isWholeSite = secure && settings.port === HTTPS_PORT;
  const hosts = [...settings.hosts, hostname().toLowerCase()];
  const anchor = createAnchorClient(settings.anchor);
  const tunnel = createNatsTunnel(settings.nats, anchor, settings.sessionCheckMs);
  const tls = settings.tls && createTlsServer(settings.tls);
  const plain = tls && answerPlain(tls, hosts, HEADERS_TIMEOUT_MS);
  const server: Server = tls ?? createServer();
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.headersTimeout = HEADERS_TIMEOUT_MS;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    const { host = '' } = request.headers;
    const known = isAllowedHost(host, hosts);
    const policy = contentSecurityPolicy(makeNonce(), known ? host : 'localhost', secure);
    setSecurityHeaders(response, policy, isWholeSite);
    if (!known) return sendProblem(response, FOREIGN_HOST, 421);
    scrubRequest(request, secure);
    // The page framework takes its nonce from here.
    request.headers['content-security-policy'] = policy;
    if (path === '/api' || path.startsWith('/api/')) {
      delete request.headers['content-security-policy'];
      return proxyApi(anchor, request, response);
    }
    if (path === '/nats')
      return sendText(response, 426, 'This address is for the live connection of the pages.', { Upgrade: 'websocket' });
    if (await install?.(request, response, path)) return;
    if (isImmutable(path)) response.removeHeader('Cache-Control');
    if (!isOpenPage(path)) {
      const visitor = await anchor.askVisitor(request.headers);
      if (visitor === 'silent') return notReady(request, response);
      if (visitor === 'signed-out') return toLogin(request, response, path);
      if (visitor !== 'person') return toOnlyPage(request, response, ONLY_PAGE[visitor]);
    }
    await pages(request, response);
  }

  server.on('request', (request, response) => {
    answer(request, response).catch(() => sendProblem(response, ANCHOR_SILENT));
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!isAllowedHost(request.headers.host, hosts)) return refuse(socket, FOREIGN_HOST);
    if (pathOf(request) !== '/nats')
      return refuse(socket, new ProblemError('not-found', 'There is nothing to open here.', 'Your devices are not affected.'));
    scrubRequest(request, secure);
    tunnel.open({ request, socket, head, secure }).catch(() => refuse(socket, ANCHOR_SILENT));
  });

  return { server, close: () => closeFront(server, () => [tunnel.close(), anchor.close(), plain?.close()]) };
}

function closeFront(server: Server, closeParts: () => void): Promise<void> {
  return new Promise((resolve) => {
    const hurry = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
    server.close(() => {
      clearTimeout(hurry);
      resolve();
    });
    closeParts();
    server.closeIdleConnections();
  });
}

const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split(/[?#]/, 1)[0]!;

function toLogin(request: IncomingMessage, response: ServerResponse, path: string): void {
  if (wantsPage(request)) {
    response.writeHead(302, { Location: path === '/' ? '/login' : `/login?next=${encodeURIComponent(path)}` });
    response.end();
  } else sendProblem(response, SIGN_IN);
}

function toOnlyPage(request: IncomingMessage, response: ServerResponse, path: string): void {
  if (wantsPage(request)) {
    response.writeHead(302, { Location: path });
    response.end();
  } else sendProblem(response, NOT_YOURS);
}

function notReady(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Retry-After', '3');
  if (wantsPage(request)) sendText(response, 503, `${ANCHOR_SILENT.message} ${ANCHOR_SILENT.detail}`, { Refresh: '3' });
  else sendProblem(response, ANCHOR_SILENT);
}
