/** Records of who may come in: people, one-time links, API tokens and sessions. Never republished. */
import * as z from 'zod';
import { GivenGrants, Grant, Role } from '#contracts/access.ts';
import { Amr } from '#contracts/api-auth.ts';
import { BUCKET } from '#contracts/buckets.ts';
import { Bucket } from '../kv/bucket.ts';
import type { Store } from '../kv/store.ts';
import { type Factors, openFactors } from './factors.ts';

export const OwnerRecord = z.object({
  name: z.string(),
  passwordHash: z.string().optional().describe('argon2id, in PHC form. Absent: signs in with passkeys alone.'),
  wallName: z.string(),
  createdAt: z.iso.datetime(),
});
export type OwnerRecord = z.infer<typeof OwnerRecord>;

export const OwnerLinkRecord = z.object({ digest: z.string(), expiresAt: z.iso.datetime() });
export type OwnerLinkRecord = z.infer<typeof OwnerLinkRecord>;

export const TokenRecord = z.object({
  user: z.string(),
  id: z.string().optional().describe('Of the person; absent for the owner.'),
  label: z.string().describe('What the token is for: `local` is renewed at each start of the hub.'),
  createdAt: z.iso.datetime(),
  tid: z
    .string()
    .optional()
    .describe('Names it where its secret must not be. Absent: the token of the machine, which reaches all.'),
  grants: z.array(Grant).optional().describe('It reaches what these have in common with what its owner may do at the moment.'),
  expiresAt: z.iso.datetime().optional(),
  lastUsedAt: z.iso.datetime().optional(),
});
export type TokenRecord = z.infer<typeof TokenRecord>;

/** Somebody who was invited. The owner has a record of their own. */
export const PersonRecord = z.object({
  name: z.string(),
  id: z.string().describe('Random: a session of somebody removed does not come back with a namesake.'),
  role: Role.exclude(['owner']),
  grants: GivenGrants.optional().describe('Absent: `role` for the whole fleet. Else `role` is the highest of them.'),
  passwordHash: z.string().optional().describe('argon2id, in PHC form. Absent: passkeys alone, or the account of a provider.'),
  oidc: z
    .object({ issuer: z.string(), subject: z.string() })
    .optional()
    .describe('Present: signs in at this provider and only there.'),
  createdAt: z.iso.datetime(),
  invitedBy: z.string(),
});
export type PersonRecord = z.infer<typeof PersonRecord>;

/** A person as a record names them: by name, and by what tells namesakes apart (absent: the owner). */
const By = z.object({ user: z.string(), id: z.string().optional() });
export type By = z.infer<typeof By>;

export const InviteRecord = z.object({
  name: z.string(),
  role: Role.exclude(['owner']),
  grants: GivenGrants.optional(),
  by: By,
  expiresAt: z.iso.datetime(),
});
export type InviteRecord = z.infer<typeof InviteRecord>;

export const GuestGrant = z.object({ device: z.string(), sid: z.string(), by: By });
export type GuestGrant = z.infer<typeof GuestGrant>;
export const GuestLinkRecord = z.object({ ...GuestGrant.shape, expiresAt: z.iso.datetime() });
export type GuestLinkRecord = z.infer<typeof GuestLinkRecord>;

export const TvPairingRecord = z.object({
  digest: z.string().describe('Of the secret that stays on the TV.'),
  expiresAt: z.iso.datetime(),
  approved: z.object({ title: z.string(), wall: z.string(), by: z.string() }).optional(),
});
export type TvPairingRecord = z.infer<typeof TvPairingRecord>;

export const TvGrant = z.object({
  id: z.string(),
  title: z.string(),
  wall: z.string(),
  pairedBy: z.string(),
  pairedAt: z.iso.datetime(),
});
export type TvGrant = z.infer<typeof TvGrant>;

