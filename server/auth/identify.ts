/** Who sends a request: the session of a cookie, or the token of a program. What they may do is looked up anew each time. */
import { type Role, rightsOf } from '#contracts/access.ts';
import { type Actor, type Hub, NOBODY } from '../hub.ts';
import { ACCOUNT_KEY, type SessionRecord } from './accounts.ts';
import { roleOf } from './role-of.ts';
import { digest } from './secret.ts';
import { findSession } from './sessions.ts';

export interface Credentials {
  cookie?: string | undefined;
  bearer?: string | undefined;
}

export interface Identity {
  actor: Actor;
  /** Digest of the session's or the token's secret. */
  key: string;
  /** Absent for a token. */
  session?: { secret: string; record: SessionRecord };
}

/** undefined: nobody. A token wins over a cookie: whoever sends it means it. */
export async function identify(
  { buckets }: Pick<Hub, 'buckets'>,
  { cookie, bearer }: Credentials,
): Promise<Identity | undefined> {
  if (bearer !== undefined) {
    const token = await buckets.tokens.get(ACCOUNT_KEY.token(digest(bearer)));
    const role = token && (await roleOf(buckets, token.value));
    return token && role && { actor: person(token.value.user, 'token', role), key: digest(bearer) };
  }
  if (cookie === undefined) return undefined;
  const record = await findSession(buckets, cookie);
  const actor = record && (await actorOf(buckets, record));
  return actor && { actor, key: digest(cookie), session: { secret: cookie, record } };
}

/** Whether it is still as it was looked up: a session, a token or a role may have ended since. */
export async function isStillSo({ buckets }: Pick<Hub, 'buckets'>, { actor, key, session }: Identity): Promise<boolean> {
  if (!session) {
    const token = await buckets.tokens.get(ACCOUNT_KEY.token(key));
    return token !== undefined && (await roleOf(buckets, token.value)) === actor.role;
  }
  const record = (await buckets.sessions.get(key))?.value;
  const now = record && (await actorOf(buckets, record));
  return now !== undefined && now.role === actor.role;
}

export async function actorOf(buckets: Hub['buckets'], record: SessionRecord): Promise<Actor | undefined> {
  const { user, tv, guest } = record;
  if (tv) return { user, via: 'session', kind: 'tv', role: 'viewer', rights: rightsOf('viewer') };
  if (guest) {
    // Who let the guest in must still be here, and still be allowed to.
    const role = await roleOf(buckets, guest.by);
    return role && rightsOf(role).includes('drive') ? { ...NOBODY, user, via: 'session', kind: 'guest' } : undefined;
  }
  const role = await roleOf(buckets, record);
  return role && { ...person(user, 'session', role), id: record.id };
}

const person = (user: string, via: Actor['via'], role: Role): Actor => ({
  user,
  via,
  kind: 'person',
  role,
  rights: rightsOf(role),
});
