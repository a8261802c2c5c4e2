/**
 * Who may call what: every route, once. A route that is not in here answers nobody. `anybody`: without a session.
 * `signed-in`: also a guest. Else the right it needs; a TV gets what `see` opens and nothing else.
 */
import type { Right } from '#contracts/access.ts';
import type { Actor } from '../hub.ts';

export type Access = 'anybody' | 'signed-in' | Right;

export const ROUTE_ACCESS: Readonly<Record<string, Access>> = {
  'GET /healthz': 'anybody',
  'GET /readyz': 'anybody',
  'GET /openapi.json': 'see',

  'POST /owner': 'anybody',
  'POST /login': 'anybody',
  'POST /logout': 'signed-in',
  'GET /session': 'signed-in',
  'POST /nats-credentials': 'signed-in',
  'POST /owner-link': 'own',

  'GET /people': 'see',
  'PATCH /people/:name': 'manage',
  'DELETE /people/:name': 'manage',
  'POST /invites': 'manage',
  'DELETE /invites/:name': 'manage',
  'POST /join': 'anybody',
  'POST /guest-links': 'drive',
  'POST /guest': 'anybody',
  'POST /tv-pairings': 'anybody',
  'POST /tv-pairings/:code/approve': 'manage',
  'POST /tv-pairings/:code/claim': 'anybody',
  'GET /tvs': 'manage',
  'PATCH /tvs/:id': 'manage',
  'DELETE /tvs/:id': 'manage',

  'GET /wall': 'see',
  'GET /walls': 'see',
  'GET /walls/:name': 'see',
  'PUT /walls/:name': 'deploy',
  'DELETE /walls/:name': 'deploy',

  'GET /devices': 'see',
  'POST /devices': 'manage',
  'GET /devices/:name': 'see',
  'PATCH /devices/:name': 'manage',
  'DELETE /devices/:name': 'manage',
  'POST /devices/:name/credentials': 'manage',
  'GET /devices/:name/status': 'see',
  'GET /devices/:name/events': 'see',
  'GET /status': 'see',

  // A device has no session: what it sends proves itself.
  'POST /rc/enrol': 'anybody',
  'POST /rc/continue': 'anybody',
  'POST /rc/stage': 'anybody',
  'GET /join-tokens': 'manage',
  'POST /join-tokens': 'manage',
  'DELETE /join-tokens/:tid': 'manage',
  'POST /join-tokens/:tid/approve': 'manage',
  'GET /devices/:name/identity': 'see',
  'POST /devices/:name/rotate': 'manage',
  'POST /devices/:name/keep-out': 'manage',
  'POST /devices/:name/take-back': 'manage',
  'POST /devices/:name/clear': 'manage',
  'POST /identity/rotate': 'manage',
  'GET /ledger': 'see',

  'GET /deployments': 'see',
  'GET /deployments/:name': 'see',
  'PUT /deployments/:name': 'deploy',
  'DELETE /deployments/:name': 'deploy',
  'POST /deployments/:name/review': 'deploy',
  'GET /deployments/:name/revisions': 'see',
  'GET /deployments/:name/revisions/:generation': 'see',
  'GET /deployments/:name/devices': 'see',

  'GET /recordings': 'watch',
  'GET /recordings/:id': 'watch',
  'GET /recordings/:id/content': 'watch',
  'DELETE /recordings/:id': 'manage',
};

export function mayCall(access: Access, { kind, rights }: Actor): boolean {
  if (access === 'anybody') return true;
  if (kind === 'nobody') return false;
  if (access === 'signed-in') return true;
  return kind === 'tv' ? access === 'see' : rights.includes(access);
}
