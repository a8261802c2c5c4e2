/** The REST API under /api/v1: bounds, identity, routes, and problems for everything else. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { issuesFromZod } from '#contracts/issue.ts';
import { ProblemError } from '#contracts/problem.ts';
import type { Hub } from '../hub.ts';
import { authenticate } from './authenticate.ts';
import { authorize } from './authorize.ts';
import { BASE_PATH } from './base-path.ts';
import type { Api, ApiContext, ApiEnv } from './environment.ts';
import { forbidForgery } from './forbid-forgery.ts';
import { limitBody, limitTime } from './limits.ts';
import { logRequests } from './log-requests.ts';
import { toProblem, toResponse } from './problem-response.ts';
import { auditRoutes } from './routes/audit.ts';
import { credentialRoutes } from './routes/credentials.ts';
import { deploymentRoutes } from './routes/deployments.ts';
import { deviceRoutes } from './routes/devices.ts';
import { doorRoutes } from './routes/doors.ts';
import { hubRoutes } from './routes/hub.ts';
import { identityRoutes } from './routes/identity.ts';
import { peopleRoutes } from './routes/people.ts';
import { recordingRoutes } from './routes/recordings.ts';
import { sessionRoutes } from './routes/session.ts';
import { tvRoutes } from './routes/tvs.ts';
import { updateRoutes } from './routes/updates.ts';
import { wallRoutes } from './routes/walls.ts';
import { yourRoutes } from './routes/you.ts';

export function createApp(hub: Hub): Api {
  const root: Api = new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      const issues = issuesFromZod(result.error);
      throw new ProblemError(
        'invalid',
        issues[0]?.message ?? 'The request has errors.',
        'Nothing has changed. Correct it and try again.',
        {
          issues,
        },
      );
    },
  });
  const api = root.basePath(BASE_PATH);
  root.use(async (c, next) => {
    c.set('hub', hub);
    await next();
  });
  root.use(logRequests, limitTime, limitBody, authenticate, authorize, forbidForgery);
  api.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  api.openAPIRegistry.registerComponent('securitySchemes', 'session', { type: 'apiKey', in: 'cookie', name: '__Host-scorewall' });
  sessionRoutes(api);
  doorRoutes(api);
  yourRoutes(api);
  peopleRoutes(api);
  tvRoutes(api);
  credentialRoutes(api);
  auditRoutes(api);
  hubRoutes(api);
  deviceRoutes(api);
  identityRoutes(api);
  updateRoutes(api);
  deploymentRoutes(api);
  wallRoutes(api);
  recordingRoutes(api);
  root.notFound((c) => answerProblem(c, nothingThere(root, c)));
  root.onError((error, c) => answerProblem(c, error));
  return root;
}

function answerProblem(c: ApiContext, error: unknown): Response {
  const problem = toProblem(error);
  if (problem.code === 'internal') c.get('hub').log.error({ err: problem.cause, path: c.req.path }, 'a request failed');
  const response = toResponse(problem);
  const allowed = problem.code === 'method-not-allowed' ? methodsOf(c) : undefined;
  if (allowed) response.headers.set('Allow', allowed);
  return response;
}

function nothingThere(root: Api, c: ApiContext): ProblemError {
  const methods = root.routes
    .filter(({ method, path }) => method !== 'ALL' && matches(path, c.req.path))
    .map(({ method }) => method);
  if (methods.length === 0)
    return new ProblemError(
      'not-found',
      `There is nothing at ${c.req.path}.`,
      `Nothing has changed. See ${BASE_PATH}/openapi.json for what there is.`,
    );
  c.set('allow', [...new Set(methods)].join(', '));
  return new ProblemError(
    'method-not-allowed',
    `${c.req.method} is not possible at ${c.req.path}.`,
    `Nothing has changed. Possible: ${c.get('allow')}.`,
  );
}

const methodsOf = (c: ApiContext) => c.get('allow');

/** `/devices/:name` matches `/devices/alice`. */
function matches(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  return wanted.length === given.length && wanted.every((part, index) => part.startsWith(':') || part === given[index]);
}
