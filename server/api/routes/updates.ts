/** Routes of new agents for devices: who runs what, and a rollout. */
import { createRoute } from '@hono/zod-openapi';
import { UpdateDecision, UpdateRequest, UpdateRollout, Updates } from '#contracts/api-updates.ts';
import { decideUpdate } from '../../updates/decide-update.ts';
import { describeUpdates } from '../../updates/describe-updates.ts';
import { startUpdate } from '../../updates/start-update.ts';
import { answers, json, NamePath, problem } from '../answers.ts';
import { type Api, contextOf } from '../environment.ts';

const tags = ['updates'];
const begun = { 201: { description: 'It has begun.', content: json(UpdateRollout) }, default: problem };

const getUpdates = createRoute({
  method: 'get',
  path: '/updates',
  tags,
  summary: 'Which agent the hub carries, who runs which, and the newest rollout',
  responses: answers(Updates, 'Of the devices you may see.'),
});
const postUpdates = createRoute({
  method: 'post',
  path: '/updates',
  tags,
  summary: 'Give devices the agent that the hub carries: one first, then a tenth, then the rest',
  request: { body: { required: true, content: json(UpdateRequest) } },
  responses: begun,
});
const postDecision = createRoute({
  method: 'post',
  path: '/updates/decide',
  tags,
  summary: 'Let a rollout that is paused go on, or stop one',
  request: { body: { required: true, content: json(UpdateDecision) } },
  responses: answers(UpdateRollout, 'The rollout.'),
});
const postDeviceUpdate = createRoute({
  method: 'post',
  path: '/devices/{name}/update',
  tags,
  summary: 'Give one device the agent that the hub carries',
  request: { params: NamePath },
  responses: begun,
});

export function updateRoutes(api: Api): void {
  api.openapi(getUpdates, async (c) => c.json(await describeUpdates({ ctx: contextOf(c) }), 200));
  api.openapi(postUpdates, async (c) => c.json(await startUpdate({ ctx: contextOf(c), input: c.req.valid('json') }), 201));
  api.openapi(postDecision, async (c) => c.json(await decideUpdate({ ctx: contextOf(c), input: c.req.valid('json') }), 200));
  api.openapi(postDeviceUpdate, async (c) => {
    const { name } = c.req.valid('param');
    return c.json(await startUpdate({ ctx: contextOf(c), input: { devices: [name] } }), 201);
  });
}
