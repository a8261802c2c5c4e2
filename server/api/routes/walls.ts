/** Routes of saved walls. */
import { createRoute, z } from '@hono/zod-openapi';
import { WallEntry, WallList } from '#contracts/api-walls.ts';
import { Wall } from '#contracts/wall.ts';
import { deleteWall } from '../../walls/delete-wall.ts';
import { getWall } from '../../walls/get-wall.ts';
import { listWalls } from '../../walls/list-walls.ts';
import { putWall } from '../../walls/put-wall.ts';
import { answers, json, NamePath, problem } from '../answers.ts';
import { type Api, type ApiContext, contextOf } from '../environment.ts';
import { etag, expectedRevision } from '../preconditions.ts';

const tags = ['walls'];
const params = NamePath;
const Preconditions = z.object({
  'if-match': z.string().optional().describe('The ETag you read, to change it.'),
  'if-none-match': z.string().optional().describe('`*`, to save it for the first time.'),
});

const getAll = createRoute({
  method: 'get',
  path: '/walls',
  tags,
  summary: 'All saved walls, the main one first',
  responses: answers(WallList, 'The walls.'),
});
const getOne = createRoute({
  method: 'get',
  path: '/walls/{name}',
  tags,
  summary: 'One saved wall; `main` is always there',
  request: { params },
  responses: answers(WallEntry, 'The wall.'),
});
const put = createRoute({
  method: 'put',
  path: '/walls/{name}',
  tags,
  summary: 'Save a wall. The same again changes nothing',
  request: { params, headers: Preconditions, body: { required: true, content: json(Wall) } },
  responses: {
    200: { description: 'Changed, or the same as before.', content: json(WallEntry) },
    201: { description: 'Saved for the first time.', content: json(WallEntry) },
    default: problem,
  },
});
const remove = createRoute({
  method: 'delete',
  path: '/walls/{name}',
  tags,
  summary: 'Delete a saved wall; `main` becomes as it was at first',
  request: { params, headers: Preconditions.pick({ 'if-match': true }) },
  responses: { 204: { description: 'Deleted.' }, default: problem },
});

export function wallRoutes(api: Api): void {
  api.openapi(getAll, async (c) => c.json({ items: await listWalls({ ctx: contextOf(c) }) }, 200));
  api.openapi(getOne, async (c) => {
    const entry = await getWall({ ctx: contextOf(c), input: c.req.valid('param') });
    return c.json(entry, 200, { ETag: etag(entry.revision) });
  });
  api.openapi(put, async (c) => {
    const input = {
      ...c.req.valid('param'),
      wall: c.req.valid('json'),
      expectedRevision: revisionSeen(c, c.req.header('if-none-match')),
    };
    const { entry, outcome } = await putWall({ ctx: contextOf(c), input });
    return c.json(entry, outcome === 'created' ? 201 : 200, { ETag: etag(entry.revision) });
  });
  api.openapi(remove, async (c) => {
    const input = { ...c.req.valid('param'), expectedRevision: revisionSeen(c, undefined) };
    await deleteWall({ ctx: contextOf(c), input });
    return c.body(null, 204);
  });
}

/** `main` is read with the ETag "0" before anybody saved it. */
function revisionSeen(c: ApiContext, ifNoneMatch: string | undefined): number {
  const ifMatch = c.req.header('if-match');
  return ifMatch?.trim() === etag(0) ? 0 : expectedRevision(ifMatch, ifNoneMatch);
}
