/** HTTP to a container engine over its unix socket: requests with a small reply, and streams of JSON lines. */
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Duplex } from 'node:stream';
import type * as z from 'zod';
import { EngineError, engineErrorFromReply } from './engine-error.ts';

export type Method = 'GET' | 'POST' | 'DELETE';

export interface RequestOptions {
  body?: unknown;
  /** undefined: the default; 0: however long it takes. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** An engine that does not answer for this long hangs; the caller tries again later. */
const TIMEOUT_MS = 60_000;

export class EngineTransport {
  readonly socketPath: string;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(socketPath: string) {
    this.socketPath = socketPath;
  }

  /** The version of podman's own API, which is podman's version; undefined: not podman. `/version` takes it half a second to answer. */
  async podmanVersion(): Promise<string | undefined> {
    const reply = await this.#open('GET', '/_ping', { timeoutMs: 10_000 });
    await readText(reply);
    return reply.headers['libpod-api-version'] as string | undefined;
  }

  /** The reply's text; a status of 400 and above is an `EngineError`. */
  async send(method: Method, path: string, options: RequestOptions = {}): Promise<string> {
    const reply = await this.#open(method, path, options);
    const text = await readText(reply);
    if ((reply.statusCode ?? 0) >= 400) throw errorOf(reply, text);
    return text;
  }

  async get<Reply>(path: string, schema: z.ZodType<Reply>, options?: RequestOptions): Promise<Reply> {
    return parseReply(await this.send('GET', path, options), schema, path);
  }

  async post<Reply>(path: string, schema: z.ZodType<Reply>, options?: RequestOptions): Promise<Reply> {
    return parseReply(await this.send('POST', path, options), schema, path);
  }

  /** Each line of an endless reply, as JSON. */
  async *lines(method: Method, path: string, signal: AbortSignal, onOpen?: () => void): AsyncIterable<unknown> {
    const reply = await this.#open(method, path, { signal, timeoutMs: 0 });
    if ((reply.statusCode ?? 0) >= 400) throw errorOf(reply, await readText(reply));
    onOpen?.();
    let rest = '';
    reply.setEncoding('utf8');
    try {
      for await (const chunk of reply as AsyncIterable<string>) {
        const parts = (rest + chunk).split('\n');
        rest = parts.pop() ?? '';
        for (const line of parts) if (line.trim()) yield parseJson(line, path);
      }
      if (rest.trim()) yield parseJson(rest, path);
    } catch (error) {
      throw error instanceof EngineError ? error : unreachable(error, signal);
    } finally {
      reply.destroy();
    }
  }

  /** An endless reply as it comes. */
  async *bytes(method: Method, path: string, signal: AbortSignal): AsyncIterable<Buffer> {
    const reply = await this.#open(method, path, { signal, timeoutMs: 0 });
    if ((reply.statusCode ?? 0) >= 400) throw errorOf(reply, await readText(reply));
    try {
      yield* reply as AsyncIterable<Buffer>;
    } catch (error) {
      throw unreachable(error, signal);
    } finally {
      reply.destroy();
    }
  }

  /** A POST whose connection carries bytes both ways from then on. */
  hijack(path: string, body?: unknown): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      const content = body === undefined ? '' : JSON.stringify(body);
      const outgoing = request({
        socketPath: this.socketPath,
        method: 'POST',
        path,
        headers: {
          host: 'engine',
          connection: 'Upgrade',
          upgrade: 'tcp',
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(content),
        },
        timeout: TIMEOUT_MS,
      });
      outgoing.on('upgrade', (_reply, socket, head) => {
        socket.setTimeout(0);
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      });
      outgoing.on('response', (reply) => {
        readText(reply).then((text) => reject(errorOf(reply, text)), reject);
      });
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer for ${TIMEOUT_MS / 1000} s`)));
      outgoing.on('error', (error) => reject(unreachable(error, undefined)));
      outgoing.end(content);
    });
  }

  #open(method: Method, path: string, options: RequestOptions, again = true): Promise<IncomingMessage> {
    const { body, timeoutMs = TIMEOUT_MS, signal } = options;
    return new Promise((resolve, reject) => {
      const content = body === undefined ? undefined : JSON.stringify(body);
      const outgoing: ClientRequest = request(
        {
          socketPath: this.socketPath,
          agent: this.#agent,
          method,
          path,
          headers: {
            host: 'engine',
            ...(content === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) }),
          },
          ...(timeoutMs > 0 ? { timeout: timeoutMs } : {}),
          ...(signal ? { signal } : {}),
        },
        resolve,
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer for ${timeoutMs / 1000} s`)));
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        // A kept connection may have died with the engine's last restart, before it saw this request.
        if (again && outgoing.reusedSocket && error.code === 'ECONNRESET') resolve(this.#open(method, path, options, false));
        else reject(unreachable(error, signal));
      });
      outgoing.end(content);
    });
  }
}

function unreachable(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return signal.reason;
  return new EngineError('unreachable', (error as Error).message, { cause: error });
}

async function readText(reply: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of reply as AsyncIterable<Buffer>) chunks.push(chunk);
  } catch (error) {
    throw unreachable(error, undefined);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseReply<Reply>(text: string, schema: z.ZodType<Reply>, path: string): Reply {
  const result = schema.safeParse(parseJson(text, path));
  if (result.success) return result.data;
  throw new EngineError('refused', `the engine answered ${path} in a form this version does not know`, { cause: result.error });
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EngineError('refused', `the engine answered ${path} with something that is not JSON`, { cause });
  }
}

function errorOf(reply: IncomingMessage, text: string): EngineError {
  return engineErrorFromReply(reply.statusCode ?? 0, engineWords(text) || `the engine answered ${reply.statusCode}`);
}

/** Podman says `{cause, message}`, Docker `{message}`. */
function engineWords(text: string): string {
  try {
    const { message, cause } = JSON.parse(text) as { message?: string; cause?: string };
    return message || cause || text.trim();
  } catch {
    return text.trim();
  }
}
