/** Routes of TVs: a code on the screen, its approval, and the list. */
import { createRoute, z } from '@hono/zod-openapi';
import { ApproveTvRequest, ChangeTvRequest, ClaimTvRequest, Tv, TvClaim, TvList, TvPairing } from '#contracts/api-people.ts';
import { approveTv } from '../../people/approve-tv.ts';
import { claimTv } from '../../people/claim-tv.ts';
import { startTvPairing } from '../../people/start-tv-pairing.ts';
import { changeTv, listTvs, removeTv } from '../../people/tvs.ts';
import { answers, json, problem } from '../answers.ts';
import { writeSessionCookie } from '../cookie.ts';
import { type Api, contextOf } from '../environment.ts';
import { sourceAddress } from '../origin.ts';

const tags = ['tvs'];
const CodePath = z.object({ code: z.string().max(20) });
const IdPath = z.object({ id: z.string().max(40) });

const postPairing = createRoute({
  method: 'post',
  path: '/tv-pairings',
  tags,
  summary: 'Get a code for a TV to show',
  security: [],
  responses: { 201: { description: 'The code, good for ten minutes.', content: json(TvPairing) }, default: problem },
});
const postApprove = createRoute({
  method: 'post',
  path: '/tv-pairings/{code}/approve',
  tags,
  summary: 'Let the TV that shows this code show a wall',
  request: { params: CodePath, body: { required: true, content: json(ApproveTvRequest) } },
  responses: { 204: { description: 'The TV signs itself in within seconds.' }, default: problem },
});
const postClaim = createRoute({
  method: 'post',
  path: '/tv-pairings/{code}/claim',
  tags,
  summary: 'Ask, as the TV, whether it was approved',
  security: [],
  request: { params: CodePath, body: { required: true, content: json(ClaimTvRequest) } },
  responses: answers(TvClaim, 'Paired: the session is in the cookie. Else ask again in a few seconds.'),
});
const getTvs = createRoute({
  method: 'get',
  path: '/tvs',
  tags,
  summary: 'All TVs, by title',
  responses: answers(TvList, 'The TVs.'),
});
const patchTv = createRoute({
  method: 'patch',
  path: '/tvs/{id}',
  tags,
  summary: 'Let a TV show another wall',
  request: { params: IdPath, body: { required: true, content: json(ChangeTvRequest) } },
  responses: answers(Tv, 'The TV.'),
});
const deleteTv = createRoute({
  method: 'delete',
  path: '/tvs/{id}',
  tags,
  summary: 'Sign a TV out',
  request: { params: IdPath },
  responses: { 204: { description: 'It shows nothing any more.' }, default: problem },
});

export function tvRoutes(api: Api): void {
  api.openapi(postPairing, async (c) =>
    c.json(await startTvPairing({ ctx: contextOf(c), input: { source: sourceAddress(c) } }), 201),
  );
  api.openapi(postApprove, async (c) => {
    await approveTv({ ctx: contextOf(c), input: { ...c.req.valid('param'), ...c.req.valid('json') } });
    return c.body(null, 204);
  });
  api.openapi(postClaim, async (c) => {
    const input = { ...c.req.valid('param'), ...c.req.valid('json'), source: sourceAddress(c) };
    const signedIn = await claimTv({ ctx: contextOf(c), input });
    if (signedIn) writeSessionCookie(c, signedIn.secret, signedIn.session.expiresAt);
    return c.json({ paired: signedIn !== undefined }, 200);
  });
  api.openapi(getTvs, async (c) => c.json({ items: await listTvs({ ctx: contextOf(c) }) }, 200));
  api.openapi(patchTv, async (c) =>
    c.json(await changeTv({ ctx: contextOf(c), input: { ...c.req.valid('param'), ...c.req.valid('json') } }), 200),
  );
  api.openapi(deleteTv, async (c) => {
    await removeTv({ ctx: contextOf(c), input: c.req.valid('param') });
    return c.body(null, 204);
  });
}
