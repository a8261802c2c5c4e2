/** Gives a browser tab or a command a NATS user of its own for 15 minutes. Its key was made there and stays there. */
import { createHmac, randomBytes } from 'node:crypto';
import type * as z from 'zod';
import type { NatsCredentials, NatsCredentialsRequest } from '#contracts/api.ts';
import { mintPerson } from '#server/nats/mint.ts';
import { audited } from '../audit/audited.ts';
import { SESSION_KEY } from './accounts.ts';
import type { Identity } from './identify.ts';

const LIFE_MS = 15 * 60_000;
const UID_DIGITS = 24;

export interface MintInput extends z.infer<typeof NatsCredentialsRequest> {
  identity: Identity;
}

export const mintNatsCredentials = audited<MintInput, NatsCredentials>(
  'nats-credentials.mint',
  ({ publicKey }) => publicKey,
  async ({ ctx: { hub }, input: { publicKey, tab, identity } }) => {
    const { actor, key, session } = identity;
    const uid = uidOf(actor.user, key, tab);
    const endMs = session ? Date.parse(session.record.expiresAt) - Date.now() : LIFE_MS;
    const ttlMs = Math.max(1_000, Math.min(LIFE_MS, endMs));
    const { jwt, inboxPrefix, expiresAt } = mintPerson(hub.minting, natsActor(identity, uid), { publicKey, ttlMs });
    const record = { user: actor.user, expiresAt: expiresAt.toISOString() };
    await hub.buckets.natsUsers.put(SESSION_KEY.natsUser(key, publicKey), record, { ttlSeconds: ttlMs / 1000 });
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

function natsActor({ actor, session }: Identity, uid: string) {
  const guest = session?.record.guest;
  if (guest) return { kind: 'guest' as const, uid, device: guest.device, sid: guest.sid };
  return { kind: actor.kind === 'person' && actor.rights.includes('drive') ? ('operator' as const) : ('viewer' as const), uid };
}
