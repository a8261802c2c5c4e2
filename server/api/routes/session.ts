/** Routes of signing in and out. */
import { createRoute, type z } from '@hono/zod-openapi';
import { LoginRequest, NatsCredentials, NatsCredentialsRequest, OwnerLink, OwnerRequest, Session } from '#contracts/api.ts';
import { ProviderLogout } from '#contracts/api-auth.ts';
import { createOwnerLink } from '../../auth/create-owner-link.ts';
import { describeSession } from '../../auth/describe-session.ts';
import { type Identity, identify } from '../../auth/identify.ts';
import { login } from '../../auth/login.ts';
import { logout } from '../../auth/logout.ts';
import { makeOwner } from '../../auth/make-owner.ts';
import { mintNatsCredentials } from '../../auth/mint-nats-credentials.ts';
import { renewChangedSession } from '../../auth/renew-session.ts';
import { answers, json, problem } from '../answers.ts';
import { clearSessionCookie, writeSessionCookie } from '../cookie.ts';
import { admit, readDoor } from '../door.ts';
import { type Api, type ApiContext, contextOf, identityOf } from '../environment.ts';
import { ownOrigin, sourceAddress } from '../origin.ts';

const tags = ['session'];
const body = <T extends z.ZodType>(schema: T) => ({ body: { required: true, content: json(schema) } });

const postOwner = createRoute({
  method: 'post',
  path: '/owner',
  tags,
  summary: 'Make the owner, or give the owner a new password, with a one-time link',
  request: body(OwnerRequest),
  responses: answers(Session, 'Signed in; the session is in the cookie.'),
});
const postLogin = createRoute({
  method: 'post',
  path: '/login',
  tags,
  summary: 'Sign in',
  request: body(LoginRequest),
  responses: answers(Session, 'Signed in; the session is in the cookie.'),
});
const postLogout = createRoute({
  method: 'post',
  path: '/logout',
  tags,
  summary: 'Sign out',
  responses: {
    200: {
      description: 'The session has ended. The provider of accounts still knows the browser.',
      content: json(ProviderLogout),
    },
    204: { description: 'The session has ended.' },
    default: problem,
  },
});
const getSession = createRoute({
  method: 'get',
  path: '/session',
  tags,
  summary: 'Who is signed in',
  responses: answers(Session, 'You.'),
});
const postOwnerLink = createRoute({
  method: 'post',
  path: '/owner-link',
  tags,
  summary: "Make a one-time link for a new password, with the token of the hub's machine",
  responses: answers(OwnerLink, 'The link. It is good once, for 15 minutes.'),
});
const postNatsCredentials = createRoute({
  method: 'post',
  path: '/nats-credentials',
  tags,
  summary: 'Get a NATS user for 15 minutes, for a key of your own',
  request: body(NatsCredentialsRequest),
  responses: answers(NatsCredentials, 'The user.'),
});

export function sessionRoutes(api: Api): void {
  api.openapi(postOwner, async (c) => {
    const at = { source: sourceAddress(c), door: readDoor(c), origin: ownOrigin(c) };
    const opened = await makeOwner({ ctx: contextOf(c), input: { ...c.req.valid('json'), ...at } });
    await admit(c, opened);
    return c.json(opened.session, 200);
  });
  api.openapi(postLogin, async (c) => {
    const opened = await login({ ctx: contextOf(c), input: { ...c.req.valid('json'), source: sourceAddress(c) } });
    await admit(c, opened);
    return c.json(opened.session, 200);
  });
  api.openapi(postLogout, async (c) => {
    const { actor, key, session } = identityOf(c);
    await logout({ ctx: contextOf(c), input: { user: actor.user, key: session && key } });
    clearSessionCookie(c);
    const fromProvider = session?.record.amr?.includes('oidc');
    const url = fromProvider ? await contextOf(c).hub.oidc?.logoutUrl(`${ownOrigin(c)}/login`) : undefined;
    return url ? c.json({ url }, 200) : c.body(null, 204);
  });
  api.openapi(getSession, async (c) => {
    const { hub, actor } = contextOf(c);
    return c.json(await describeSession(hub, actor, identityOf(c).session?.record), 200);
  });
  api.openapi(postOwnerLink, async (c) =>
    c.json(await createOwnerLink({ ctx: contextOf(c), input: { baseUrl: ownOrigin(c) } }), 200),
  );
  api.openapi(postNatsCredentials, async (c) => {
    const identity = await withNewSecret(c, identityOf(c));
    const credentials = await mintNatsCredentials({ ctx: contextOf(c), input: { ...c.req.valid('json'), identity } });
    // A TV is asked nothing for months: each renewal of its live connection also renews the cookie.
    const { session, actor } = identity;
    if (session && actor.kind === 'tv') writeSessionCookie(c, session.secret, session.record.expiresAt);
    return c.json(credentials, 200);
  });
}

/** A session whose person was given other rights gets a new secret here: each of its pages asks for this then, and the front never does. */
async function withNewSecret(c: ApiContext, identity: Identity): Promise<Identity> {
  const { session } = identity;
  if (!session?.record.renew) return identity;
  const { hub } = contextOf(c);
  const renewed = await renewChangedSession(hub, identity);
  // Another page of the same browser was faster.
  if (!renewed) return (await identify(hub, { cookie: session.secret })) ?? identity;
  const { secret, key, record } = renewed;
  writeSessionCookie(c, secret, record.expiresAt);
  return { ...identity, key, session: { secret, record } };
}
