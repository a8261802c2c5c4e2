/** Requests to the anchor: the raw way for the proxy, and the one question of the front itself: does this cookie belong to somebody? */
import { Agent, type ClientRequest, type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';
import type { AnchorAddress } from './web-settings.ts';

const SESSION_TIMEOUT_MS = 5_000;

export type SessionAnswer = 'signed-in' | 'signed-out' | 'silent';
/** The same, with what is signed in: guests and TVs open no pages but their own. */
export type Visitor = 'person' | 'tv' | 'guest' | 'signed-out' | 'silent';

/** A session in JSON is much smaller; what is longer is none. */
const LONGEST_SESSION = 16_384;

export interface AnchorClient {
  request(options: RequestOptions): ClientRequest;
  askSession(headers: IncomingHttpHeaders): Promise<SessionAnswer>;
  askVisitor(headers: IncomingHttpHeaders): Promise<Visitor>;
  close(): void;
}

export function createAnchorClient(address: AnchorAddress): AnchorClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 256, scheduling: 'lifo' });
  const send = (options: RequestOptions) => request({ ...address, agent, ...options });

  function askVisitor(headers: IncomingHttpHeaders): Promise<Visitor> {
    const { cookie, authorization, host } = headers;
    if (!cookie && !authorization) return Promise.resolve('signed-out');
    return new Promise((resolve) => {
      const asked = send({
        path: '/api/v1/session',
        timeout: SESSION_TIMEOUT_MS,
        headers: {
          host,
          'x-forwarded-host': host,
          'x-forwarded-proto': headers['x-forwarded-proto'],
          'x-forwarded-for': headers['x-forwarded-for'],
          ...(cookie ? { cookie } : {}),
          ...(authorization ? { authorization } : {}),
        },
      });
      asked.on('response', (reply) => {
        const status = reply.statusCode ?? 0;
        let text = '';
        reply.setEncoding('utf8').on('data', (chunk: string) => {
          if (text.length < LONGEST_SESSION) text += chunk;
        });
        reply.on('end', () => resolve(status === 200 ? kindOf(text) : status >= 500 || status === 0 ? 'silent' : 'signed-out'));
        reply.on('error', () => resolve('silent'));
      });
      asked.on('timeout', () => asked.destroy());
      asked.on('error', () => resolve('silent'));
      asked.end();
    });
  }

  const askSession = async (headers: IncomingHttpHeaders): Promise<SessionAnswer> => {
    const visitor = await askVisitor(headers);
    return visitor === 'signed-out' || visitor === 'silent' ? visitor : 'signed-in';
  };
  return { request: send, askSession, askVisitor, close: () => agent.destroy() };
}

function kindOf(text: string): Visitor {
  try {
    const { kind } = JSON.parse(text) as { kind?: unknown };
    if (kind === 'person' || kind === 'tv' || kind === 'guest') return kind;
  } catch {
    // Falls through: an anchor that answers otherwise is not one that can be asked.
  }
  return 'silent';
}
