/** Routes of the ways in, for who is not signed in: passkeys, a provider, the certificate to trust. */
import { X509Certificate } from 'node:crypto';
import { hostname } from 'node:os';
import { createRoute, type z } from '@hono/zod-openapi';
import { Session } from '#contracts/api.ts';
import {
  Doors,
  LinkPasskeyRequest,
  OidcFinish,
  OidcFinishRequest,
  OidcStart,
  OidcStartRequest,
  PasskeyLoginRequest,
  PasskeyOptions,
} from '#contracts/api-auth.ts';
import { ProblemError } from '#contracts/problem.ts';
import { sourceOf } from '../../auth/login-throttle.ts';
import { finishOidc } from '../../auth/oidc/finish-oidc.ts';
import { startOidc } from '../../auth/oidc/start-oidc.ts';
import { loginWithPasskey } from '../../auth/passkeys/login-with-passkey.ts';
import { offerLinkPasskey } from '../../auth/passkeys/offer-link-passkey.ts';
import { assertionOptions } from '../../auth/passkeys/passkeys.ts';
import { digest } from '../../auth/secret.ts';
import { RateLimit } from '../../identity/rate-limit.ts';
import { answers, json, problem } from '../answers.ts';
import { admit, openDoor, readDoor } from '../door.ts';
import { type Api, type ApiContext, contextOf } from '../environment.ts';
import { isSecure, ownOrigin, sourceAddress } from '../origin.ts';

const tags = ['sign in'];
const body = <T extends z.ZodType>(schema: T) => ({ body: { required: true, content: json(schema) } });
const signedIn = answers(Session, 'Signed in; the session is in the cookie.');

const getDoors = createRoute({
  method: 'get',
  path: '/doors',
  tags,
  summary: 'The ways in that the login page offers',
  security: [],
  responses: answers(Doors, 'The ways in.'),
});
const getCa = createRoute({
  method: 'get',
  path: '/ca.crt',
  tags,
  summary: "The certificate of the fleet's own CA, to be trusted by browsers",
  security: [],
  responses: { 200: { description: 'PEM. No secret.' }, default: problem },
});
const postPasskeyOptions = createRoute({
  method: 'post',
  path: '/login/passkey-options',
  tags,
  summary: 'Begin to sign in with a passkey',
  security: [],
  responses: answers(PasskeyOptions, 'For `navigator.credentials.get`.'),
});
const postPasskeyLogin = createRoute({
  method: 'post',
  path: '/login/passkey',
  tags,
  summary: 'Sign in with a passkey; it says whose it is',
  security: [],
  request: body(PasskeyLoginRequest),
  responses: signedIn,
});
const postLinkOptions = createRoute({
  method: 'post',
  path: '/links/passkey-options',
  tags,
  summary: 'Begin to finish a one-time link with a passkey',
  security: [],
  request: body(LinkPasskeyRequest),
  responses: answers(PasskeyOptions, 'For `navigator.credentials.create`.'),
});
const postOidcStart = createRoute({
  method: 'post',
  path: '/oidc/start',
  tags,
  summary: 'Begin to sign in at the provider of accounts',
  security: [],
  request: body(OidcStartRequest),
  responses: answers(OidcStart, "The provider's page."),
});
const postOidcFinish = createRoute({
  method: 'post',
  path: '/oidc/finish',
  tags,
  summary: 'Sign in with what the provider sent back',
  security: [],
  request: body(OidcFinishRequest),
  responses: answers(OidcFinish, 'Signed in; the session is in the cookie.'),
});

export function doorRoutes(api: Api): void {
  // Each beginning is kept for some minutes: a stranger must not fill the storage with them.
  const beginnings = new RateLimit({ burst: 20, perSecond: 0.2 });
  const begin = (c: ApiContext): string => {
    if (!beginnings.take(sourceOf(sourceAddress(c)))) throw tooOften();
    return openDoor(c);
  };
  api.openapi(getDoors, (c) => c.json(doorsOf(c), 200));
  api.openapi(getCa, (c) => {
    const pem = contextOf(c).hub.publicNatsCa;
    if (!pem) throw noCa();
    const headers = {
      'Content-Type': 'application/x-x509-ca-cert',
      'Content-Disposition': 'attachment; filename="scorewall-ca.crt"',
    };
    return c.body(pem, 200, headers);
  });
  api.openapi(postPasskeyOptions, async (c) => {
    const ceremony = { purpose: 'sign-in' as const, boundTo: digest(begin(c)), origin: ownOrigin(c) };
    return c.json(await assertionOptions(contextOf(c).hub, ceremony), 200);
  });
  api.openapi(postPasskeyLogin, async (c) => {
    const at = { boundTo: digest(readDoor(c)), origin: ownOrigin(c), source: sourceAddress(c) };
    const opened = await loginWithPasskey({ ctx: contextOf(c), input: { ...c.req.valid('json'), ...at } });
    await admit(c, opened);
    return c.json(opened.session, 200);
  });
  api.openapi(postLinkOptions, async (c) => {
    const at = { door: begin(c), origin: ownOrigin(c), source: sourceAddress(c) };
    return c.json(await offerLinkPasskey(contextOf(c).hub, { ...c.req.valid('json'), ...at }), 200);
  });
  api.openapi(postOidcStart, async (c) => {
    const { next = '/', again = false } = c.req.valid('json');
    const input = { next, again, boundTo: digest(begin(c)), origin: ownOrigin(c) };
    return c.json(await startOidc(contextOf(c).hub, input), 200);
  });
  api.openapi(postOidcFinish, async (c) => {
    const input = { ...c.req.valid('json'), boundTo: digest(readDoor(c)) };
    const opened = await finishOidc({ ctx: contextOf(c), input });
    await admit(c, opened);
    return c.json({ user: opened.session.user, next: opened.next }, 200);
  });
}

function doorsOf(c: ApiContext): Doors {
  const { oidc, publicNatsCa } = contextOf(c).hub;
  const name = hostname().toLowerCase();
  const own = isSecure(c) && publicNatsCa !== undefined;
  return {
    ...(oidc ? { oidc: { name: oidc.settings.name } } : {}),
    hosts: isSecure(c) ? [...new Set([`${name.split('.')[0]}.local`, name])] : ['localhost'],
    ...(own ? { ca: { fingerprint: new X509Certificate(publicNatsCa).fingerprint256 } } : {}),
  };
}

const tooOften = () =>
  new ProblemError(
    'too-many-attempts',
    'Signing in was begun too often from your address.',
    'Devices are not affected. Try again in half a minute.',
  );

const noCa = () =>
  new ProblemError(
    'not-found',
    'This hub has no certificate of its own to trust.',
    'Nothing has changed. It has one when it is started with --lan.',
  );
