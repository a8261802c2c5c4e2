/** `/api` to the anchor: streamed both ways, compressed where it is a larger reading. */
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import { MAX_BODY_BYTES } from '#contracts/deployment.ts';
import type { AnchorClient } from './anchor-client.ts';
import { ANCHOR_SILENT, sendProblem, TOO_LARGE } from './problem-response.ts';

/** RFC 9110 §7.6.1: these belong to one connection, not to the message. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];
/** What the anchor relies on: `Connection` may not name these away. */
const KEPT = /^(?:host|content-length|x-forwarded-.+)$/;
const SMALLEST_COMPRESSED_BYTES = 1_400;

export function proxyApi(anchor: AnchorClient, request: IncomingMessage, response: ServerResponse): void {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) {
    sendProblem(response, TOO_LARGE);
    return;
  }
  const forwarded = anchor.request({
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: { ...endToEnd(request.headers), ...framing(request) },
  });
  forwarded.on('response', (reply) => {
    const headers = endToEnd(reply.headers);
    // Answered before the body was read: nothing else may follow it on this connection.
    if (!request.complete) headers.connection = 'close';
    const compress = isCompressible(request, reply);
    if (compress) {
      delete headers['content-length'];
      headers['content-encoding'] = 'gzip';
      headers.vary = 'Accept-Encoding';
    }
    response.writeHead(reply.statusCode ?? 502, headers);
    const done = () => undefined;
    if (compress) pipeline(reply, createGzip({ level: constants.Z_BEST_SPEED, flush: constants.Z_SYNC_FLUSH }), response, done);
    else pipeline(reply, response, done);
  });
  let answered = false;
  forwarded.on('error', () => {
    if (!answered) sendProblem(response, ANCHOR_SILENT);
  });
  response.on('close', () => forwarded.destroy());
  forwardBody(request, forwarded, () => {
    answered = true;
    sendProblem(response, TOO_LARGE);
    forwarded.destroy();
  });
}

/**
 * What is too large is refused here: the anchor would close its connection in the middle of it, and the answer would be lost on the way.
 * The rest of the body is read and forgotten, for as long as a request may take, so that whoever sends it reads the answer.
 */
function forwardBody(request: IncomingMessage, forwarded: ClientRequest, onTooLarge: () => void): void {
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    const within = bytes <= MAX_BODY_BYTES;
    bytes += chunk.length;
    if (!within) return;
    if (bytes > MAX_BODY_BYTES) onTooLarge();
    else if (!forwarded.destroyed && !forwarded.write(chunk)) {
      request.pause();
      forwarded.once('drain', () => request.resume());
    }
  });
  request.on('end', () => {
    if (!forwarded.destroyed) forwarded.end();
  });
  forwarded.on('close', () => request.resume());
}

/**
 * A body of unsaid length stays chunked. Node would send that of a GET or DELETE bare, and the anchor would take it for
 * the next request on a connection that everybody shares.
 */
const framing = ({ headers }: IncomingMessage): OutgoingHttpHeaders =>
  headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' };

function endToEnd(headers: IncomingMessage['headers']): OutgoingHttpHeaders {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const dropped = new Set([...HOP_BY_HOP, ...named.filter((name) => !KEPT.test(name))]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)));
}

function isCompressible(request: IncomingMessage, reply: IncomingMessage): boolean {
  const length = reply.headers['content-length'];
  return (
    request.method === 'GET' &&
    reply.statusCode === 200 &&
    !reply.headers['content-encoding'] &&
    /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')) &&
    /json|yaml|^text\//.test(reply.headers['content-type'] ?? '') &&
    (length === undefined || Number(length) >= SMALLEST_COMPRESSED_BYTES)
  );
}
