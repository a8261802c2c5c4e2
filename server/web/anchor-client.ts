/** Requests to the anchor: the raw way for the proxy, and the one question of the front itself: does this cookie belong to somebody? */
import { Agent, type ClientRequest, type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';
import type { AnchorAddress } from './web-settings.ts';

const SESSION_TIMEOUT_MS = 5_000;

export type SessionAnswer = 'signed-in' | 'signed-out' | 'silent';

export interface AnchorClient {
  request(options: RequestOptions): ClientRequest;
  askSession(headers: IncomingHttpHeaders): Promise<SessionAnswer>;
  close(): void;
}

export function createAnchorClient(address: AnchorAddress): AnchorClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 256, scheduling: 'lifo' });
  const send = (options: RequestOptions) => request({ ...address, agent, ...options });

  function askSession(headers: IncomingHttpHeaders): Promise<SessionAnswer> {
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
        reply.resume();
        const status = reply.statusCode ?? 0;
        resolve(status === 200 ? 'signed-in' : status >= 500 || status === 0 ? 'silent' : 'signed-out');
      });
      asked.on('timeout', () => asked.destroy());
      asked.on('error', () => resolve('silent'));
      asked.end();
    });
  }

  return { request: send, askSession, close: () => agent.destroy() };
}
