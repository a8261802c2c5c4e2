/** Routes of what lets somebody in: open sessions, tokens of programs, and a fresh proof. */
import { createRoute, z } from '@hono/zod-openapi';
import { PersonProof } from '#contracts/api-auth.ts';
import { NewToken, SessionList, SteppedUp, TokenList, TokenRequest } from '#contracts/api-people.ts';
import { createToken, listTokens, removeToken } from '../../auth/api-tokens.ts';
import { listOpenSessions, removeOpenSession } from '../../auth/open-sessions.ts';
import { stepUp } from '../../auth/step-up.ts';
import { answers, json, problem } from '../answers.ts';
import { writeSessionCookie } from '../cookie.ts';
import { type Api, contextOf, identityOf } from '../environment.ts';
import { ownOrigin, sourceAddress } from '../origin.ts';

const tags = ['credentials'];
const params = z.object({ id: z.string().max(64) });

const postStepUp = createRoute({
  method: 'post',
  path: '/step-up',
  tags,
  summary: 'Show once more that it is you; the session gets a new secret',
  request: { body: { required: true, content: json(PersonProof) } },
  responses: answers(SteppedUp, 'What asks for a proof goes on until then.'),
});
const getSessions = createRoute({
  method: 'get',
  path: '/sessions',
  tags,
  summary: 'Where you are signed in; the owner sees everybody',
  responses: answers(SessionList, 'The sessions, the one that asks first.'),
});
const deleteSession = createRoute({
  method: 'delete',
  path: '/sessions/{id}',
  tags,
  summary: 'End a session; its live connections are cut and refused at once',
  request: { params },
  responses: { 204: { description: 'It has ended.' }, default: problem },
});
const getTokens = createRoute({
  method: 'get',
  path: '/tokens',
  tags,
  summary: 'Your tokens; the owner sees those of all',
  responses: answers(TokenList, 'The tokens, newest first, without their secrets.'),
});
const postToken = createRoute({
  method: 'post',
  path: '/tokens',
  tags,
  summary: 'Make a token for a program, with at most your own rights',
  request: { body: { required: true, content: json(TokenRequest) } },
  responses: { 201: { description: 'The token. Its secret is shown once.', content: json(NewToken) }, default: problem },
});
const deleteToken = createRoute({
  method: 'delete',
  path: '/tokens/{id}',
  tags,
  summary: 'Take a token back; its live connections are cut and refused at once',
  request: { params },
  responses: { 204: { description: 'It is refused.' }, default: problem },
});

export function credentialRoutes(api: Api): void {
  api.openapi(postStepUp, async (c) => {
    const input = {
      identity: identityOf(c),
      proof: c.req.valid('json'),
      origin: ownOrigin(c),
      source: sourceAddress(c),
    };
    const { until, secret, expiresAt } = await stepUp({ ctx: contextOf(c), input });
    writeSessionCookie(c, secret, expiresAt);
    return c.json({ until: until.toISOString() }, 200);
  });
  api.openapi(getSessions, async (c) =>
    c.json({ items: await listOpenSessions({ ctx: contextOf(c), input: { key: identityOf(c).key } }) }, 200),
  );
  api.openapi(deleteSession, async (c) => {
    await removeOpenSession({ ctx: contextOf(c), input: c.req.valid('param') });
    return c.body(null, 204);
  });
  api.openapi(getTokens, async (c) => c.json({ items: await listTokens({ ctx: contextOf(c) }) }, 200));
  api.openapi(postToken, async (c) => {
    const input = { ...c.req.valid('json'), identity: identityOf(c) };
    return c.json(await createToken({ ctx: contextOf(c), input }), 201);
  });
  api.openapi(deleteToken, async (c) => {
    await removeToken({ ctx: contextOf(c), input: c.req.valid('param') });
    return c.body(null, 204);
  });
}
