/** Gives a browser tab or a command a NATS user of its own for 15 minutes. Its key was made there and stays there. */
import { createHmac, randomBytes } from 'node:crypto';
import type * as z from 'zod';
import type { NatsCredentials, NatsCredentialsRequest } from '#contracts/api.ts';
import { ProblemError } from '#contracts/problem.ts';
import { mintPerson } from '#server/nats/mint.ts';
import { audited } from '../audit/audited.ts';
import { SESSION_KEY } from './accounts.ts';
import { type Identity, isStillSo } from './identify.ts';
import { natsReachOf } from './nats-reach.ts';
import { provenUntilMs } from './proof.ts';
import { GONE } from './sessions.ts';

const LIFE_MS = 15 * 60_000;
const UID_DIGITS = 24;
const SHORTEST_DRIVE_MS = 5_000;
/** What the server takes as one line is a little more. */
const LONGEST_JWT = 500 * 1024;
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
    const uid = uidOf(actor.user, session?.record.uidSeed ?? key, tab);
    const life = lifeOf(identity, hub.proofMs, Date.now());
    const ttlMs = Math.max(1_000, Math.min(LIFE_MS, life.endMs - Date.now()));
    const reach = actor.kind === 'person' ? await natsReachOf(hub, actor, life.drives) : undefined;
    const whom = reach?.actor(uid) ?? visitor(identity, uid);
    const { jwt, inboxPrefix, expiresAt } = mintPerson(hub.minting, whom, { publicKey, ttlMs });
    if (jwt.length > LONGEST_JWT) throw tooManyDevices();
    const { digest, hears } = reach ?? {};
    const record = { user: actor.user, expiresAt: expiresAt.toISOString(), ...(digest ? { reach: digest } : {}) };
    const userKey = SESSION_KEY.natsUser(key, publicKey);
    await natsUsers.put(userKey, record, { ttlSeconds: ttlMs / 1000 });
    // Whoever takes a right away cuts what is recorded by then: what is recorded later is not given out.
    if (!(await isStillSo(hub, identity)) || (digest && (await natsReachOf(hub, actor, life.drives)).digest !== digest)) {
      await natsUsers.delete(userKey, GONE);
      throw justChanged();
    }
    const owed = actor.kind === 'person' && !life.drives && actor.rights.includes('drive');
    return {
      jwt,
      uid,
      inboxPrefix,
      expiresAt: record.expiresAt,
      ...(hears ? { hears } : {}),
      ...(owed ? { proofNeeded: true } : {}),
    };
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

const tooManyDevices = () =>
  new ProblemError(
    'conflict',
    'Your rights reach too many devices to name each of them.',
    'Devices are not affected. Ask whoever manages people here for rights on the whole fleet, or on fewer devices.',
  );

/**
 * Whoever drives has shown lately who they are, and their credentials end when that is too long ago. Just before that they are made
 * without driving: what lives for seconds would only be renewed over and over.
 */
function lifeOf({ actor, session, token }: Identity, proofMs: number, nowMs: number): { endMs: number; drives: boolean } {
  if (!session) return { endMs: token?.expiresAt ? Date.parse(token.expiresAt) : nowMs + LIFE_MS, drives: actor.proven };
  const endMs = Date.parse(session.record.expiresAt);
  const provenMs = provenUntilMs(session.record, proofMs) ?? nowMs;
  const drives = actor.rights.includes('drive') && actor.proven && provenMs - nowMs > SHORTEST_DRIVE_MS;
  return { endMs: drives ? Math.min(endMs, provenMs) : endMs, drives };
}

function visitor({ session }: Identity, uid: string) {
  const guest = session?.record.guest;
  return guest ? { kind: 'guest' as const, uid, device: guest.device, sid: guest.sid } : { kind: 'tv' as const, uid };
}
