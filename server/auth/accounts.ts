/** Records of who may come in: the owner, one-time links, API tokens and browser sessions. Never republished. */
import * as z from 'zod';
import { BUCKET } from '#contracts/buckets.ts';
import { Bucket } from '../kv/bucket.ts';
import type { Store } from '../kv/store.ts';

export const OwnerRecord = z.object({
  name: z.string(),
  passwordHash: z.string().describe('argon2id, in PHC form.'),
  wallName: z.string(),
  createdAt: z.iso.datetime(),
});
export type OwnerRecord = z.infer<typeof OwnerRecord>;

export const OwnerLinkRecord = z.object({ digest: z.string(), expiresAt: z.iso.datetime() });
export type OwnerLinkRecord = z.infer<typeof OwnerLinkRecord>;

export const TokenRecord = z.object({
  user: z.string(),
  label: z.string().describe('What the token is for: `local` is renewed at each start of the hub.'),
  createdAt: z.iso.datetime(),
});
export type TokenRecord = z.infer<typeof TokenRecord>;

export const SessionRecord = z.object({
  user: z.string(),
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
export type SessionRecord = z.infer<typeof SessionRecord>;

/** Keys of the bucket `users`. */
export const ACCOUNT_KEY = {
  owner: 'owner',
  ownerLink: 'owner-link',
  token: (digest: string) => `token.${digest}`,
  tokens: 'token.*',
} as const;

export const OWNER = 'owner';
export const DEFAULT_WALL_NAME = 'Workshop';

export interface Accounts {
  owners: Bucket<OwnerRecord>;
  ownerLinks: Bucket<OwnerLinkRecord>;
  tokens: Bucket<TokenRecord>;
  sessions: Bucket<SessionRecord>;
}

export function openAccounts(store: Store): Accounts {
  return {
    owners: new Bucket(store, BUCKET.users, OwnerRecord),
    ownerLinks: new Bucket(store, BUCKET.users, OwnerLinkRecord),
    tokens: new Bucket(store, BUCKET.users, TokenRecord),
    sessions: new Bucket(store, BUCKET.sessions, SessionRecord),
  };
}
