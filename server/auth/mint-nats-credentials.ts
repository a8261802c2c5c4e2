/** Gives a browser tab or a command a NATS user of its own for 15 minutes. Its key was made there and stays there. */
import { createHmac, randomBytes } from 'node:crypto';
import type * as z from 'zod';
import type { NatsCredentials, NatsCredentialsRequest } from '#contracts/api.ts';
import { ProblemError } from '#contracts/problem.ts';
import { mintPerson } from '#server/nats/mint.ts';
import { audited } from '../audit/audited.ts';
import { SESSION_KEY } from './accounts.ts';
import { type Identity, isStillSo } from './identify.ts';
import { GONE } from './sessions.ts';

const LIFE_MS = 15 * 60_000;
const UID_DIGITS = 24;
/** Of one session within their life: each leaves a record, and each has to be cut when somebody is removed. */
const MOST_USERS = 200;
/** Scripts with the token of the hub's own machine make one for each command. */
const MOST_USERS_OF_A_TOKEN = 5_000;

export interface MintInput extends z.infer<typeof NatsCredentialsRequest> {
  identity: Identity;
}

export const mintNatsCredentials = audited<MintInput, NatsCredentials>(
  'nats-credentials.mint',
  ({ publicKey }) => publicKey,
  async ({ ctx: { hub }, input: { publicKey, tab, identity } }) => {
    const { actor, key, session } = identity;
    const { natsUsers } = hub.buckets;
    const made = await natsUsers.list(SESSION_KEY.natsUsersOf(key));
    if (made.length >= (session ? MOST_USERS : MOST_USERS_OF_A_TOKEN)) throw tooMany();
    const uid = uidOf(actor.user, key, tab);
    const endMs = session ? Date.parse(session.record.expiresAt) - Date.now() : LIFE_MS;
    const ttlMs = Math.max(1_000, Math.min(LIFE_MS, endMs));
    const { jwt, inboxPrefix, expiresAt } = mintPerson(hub.minting, natsActor(identity, uid), { publicKey, ttlMs });
    const record = { user: actor.user, expiresAt: expiresAt.toISOString() };
    const userKey = SESSION_KEY.natsUser(key, publicKey);
    await natsUsers.put(userKey, record, { ttlSeconds: ttlMs / 1000 });
    // Whoever takes a right away cuts what is recorded by then: what is recorded later is not given out.
    if (!(await isStillSo(hub, identity))) {
      await natsUsers.delete(userKey, GONE);
      throw justChanged();
    }
    return { jwt, uid, inboxPrefix, expiresAt: record.expiresAt };
  },
);

/**
 * The same for the same tab of the same session, so that streams outlive a renewal; nobody without the session's digest, which
 * never leaves the hub, can foretell or repeat it.
 */
export function uidOf(user: string, sessionDigest: string, tab: string | undefined): string {
  const hex = createHmac('sha256', sessionDigest)
    .update(tab ?? randomBytes(16))
    .digest('hex');
  return `${user}_${hex.slice(0, UID_DIGITS)}`;
}

const tooMany = () =>
  new ProblemError(
    'too-many-attempts',
    'This session has opened too many live connections.',
    'Devices are not affected. Close pages you do not need, and try again in a quarter of an hour.',
  );

const justChanged = () =>
  new ProblemError(
    'unavailable',
    'What you may do here has just changed.',
    'Devices are not affected. It is tried again with what you may do now.',
  );

function natsActor({ actor, session }: Identity, uid: string) {
  const guest = session?.record.guest;
  if (guest) return { kind: 'guest' as const, uid, device: guest.device, sid: guest.sid };
  if (actor.kind === 'tv') return { kind: 'tv' as const, uid };
  return { kind: actor.kind === 'person' && actor.rights.includes('drive') ? ('operator' as const) : ('viewer' as const), uid };
}
