/**
 * Refuses changes that another site makes a signed-in browser send. A token is never sent by a browser on its own, so
 * requests with one need none of this.
 */
import type { MiddlewareHandler } from 'hono';
import { ProblemError } from '#contracts/problem.ts';
import type { ApiContext, ApiEnv } from './environment.ts';
import { ownOrigin } from './origin.ts';
import { unsupportedType } from './problem-response.ts';

const READING = ['GET', 'HEAD', 'OPTIONS'];
/** A form of another site can send none of these types. */
const TYPES = ['application/json', 'application/yaml'];

export const forbidForgery: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const via = c.get('identity')?.actor.via ?? 'none';
  if (!READING.includes(c.req.method) && via !== 'token') check(c, via === 'session');
  await next();
};

/** Without a session there is nothing to forge but the sign-in itself: a program may leave Origin out. */
function check(c: ApiContext, originNeeded: boolean): void {
  const origin = c.req.header('origin');
  const site = c.req.header('sec-fetch-site');
  const foreign = origin === undefined ? originNeeded : origin !== ownOrigin(c);
  if (foreign || (site !== undefined && site !== 'same-origin'))
    throw new ProblemError(
      'forbidden',
      'This request did not come from a page of this hub.',
      'Nothing has changed. Open the wall itself and try again there.',
    );
  const type = (c.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  if (!TYPES.includes(type)) throw unsupportedType();
}
