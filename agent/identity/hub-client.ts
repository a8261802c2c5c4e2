/** Asks the hub over HTTP(S), where the device has no connection to NATS: to join, and to come back. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect, type TLSSocket } from 'node:tls';

const TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 256 * 1024;

export interface HubAddress {
  /** `https://hub.local:7400`. */
  url: string;
  /** SHA-256 of the hub's TLS key (SPKI), base64: where it is given, this key is believed and no authority is asked. */
  pin?: string | undefined;
}

export interface HubAnswer {
  status: number;
  body: unknown;
}

/** The hub gave no answer that can be read. `message` says what happened, for people. */
export class HubUnreachable extends Error {
  override readonly name: string = 'HubUnreachable';
}

/** What answers has another key than the one that is pinned. */
export class WrongKey extends HubUnreachable {}

/** @throws HubUnreachable, WrongKey */
export async function askHub(hub: HubAddress, path: string, body: unknown): Promise<HubAnswer> {
  const url = new URL(`/api/v1${path}`, hub.url);
  try {
    const response = await post(url, hub.pin, JSON.stringify(body));
    const text = await readAll(response);
    return { status: response.statusCode ?? 0, body: parseJson(text, url) };
  } catch (error) {
    if (error instanceof HubUnreachable) throw error;
    throw new HubUnreachable(`The hub at ${url.origin} cannot be reached (${reasonOf(error as Error)}).`, { cause: error });
  }
}

async function post(url: URL, pin: string | undefined, text: string): Promise<IncomingMessage> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const options = {
    method: 'POST',
    signal,
    agent: false as const,
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
  };
  // The key is looked at before anything is sent.
  const pinned = pin && url.protocol === 'https:' ? await connectPinned(url, pin, signal) : undefined;
  return await new Promise((resolve, reject) => {
    // With `agent: false` a connection of its own would be opened, without the look at the key.
    const asking =
      url.protocol === 'https:'
        ? requestHttps(url, pinned ? { ...options, agent: undefined, createConnection: () => pinned } : options)
        : requestHttp(url, options);
    asking.once('error', reject);
    asking.once('response', resolve);
    asking.end(text);
  });
}

function connectPinned(url: URL, pin: string, signal: AbortSignal): Promise<TLSSocket> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    // The pin stands for the authority, so that none is asked; without a match the connection is dropped at once.
    const socket = connect({ host, port: Number(url.port || 443), servername: servernameOf(host), rejectUnauthorized: false });
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    signal.addEventListener('abort', () => fail(signal.reason as Error), { once: true });
    socket.once('error', fail);
    socket.once('secureConnect', () => {
      if (hasKey(socket, pin)) resolve(socket);
      else {
        fail(
          new WrongKey(
            `What answers at ${url.origin} does not have the key that the join token names. Nothing was sent to it. Is the address still the hub's, or does somebody stand in between?`,
          ),
        );
      }
    });
  });
}

/** An address is no name that TLS could ask for. */
const servernameOf = (host: string): string => (/^[\d.]+$|:/.test(host) ? '' : host);

function hasKey(socket: TLSSocket, pin: string): boolean {
  const spki = socket.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' });
  const expected = Buffer.from(pin, 'base64');
  if (!spki || expected.length !== 32) return false;
  return timingSafeEqual(createHash('sha256').update(spki).digest(), expected);
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new Error('its answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parseJson(text: string, url: URL): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HubUnreachable(`What answers at ${url.origin} is not a hub. Check the address.`);
  }
}

const reasonOf = (error: NodeJS.ErrnoException): string =>
  error.name === 'TimeoutError' ? 'no answer in time' : (error.code ?? error.message);
