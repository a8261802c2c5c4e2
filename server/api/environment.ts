/** What travels with a request through the REST API. */
import type { HttpBindings } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context as HonoContext } from 'hono';
import type { Identity } from '../auth/identify.ts';
import { type Context, type Hub, NOBODY } from '../hub.ts';
import { sourceAddress } from './origin.ts';

export interface ApiEnv {
  Bindings: HttpBindings;
  Variables: {
    hub: Hub;
    /** Absent on the few routes that anybody may call. */
    identity: Identity | undefined;
    /** Methods of a path that does not have the one asked for. */
    allow: string | undefined;
  };
}

export type Api = OpenAPIHono<ApiEnv>;
export type ApiContext = HonoContext<ApiEnv>;

export const contextOf = (c: ApiContext): Context => ({
  hub: c.get('hub'),
  actor: c.get('identity')?.actor ?? NOBODY,
  from: sourceAddress(c),
});

/** On routes that need a session or a token. */
export function identityOf(c: ApiContext): Identity {
  const identity = c.get('identity');
  if (!identity) throw new TypeError('This route lets nobody in without a session, so somebody must be here.');
  return identity;
}
