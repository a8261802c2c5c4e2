/** Routes of deployments. */
import { createRoute, z } from '@hono/zod-openapi';
import {
  DeploymentEntry,
  DeploymentList,
  DeploymentOnDeviceList,
  DeploymentRevision,
  DeploymentRevisionList,
  Review,
} from '#contracts/api.ts';
import { deleteDeployment } from '../../deployments/delete-deployment.ts';
import { listDeploymentDevices } from '../../deployments/deployment-devices.ts';
import { getRevision, listRevisions } from '../../deployments/deployment-revisions.ts';
import { getDeployment, getManifest, listDeployments } from '../../deployments/get-deployment.ts';
import { putDeployment } from '../../deployments/put-deployment.ts';
import { reviewDeployment } from '../../deployments/review-deployment.ts';
import { answers, json, NamePath, problem } from '../answers.ts';
import { deploymentBody, messageOf } from '../deployment-body.ts';
import { type Api, contextOf } from '../environment.ts';
import { etag, expectedRevision } from '../preconditions.ts';

const tags = ['deployments'];
const params = NamePath;
/** Checked by the verbs, which know lines and columns; here only for the document. */
const manifest = {
  required: true,
  content: {
    'application/yaml': { schema: { type: 'string' as const, description: 'The manifest as its author writes it.' } },
    'application/json': { schema: { $ref: '#/components/schemas/Deployment' } },
  },
};
const Preconditions = z.object({
  'if-match': z.string().optional().describe('The ETag you read, to change it.'),
  'if-none-match': z.string().optional().describe('`*`, to create it.'),
  'x-scorewall-message': z.string().optional().describe('Why, URI-encoded.'),
});

const getAll = createRoute({
  method: 'get',
  path: '/deployments',
  tags,
  summary: 'All deployments, by name',
  responses: answers(DeploymentList, 'The deployments.'),
});
const getOne = createRoute({
  method: 'get',
  path: '/deployments/{name}',
  tags,
  summary: 'One deployment; with Accept: application/yaml as its author wrote it',
  request: { params },
  responses: {
    200: {
      description: 'The deployment.',
      content: { ...json(DeploymentEntry), 'application/yaml': { schema: z.string() } },
    },
    default: problem,
  },
});
const put = createRoute({
  method: 'put',
  path: '/deployments/{name}',
  tags,
  summary: 'Save a deployment. The same text again changes nothing',
  request: { params, headers: Preconditions, body: manifest },
  responses: {
    200: { description: 'Changed, or the same as before.', content: json(DeploymentEntry) },
    201: { description: 'Created.', content: json(DeploymentEntry) },
    default: problem,
  },
});
const remove = createRoute({
  method: 'delete',
  path: '/deployments/{name}',
  tags,
  summary: 'Delete a deployment; its devices stop what it asked for',
  request: { params, headers: Preconditions.pick({ 'if-match': true }) },
  responses: { 204: { description: 'Deleted.' }, default: problem },
});
const review = createRoute({
  method: 'post',
  path: '/deployments/{name}/review',
  tags,
  summary: 'Say what saving it would do; nothing is changed',
  request: { params, body: manifest },
  responses: answers(Review, 'What would happen.'),
});
const getRevisions = createRoute({
  method: 'get',
  path: '/deployments/{name}/revisions',
  tags,
  summary: 'Its revisions, newest first',
  request: { params },
  responses: answers(DeploymentRevisionList, 'The newest 64.'),
});
const getOneRevision = createRoute({
  method: 'get',
  path: '/deployments/{name}/revisions/{generation}',
  tags,
  summary: 'One of its revisions',
  request: { params: NamePath.extend({ generation: z.coerce.number().int().positive() }) },
  responses: answers(DeploymentRevision, 'The revision.'),
});
const getDevices = createRoute({
  method: 'get',
  path: '/deployments/{name}/devices',
  tags,
  summary: 'How far it is on each device',
  request: { params },
  responses: answers(DeploymentOnDeviceList, 'Its devices.'),
});

export function deploymentRoutes(api: Api): void {
  api.openapi(getAll, async (c) => c.json({ items: await listDeployments({ ctx: contextOf(c) }) }, 200));
  api.openapi(getOne, async (c) => {
    const call = { ctx: contextOf(c), input: c.req.valid('param') };
    if (/\byaml\b/.test(c.req.header('accept') ?? '')) {
      const { revision, manifest: text } = await getManifest(call);
      return c.body(text, 200, { 'Content-Type': 'application/yaml; charset=utf-8', ETag: etag(revision) });
    }
    const entry = await getDeployment(call);
    return c.json(entry, 200, { ETag: etag(entry.revision) });
  });
  api.openapi(put, async (c) => {
    const input = {
      ...c.req.valid('param'),
      expectedRevision: expectedRevision(c.req.header('if-match'), c.req.header('if-none-match')),
      body: await deploymentBody(c),
      message: messageOf(c),
    };
    const { entry, outcome } = await putDeployment({ ctx: contextOf(c), input });
    return c.json(entry, outcome === 'created' ? 201 : 200, { ETag: etag(entry.revision) });
  });
  api.openapi(remove, async (c) => {
    const input = { ...c.req.valid('param'), expectedRevision: expectedRevision(c.req.header('if-match'), undefined) };
    await deleteDeployment({ ctx: contextOf(c), input });
    return c.body(null, 204);
  });
  api.openapi(review, async (c) =>
    c.json(await reviewDeployment({ ctx: contextOf(c), input: { ...c.req.valid('param'), body: await deploymentBody(c) } }), 200),
  );
  api.openapi(getRevisions, async (c) =>
    c.json({ items: await listRevisions({ ctx: contextOf(c), input: c.req.valid('param') }) }, 200),
  );
  api.openapi(getOneRevision, async (c) => c.json(await getRevision({ ctx: contextOf(c), input: c.req.valid('param') }), 200));
  api.openapi(getDevices, async (c) =>
    c.json({ items: await listDeploymentDevices({ ctx: contextOf(c), input: c.req.valid('param') }) }, 200),
  );
}
