/** One HTTP exchange with the hub. Node's own client rather than `fetch`: only it takes a CA of our own. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { CliError, EXIT } from '../exit-code.ts';

const TIMEOUT_MS = 30_000;

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  ca?: string;
}
export interface HttpReply {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
}

export async function exchange(request: HttpRequest): Promise<HttpReply> {
  return toReply(await send(request), request.url);
}

/** The content as it comes; a refusal as a whole. */
export async function openStream(request: HttpRequest): Promise<HttpReply | { content: Readable }> {
  const reply = await send(request);
  return reply.statusCode === 200 ? { content: reply } : toReply(reply, request.url);
}

function send({ method, url, headers, body, ca }: HttpRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const begin = url.startsWith('https:') ? httpsRequest : httpRequest;
    const outgoing = begin(url, { method, headers: { ...headers }, timeout: TIMEOUT_MS, ...(ca ? { ca } : {}) }, resolve);
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within 30 s')));
    outgoing.on('error', (error) => reject(unreachable(url, error)));
    outgoing.end(body);
  });
}

function toReply(reply: IncomingMessage, url: string): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    reply.on('data', (chunk: Buffer) => chunks.push(chunk));
    reply.on('error', (error) => reject(unreachable(url, error)));
    reply.on('end', () =>
      resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text: Buffer.concat(chunks).toString('utf8') }),
    );
  });
}

function unreachable(url: string, error: Error & { code?: string }): CliError {
  const { origin } = new URL(url);
  const untrusted = /CERT|SIGN|ERR_TLS/.test(error.code ?? '');
  if (untrusted)
    return new CliError(
      EXIT.unreachable,
      `The certificate of ${origin} is not one this machine trusts (${error.code}).`,
      "Nothing was sent. Set SCOREWALL_CA to the fleet's ca.pem.",
      error,
    );
  return new CliError(
    EXIT.unreachable,
    `The hub at ${origin} does not answer (${error.code ?? error.message}).`,
    'Devices keep running what they run. Start it with: npx scorewall up. What is wrong: npx scorewall doctor.',
    error,
  );
}
