/** Lets nobody in without a session or a token, but for the few routes that the access table opens to anybody. */
import type { MiddlewareHandler } from 'hono';
import { ProblemError } from '#contracts/problem.ts';
import { identify } from '../auth/identify.ts';
import { accessOf } from './authorize.ts';
import { readSessionCookie } from './cookie.ts';
import type { ApiContext, ApiEnv } from './environment.ts';
import { sourceAddress } from './origin.ts';

export const authenticate: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const open = accessOf(c) === 'anybody';
  // Health must answer while storage is silent, so nobody is looked up there who did not say who they are.
  const credentials = {
    cookie: readSessionCookie(c),
    bearer: bearerOf(c),
    from: sourceAddress(c),
    client: c.req.header('user-agent'),
  };
  const identity = await identify(c.get('hub'), credentials).catch((error: unknown) => {
    if (open) return undefined;
    throw error;
  });
  if (!identity && !open)
    throw new ProblemError('unauthenticated', 'You are not signed in.', 'Devices are not affected. Sign in, or send a token.');
  c.set('identity', identity);
  await next();
};

function bearerOf(c: ApiContext): string | undefined {
  return /^Bearer +(\S{1,512})$/i.exec(c.req.header('authorization') ?? '')?.[1];
}
