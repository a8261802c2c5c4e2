/** Who sends a request: the session of a cookie, or the token of a program. What they may do is looked up anew each time. */
import { isDeepStrictEqual } from 'node:util';
import { commonGrants, type Grant, highestRole, rightsOn, rightsOnFleet, rightsSomewhere } from '#contracts/access.ts';
import { type Actor, type Hub, NOBODY } from '../hub.ts';
import type { SessionRecord, TokenRecord } from './accounts.ts';
import { grantsOf } from './grants-of.ts';
import { isProven } from './proof.ts';
import { digest } from './secret.ts';
import { isAlive } from './session-life.ts';
import { findSession, type Whence } from './sessions.ts';
import { findToken } from './tokens.ts';

type Parts = Pick<Hub, 'buckets' | 'proofMs'>;

export interface Credentials extends Whence {
  cookie?: string | undefined;
  bearer?: string | undefined;
}

export interface Identity {
  actor: Actor;
  /** Digest of the session's or the token's secret. */
  key: string;
  /** Absent for a token. */
  session?: { secret: string; record: SessionRecord };
  /** Absent for a session. */
  token?: TokenRecord;
}

/** undefined: nobody. A token wins over a cookie: whoever sends it means it. */
export async function identify(hub: Parts, { cookie, bearer, ...whence }: Credentials): Promise<Identity | undefined> {
  if (bearer !== undefined) {
    const token = await findToken(hub.buckets, digest(bearer), 'used');
    const actor = token && (await actorOfToken(hub, token));
    return token && actor && { actor, key: digest(bearer), token };
  }
  if (cookie === undefined) return undefined;
  const found = await findSession(hub.buckets, cookie, whence);
  const key = found?.supersededBy ?? digest(cookie);
  const record = found?.supersededBy ? await successorOf(hub, found.supersededBy) : found;
  const actor = record && (await actorOf(hub, record));
  return actor && { actor, key, session: { secret: cookie, record } };
}

/** Whoever has ended it since has ended what it was, too. */
async function successorOf({ buckets }: Parts, key: string): Promise<SessionRecord | undefined> {
  const entry = await buckets.sessions.get(key);
  return entry && isAlive(entry.value, Date.now()) ? entry.value : undefined;
}

/** As it is now, by the digest of a session's or a token's secret. */
export async function actorNow(hub: Parts, key: string): Promise<Actor | undefined> {
  const record = (await hub.buckets.sessions.get(key))?.value;
  if (record) return actorOf(hub, record);
  const token = await findToken(hub.buckets, key, 'looked at');
  return token && actorOfToken(hub, token);
}

/** Whether it is still as it was looked up: a session, a token or a grant may have ended since. */
export async function isStillSo(hub: Parts, { actor, key }: Identity): Promise<boolean> {
  const now = await actorNow(hub, key);
  return now !== undefined && now.role === actor.role && isDeepStrictEqual(now.grants, actor.grants);
}

export async function actorOf(hub: Parts, record: SessionRecord): Promise<Actor | undefined> {
  const { user, tv, guest } = record;
  if (tv) return { ...NOBODY, user, via: 'session', kind: 'tv', ...held([{ role: 'viewer' }]) };
  if (guest) {
    // Who let the guest in must still be here, and still be allowed to.
    const grants = await grantsOf(hub.buckets, guest.by);
    return grants && (await mayDrive(hub, grants, guest.device)) ? { ...NOBODY, user, via: 'session', kind: 'guest' } : undefined;
  }
  const grants = await grantsOf(hub.buckets, record);
  return grants && { ...person(user, 'session', grants), id: record.id, proven: isProven(record, hub.proofMs, Date.now()) };
}

async function mayDrive({ buckets }: Parts, grants: readonly Grant[], name: string): Promise<boolean> {
  if (rightsOnFleet(grants).includes('drive')) return true;
  const device = await buckets.devices.get(name);
  return device !== undefined && rightsOn(grants, device.value.labels).includes('drive');
}

async function actorOfToken(hub: Parts, { user, id, grants: given }: TokenRecord): Promise<Actor | undefined> {
  const own = await grantsOf(hub.buckets, { user, id });
  const grants = own && (given ? commonGrants(own, given) : own);
  return grants && grants.length > 0 ? { ...person(user, 'token', grants), id, proven: true } : undefined;
}

const person = (user: string, via: Actor['via'], grants: readonly Grant[]) => ({
  ...NOBODY,
  user,
  via,
  kind: 'person' as const,
  ...held(grants),
});

function held(grants: readonly Grant[]): Pick<Actor, 'grants' | 'rights' | 'role'> {
  const role = highestRole(grants);
  return { grants, rights: rightsSomewhere(grants), ...(role ? { role } : {}) };
}
