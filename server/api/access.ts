/**
 * Who may call what: every route, once. A route that is not in here answers nobody. `anybody`: without a session.
 * `signed-in`: also a guest. Else the right it needs for the whole fleet; a TV gets what `see` opens and nothing else.
 */
import { type Right, rightsOnFleet } from '#contracts/access.ts';
import type { Actor } from '../hub.ts';

export interface Rule {
  right: Right;
  /** `device`: the right on some device is enough to be let in; the verb looks at which ones, and answers with those alone. */
  on: 'fleet' | 'device';
  /** Whoever has a session must have shown lately who they are. */
  proof: boolean;
  /** Not for a TV, though it sees. `session`: nor for a program with a token. */
  person?: boolean | 'session';
}

export type Access = 'anybody' | 'signed-in' | Right | Rule;

const onDevice = (right: Right): Rule => ({ right, on: 'device', proof: false });
/** What somebody does with what is theirs. */
const ofPerson = (proof = false): Rule => ({ right: 'see', on: 'device', proof, person: true });
const ofSession: Rule = { right: 'see', on: 'device', proof: false, person: 'session' };
const withProof = (access: Right | Rule): Rule => ({ ...ruleOf(access), proof: true });
export const ruleOf = (access: Right | Rule): Rule =>
  typeof access === 'string' ? { right: access, on: 'fleet', proof: false } : access;
export const isOpen = (access: Access): access is 'anybody' | 'signed-in' => access === 'anybody' || access === 'signed-in';

export const ROUTE_ACCESS: Readonly<Record<string, Access>> = {
  'GET /healthz': 'anybody',
  'GET /readyz': 'anybody',
  'GET /openapi.json': onDevice('see'),

  'POST /owner': 'anybody',
  'POST /login': 'anybody',
  'POST /logout': 'signed-in',
  'GET /session': 'signed-in',
  'POST /nats-credentials': 'signed-in',

  'GET /doors': 'anybody',
  'GET /ca.crt': 'anybody',
  'POST /login/passkey-options': 'anybody',
  'POST /login/passkey': 'anybody',
  'POST /links/passkey-options': 'anybody',
  'POST /oidc/start': 'anybody',
  'POST /oidc/finish': 'anybody',
  'GET /you': ofSession,
  'PUT /you/password': ofSession,
  'POST /you/passkey-options': ofSession,
  'POST /you/passkeys': ofSession,
  'DELETE /you/passkeys/:id': ofSession,
  'POST /you/proof-options': ofSession,
  'POST /you/totp': ofSession,
  'POST /you/totp/confirm': ofSession,
  'POST /you/totp/recovery-codes': ofSession,
  'DELETE /you/totp': ofSession,

  'POST /owner-link': 'own',

  'POST /step-up': ofSession,
  'GET /sessions': ofPerson(),
  'DELETE /sessions/:id': ofPerson(),
  'GET /tokens': ofPerson(),
  'POST /tokens': ofPerson(true),
  'DELETE /tokens/:id': ofPerson(),

  'GET /audit': 'manage',
  'GET /audit/export': 'manage',

  'GET /people': onDevice('see'),
  'PATCH /people/:name': withProof('manage'),
  'DELETE /people/:name': withProof('manage'),
  'DELETE /people/:name/totp': withProof('own'),
  'POST /invites': withProof('manage'),
  'DELETE /invites/:name': withProof('manage'),
  'POST /join': 'anybody',
  'POST /guest-links': onDevice('drive'),
  'POST /guest': 'anybody',
  'POST /tv-pairings': 'anybody',
  'POST /tv-pairings/:code/approve': 'manage',
  'POST /tv-pairings/:code/claim': 'anybody',
  'GET /tvs': 'manage',
  'PATCH /tvs/:id': 'manage',
  'DELETE /tvs/:id': 'manage',

  'GET /wall': onDevice('see'),
  'GET /walls': onDevice('see'),
  'GET /walls/:name': onDevice('see'),
  'PUT /walls/:name': 'deploy',
  'DELETE /walls/:name': 'deploy',

  'GET /devices': onDevice('see'),
  'POST /devices': withProof(onDevice('manage')),
  'GET /devices/:name': onDevice('see'),
  'PATCH /devices/:name': onDevice('manage'),
  'DELETE /devices/:name': withProof(onDevice('manage')),
  // Whoever was kept out comes back by it.
  'POST /devices/:name/credentials': withProof(onDevice('manage')),
  'GET /devices/:name/status': onDevice('see'),
  'GET /devices/:name/events': onDevice('see'),
  'GET /status': onDevice('see'),

  // A device has no session: what it sends proves itself.
  'POST /rc/enrol': 'anybody',
  'POST /rc/continue': 'anybody',
  'POST /rc/stage': 'anybody',
  'POST /rc/exchange': 'anybody',
  'GET /join-tokens': 'manage',
  'POST /join-tokens': withProof('manage'),
  'DELETE /join-tokens/:tid': 'manage',
  'POST /join-tokens/:tid/approve': withProof('manage'),
  'GET /devices/:name/identity': onDevice('see'),
  'POST /devices/:name/rotate': onDevice('manage'),
  'POST /devices/:name/keep-out': withProof(onDevice('manage')),
  'POST /devices/:name/take-back': withProof(onDevice('manage')),
  'POST /devices/:name/clear': withProof(onDevice('manage')),
  'POST /identity/rotate': withProof('manage'),
  'GET /ledger': onDevice('see'),

  'GET /updates': onDevice('see'),
  'POST /updates': withProof(onDevice('manage')),
  'POST /updates/decide': withProof(onDevice('manage')),
  'POST /devices/:name/update': withProof(onDevice('manage')),

  'GET /deployments': onDevice('see'),
  'GET /deployments/:name': onDevice('see'),
  'PUT /deployments/:name': onDevice('deploy'),
  'DELETE /deployments/:name': onDevice('deploy'),
  'POST /deployments/:name/review': onDevice('deploy'),
  'GET /deployments/:name/revisions': onDevice('see'),
  'GET /deployments/:name/revisions/:generation': onDevice('see'),
  'GET /deployments/:name/devices': onDevice('see'),

  'GET /recordings': onDevice('watch'),
  'GET /recordings/:id': onDevice('watch'),
  'GET /recordings/:id/content': withProof(onDevice('watch')),
  'DELETE /recordings/:id': onDevice('manage'),
};

export function mayCall(access: Access, { kind, via, rights, grants }: Actor): boolean {
  if (access === 'anybody') return true;
  if (kind === 'nobody') return false;
  if (access === 'signed-in') return true;
  const { right, on, person } = ruleOf(access);
  if (kind === 'tv') return right === 'see' && !person;
  if (person === 'session' && via !== 'session') return false;
  return on === 'device' ? rights.includes(right) : rightsOnFleet(grants).includes(right);
}

/** Whether whoever may call this has to show first that it is still them. */
export const needsProof = (access: Access, { via, proven }: Actor): boolean =>
  !isOpen(access) && ruleOf(access).proof && via === 'session' && !proven;
