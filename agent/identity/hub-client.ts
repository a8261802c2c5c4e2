/** Asks the hub over HTTP(S): to join, to come back where NATS lets the device in no longer, and for files. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect, type TLSSocket } from 'node:tls';

const TIMEOUT_MS = 15_000;
const MAX_ANSWER_BYTES = 256 * 1024;
const DOWNLOAD_TIMEOUT_MS = 10 * 60_000;
const SILENCE_MS = 30_000;

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

/** What is there is another file than the one that is wanted: asking again changes nothing. */
export class WrongFile extends Error {
  override readonly name = 'WrongFile';
}

/** @throws HubUnreachable, WrongKey */
export async function askHub(hub: HubAddress, path: string, body: unknown): Promise<HubAnswer> {
  const url = new URL(`/api/v1${path}`, hub.url);
  try {
    const response = await send(url, hub.pin, { method: 'POST', text: JSON.stringify(body), timeoutMs: TIMEOUT_MS });
    const text = (await readAll(response, MAX_ANSWER_BYTES)).toString();
    return { status: response.statusCode ?? 0, body: parseJson(text, url) };
  } catch (error) {
    throw unreachable(url, error as Error);
  }
}

/** A file of exactly this size. @throws HubUnreachable, WrongKey, WrongFile */
export async function fetchFromHub(hub: HubAddress, path: string, sizeBytes: number): Promise<Buffer> {
  const url = new URL(path, hub.url);
  try {
    const response = await send(url, hub.pin, { method: 'GET', timeoutMs: DOWNLOAD_TIMEOUT_MS });
    const { statusCode, headers } = response;
    const isOther = statusCode === 404 || (statusCode === 200 && Number(headers['content-length']) !== sizeBytes);
    if (statusCode !== 200 || isOther) response.destroy();
    if (isOther) throw new WrongFile(`The hub at ${url.origin} has another file, or none, at ${path}.`);
    if (statusCode !== 200) throw new HubUnreachable(`The hub at ${url.origin} cannot give the file now (${statusCode}).`);
    return await readAll(response, sizeBytes);
  } catch (error) {
    throw error instanceof WrongFile ? error : unreachable(url, error as Error);
  }
}

const unreachable = ({ origin }: URL, error: Error): Error =>
  error instanceof HubUnreachable
    ? error
    : new HubUnreachable(`The hub at ${origin} cannot be reached (${reasonOf(error)}).`, { cause: error });

interface Sent {
  method: 'GET' | 'POST';
  text?: string;
  timeoutMs: number;
}

async function send(url: URL, pin: string | undefined, { method, text, timeoutMs }: Sent): Promise<IncomingMessage> {
  const signal = AbortSignal.timeout(timeoutMs);
  const content = text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  // A connection of its own each time: the key of each was looked at.
  const options = { method, signal, agent: false as const, headers: { ...content, connection: 'close' } };
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
    asking.setTimeout(Math.min(SILENCE_MS, timeoutMs), () => asking.destroy(new Error('no answer in time')));
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

async function readAll(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new Error('its answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
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