export const SessionRecord = z.object({
  user: z.string(),
  id: z.string().optional().describe('Id of the person, absent for the owner.'),
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  amr: z.array(Amr).optional().describe('How the person proved who they are when it was opened. Absent for TVs and guests.'),
  signedInAt: z.iso.datetime().optional().describe('When they did.'),
  steppedUpAt: z.iso.datetime().optional().describe('When they last proved it again since.'),
  uidSeed: z.string().optional().describe('Connection ids are made from it: they stay when the session gets a new secret.'),
  renew: z
    .literal(true)
    .optional()
    .describe('What its person may do was changed: it gets a new secret with its next live connection.'),
  supersededBy: z
    .string()
    .optional()
    .describe('Key of what it became: what a browser sent before it heard of its new secret still counts for a moment.'),
  from: z.string().max(64).optional().describe('Network address of the last request.'),
  client: z.string().max(160).optional().describe('What the browser calls itself. Untrusted.'),
  tv: TvGrant.optional().describe('Present: this is the session of a TV.'),
  guest: GuestGrant.optional().describe('Present: this is the session of a guest.'),
});
export type SessionRecord = z.infer<typeof SessionRecord>;

/** A NATS user that was made for a session, to be cut with it. */
export const NatsUserRecord = z.object({
  user: z.string(),
  expiresAt: z.iso.datetime(),
  reach: z.string().optional().describe('Digest of the devices it names, where it names any: it is cut when they change.'),
});
export type NatsUserRecord = z.infer<typeof NatsUserRecord>;

/** Keys of the bucket `users`. */
export const ACCOUNT_KEY = {
  owner: 'owner',
  ownerLink: 'owner-link',
  token: (digest: string) => `token.${digest}`,
  tokens: 'token.*',
  person: (name: string) => `person.${name}`,
  people: 'person.*',
} as const;

/** Keys of the bucket `sessions`, where things end by themselves. A session's key is the digest of its secret. */
export const SESSION_KEY = {
  sessions: '*',
  invite: (digest: string) => `invite.${digest}`,
  invites: 'invite.*',
  guestLink: (digest: string) => `guest-link.${digest}`,
  guestLinks: 'guest-link.*',
  tvPairing: (code: string) => `tv-pairing.${code}`,
  tvPairings: 'tv-pairing.*',
  natsUser: (session: string, publicKey: string) => `nats-user.${session}.${publicKey}`,
  natsUsers: 'nats-user.>',
  natsUsersOf: (session: string) => `nats-user.${session}.*`,
} as const;

export const OWNER = 'owner';
/** What every guest is called. */
export const GUEST = 'guest';
export const DEFAULT_WALL_NAME = 'Workshop';

export interface Accounts extends Factors {
  owners: Bucket<OwnerRecord>;
  ownerLinks: Bucket<OwnerLinkRecord>;
  tokens: Bucket<TokenRecord>;
  people: Bucket<PersonRecord>;
  sessions: Bucket<SessionRecord>;
  invites: Bucket<InviteRecord>;
  guestLinks: Bucket<GuestLinkRecord>;
  tvPairings: Bucket<TvPairingRecord>;
  natsUsers: Bucket<NatsUserRecord>;
}

export function openAccounts(store: Store): Accounts {
  return {
    ...openFactors(store),
    owners: new Bucket(store, BUCKET.users, OwnerRecord),
    ownerLinks: new Bucket(store, BUCKET.users, OwnerLinkRecord),
    tokens: new Bucket(store, BUCKET.users, TokenRecord),
    people: new Bucket(store, BUCKET.users, PersonRecord),
    sessions: new Bucket(store, BUCKET.sessions, SessionRecord),
    invites: new Bucket(store, BUCKET.sessions, InviteRecord),
    guestLinks: new Bucket(store, BUCKET.sessions, GuestLinkRecord),
    tvPairings: new Bucket(store, BUCKET.sessions, TvPairingRecord),
    natsUsers: new Bucket(store, BUCKET.sessions, NatsUserRecord),
  };
}
