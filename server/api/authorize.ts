/** Lets a request pass only where the access table says so, before its body is looked at. */
import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { may, type Right, ROLES } from '#contracts/access.ts';
import { ProblemError } from '#contracts/problem.ts';
import { Refusals } from '../audit/refusals.ts';
import type { Actor } from '../hub.ts';
import { type Access, isOpen, mayCall, needsProof, ROUTE_ACCESS, ruleOf } from './access.ts';
import { BASE_PATH } from './base-path.ts';
import { type ApiContext, type ApiEnv, contextOf } from './environment.ts';

const refusals = new Refusals();

/** undefined: there is no such route, or nobody said who may call it. */
export function accessOf(c: ApiContext): Access | undefined {
  const route = routeOf(c);
  return route === undefined ? undefined : ROUTE_ACCESS[route];
}

export const authorize: MiddlewareHandler<ApiEnv> = async (c, next) => {
  const route = routeOf(c);
  const access = accessOf(c);
  const ctx = contextOf(c);
  const { actor } = ctx;
  // A path that is not there is answered as such, to everybody who is signed in.
  if (route && (!access || !mayCall(access, actor))) {
    const refused = refusal(actor, access);
    await refusals.note(ctx, route, refused);
    throw refused;
  }
  if (access && needsProof(access, actor)) throw proofNeeded();
  await next();
};

const proofNeeded = () =>
  new ProblemError(
    'step-up-needed',
    'Show once more that it is you.',
    'Nothing has changed. Some things ask for it when you signed in a while ago; then it goes on.',
  );

/** `PUT /deployments/:name`, as the table names it. */
function routeOf(c: ApiContext): string | undefined {
  const route = matchedRoutes(c).find(({ method, path }) => method !== 'ALL' && path.startsWith(`${BASE_PATH}/`));
  return route && `${route.method} ${route.path.slice(BASE_PATH.length)}`;
}

const WORDS: Record<Right, string> = {
  see: 'see the wall',
  logs: 'read logs',
  watch: 'watch terminals and screens',
  drive: 'type on devices',
  deploy: 'change deployments or walls',
  manage: 'manage devices, people and TVs',
  own: 'do what is left to the owner',
};

function refusal({ kind, role, rights }: Actor, access: Access | undefined): ProblemError {
  if (kind === 'guest')
    return new ProblemError('forbidden', 'A guest watches one terminal and nothing else.', 'Nothing was read or changed.');
  if (kind === 'tv')
    return new ProblemError('forbidden', 'A TV shows its wall and nothing else.', 'Nothing was read or changed.');
  if (access === undefined || isOpen(access))
    return new ProblemError('forbidden', 'Nobody may do this.', 'Nothing was read or changed.');
  const { right, person } = ruleOf(access);
  if (person === 'session' && rights.includes(right))
    return new ProblemError(
      'forbidden',
      'Only a person who is signed in may do this.',
      'Nothing has changed. Sign in in a browser.',
    );
  if (rights.includes(right))
    return new ProblemError(
      'forbidden',
      `You may not ${WORDS[right]} here: your rights are for some of the devices.`,
      'Nothing has changed. It takes a grant for the whole fleet: ask whoever manages people here.',
    );
  const lowest = ROLES.find((one) => may(one, right));
  return new ProblemError(
    'forbidden',
    `As ${role} you may not ${WORDS[right]}.`,
    `Nothing has changed. It takes the role ${lowest}: ask whoever manages people here.`,
  );
}
