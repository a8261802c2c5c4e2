/** HTTP on a local socket, for programs in containers and on the host: who may open the socket may use it, as the one it was made for. */
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import path from 'node:path';
import * as z from 'zod';
import { Topic } from '#contracts/work.ts';
import type { Logger } from '../log.ts';
import { BusAwayError, LOCAL_HELP, LOCAL_VERBS, type LocalContext } from './local-api.ts';
import { Rate } from './rate.ts';
import { type Speaker, TooManyAsksError } from './work-book.ts';

const BODY_BYTES = 128 * 1024;
const MAX_CONNECTIONS = 64;
const PER_SECOND = 50;
const BURST = 200;
/** A listener that reads so slowly is let go: nothing is kept for it. */
const SUBSCRIBER_BYTES = 1024 * 1024;
const KEEPALIVE_MS = 15_000;

export interface LocalSocket {
  file: string;
  close(): Promise<void>;
}

interface LocalSocketOptions {
  file: string;
  /** 0600 for the host's own; 0666 inside a folder that only one container sees. */
  mode: number;
  by: Speaker;
  context: LocalContext;
  log: Logger;
}

export async function openLocalSocket({ file, mode, by, context, log }: LocalSocketOptions): Promise<LocalSocket> {
  mkdirSync(path.dirname(file), { recursive: true });
  rmSync(file, { force: true });
  const rate = new Rate(PER_SECOND, BURST);
  const server = createServer((request, response) => {
    void handle({ request, response, by, context, rate }).catch((error: unknown) => {
      log.warn({ error: (error as Error).message }, 'A request on the local socket failed.');
      response.destroy();
    });
  });
  // Asking waits for a person.
  server.requestTimeout = 0;
  server.maxConnections = MAX_CONNECTIONS;
  server.on('clientError', (_, socket) => socket.destroy());
  await listen(server, file);
  chmodSync(file, mode);
  return {
    file,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  by: Speaker;
  context: LocalContext;
  rate: Rate;
}

async function handle({ request, response, by, context, rate }: Exchange): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://agent');
  const name = url.pathname.slice(1);
  if (request.method === 'GET' && name === '') return answer(response, 200, LOCAL_HELP);
  if (!rate.take())
    return answer(response, 429, { error: `At most ${PER_SECOND} requests a second. Nothing was done. Slow down.` });
  if (request.method === 'GET' && name === 'subscribe') return subscribe(response, url.searchParams.get('topic') ?? '', context);
  const verb = Object.hasOwn(LOCAL_VERBS, name) ? LOCAL_VERBS[name] : undefined;
  if (!verb) return answer(response, 404, { error: `There is no ${url.pathname} here. GET / lists what there is.` });
  if (request.method !== 'POST') return answer(response, 405, { error: `Use POST for ${url.pathname}.` });
  const body = await readBody(request);
  if (body === undefined) return answer(response, 413, { error: `A request has at most ${BODY_BYTES} bytes. Nothing was done.` });
  const left = new AbortController();
  response.on('close', () => left.abort());
  try {
    answer(response, 200, (await verb({ by, body: parseBody(request, body), signal: left.signal }, context)) ?? {});
  } catch (error) {
    const [status, words] = explain(error);
    answer(response, status, { error: words });
  }
}

function subscribe(response: ServerResponse, topic: string, { bus }: LocalContext): void {
  if (!Topic.safeParse(topic).success) {
    answer(response, 400, { error: 'Say which topic: /subscribe?topic=person_detected' });
    return;
  }
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
  response.flushHeaders();
  const stop = bus.listen(topic, (message) => {
    if (response.writableLength > SUBSCRIBER_BYTES) response.destroy();
    else response.write(`${JSON.stringify(message)}\n`);
  });
  // An empty line now and then tells both sides that the other still lives.
  const beat = setInterval(() => response.write('\n'), KEEPALIVE_MS);
  response.on('close', () => {
    clearInterval(beat);
    stop();
  });
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `curl -d 'counting visitors'` sends plain text under a form's type, so an object is told by its brace. */
function parseBody(request: IncomingMessage, text: string): unknown {
  const isJson = request.headers['content-type']?.includes('json') || text.trimStart().startsWith('{');
  return isJson ? JSON.parse(text) : { text: text.trim() };
}

function explain(error: unknown): [number, string] {
  if (error instanceof z.ZodError)
    return [400, `${error.issues[0]?.path.join('.') || 'body'}: ${error.issues[0]?.message ?? 'not understood'}`];
  if (error instanceof SyntaxError) return [400, 'The body is no JSON. Nothing was done.'];
  if (error instanceof TooManyAsksError) return [429, error.message];
  if (error instanceof BusAwayError) return [503, error.message];
  if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError'))
    return [408, 'Nobody answered in time. The question was taken back.'];
  return [500, 'Something failed in the agent. Nothing was done.'];
}

function answer(response: ServerResponse, status: number, body: string | object): void {
  if (response.headersSent || response.destroyed) return;
  const plain = typeof body === 'string';
  response.writeHead(status, { 'Content-Type': plain ? 'text/plain; charset=utf-8' : 'application/json' });
  response.end(plain ? body : `${JSON.stringify(body)}\n`);
}

function listen(server: Server, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(file, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
