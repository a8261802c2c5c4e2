/** One log line a request: path without query, no headers, no body. And what every answer carries. */
import type { MiddlewareHandler } from 'hono';
import type { ApiEnv } from './environment.ts';

const QUIET = ['/api/v1/healthz', '/api/v1/readyz'];

export const logRequests: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const begun = performance.now();
  await next();
  c.header('Cache-Control', 'no-store');
  c.header('X-Content-Type-Options', 'nosniff');
  const { method, path } = c.req;
  const ms = Math.round((performance.now() - begun) * 10) / 10;
  const level = QUIET.includes(path) || method === 'GET' ? 'debug' : 'info';
  c.get('hub').log[level]({ method, path, status: c.res.status, ms, user: c.get('identity')?.actor.user }, 'request');
};
