/** Routes about the hub itself: the wall, its health, and the description of this API. */
import { createRoute, z } from '@hono/zod-openapi';
import { Readiness, WallSnapshot } from '#contracts/api.ts';
import { getWall } from '../../devices/get-wall.ts';
import { answers, json } from '../answers.ts';
import { checkReadiness } from '../check-readiness.ts';
import { type Api, contextOf } from '../environment.ts';
import { openApiDocument } from '../openapi-document.ts';

const tags = ['hub'];
const Health = z.object({ ok: z.literal(true) }).meta({ id: 'Health' });

const getWallRoute = createRoute({
  method: 'get',
  path: '/wall',
  tags,
  summary: 'Everything the wall shows',
  responses: answers(WallSnapshot, 'The wall at this moment.'),
});
const getHealth = createRoute({
  method: 'get',
  path: '/healthz',
  tags,
  summary: 'The process is alive',
  security: [],
  responses: answers(Health, 'It is.'),
});
const getReadiness = createRoute({
  method: 'get',
  path: '/readyz',
  tags,
  summary: 'The hub can do its work. The checks are told only to who is signed in',
  security: [],
  responses: {
    200: { description: 'Ready.', content: json(Readiness) },
    503: { description: 'Not ready.', content: json(Readiness) },
  },
});

export function hubRoutes(api: Api): void {
  api.openapi(getWallRoute, async (c) => c.json(await getWall({ ctx: contextOf(c) }), 200));
  api.openapi(getHealth, (c) => c.json({ ok: true as const }, 200));
  api.openapi(getReadiness, async (c) => {
    const readiness = await checkReadiness({ ctx: contextOf(c) });
    const told = c.get('identity') ? readiness : { ...readiness, checks: [] };
    return c.json(told, readiness.ready ? 200 : 503);
  });
  let document: object | undefined;
  api.get('/openapi.json', (c) => {
    document ??= openApiDocument(api);
    return c.json(document, 200);
  });
}
