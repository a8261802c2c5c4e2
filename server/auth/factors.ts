/** Records of the ways people prove who they are: passkeys, keys of code apps, and what is under way. Never republished. */
import * as z from 'zod';
import { BUCKET } from '#contracts/buckets.ts';
import { Bucket } from '../kv/bucket.ts';
import type { Store } from '../kv/store.ts';

/** Whose it is: a namesake of somebody removed has another id. Absent for the owner. */
const Whose = z.object({ user: z.string(), id: z.string().optional() });
export type Whose = z.infer<typeof Whose>;

export const PasskeyRecord = z.object({
  ...Whose.shape,
  credentialId: z.string().describe('base64url.'),
  publicKey: z.string().describe('COSE, base64url.'),
  counter: z.number().int(),
  transports: z.array(z.string()),
  name: z.string(),
  rpId: z.string().describe('Host name it was made at.'),
  synced: z.boolean(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().optional(),
});
export type PasskeyRecord = z.infer<typeof PasskeyRecord>;

export const TotpRecord = z.object({
  ...Whose.shape,
  sealed: z.string().describe('The key, sealed with the key in the home folder.'),
  createdAt: z.iso.datetime(),
  confirmedAt: z.iso.datetime().optional().describe('Absent: not asked for yet.'),
  lastStep: z.number().int().describe('Time step of the last code: it and those before are no longer good.'),
  recovery: z.array(z.string()).describe('Digests of the recovery codes that are left.'),
});
export type TotpRecord = z.infer<typeof TotpRecord>;

/** A challenge that a passkey shall sign. Its key is the digest of the challenge. */
export const ChallengeRecord = z.object({
  purpose: z.enum(['sign-in', 'register', 'link', 'proof']),
  boundTo: z.string().describe('Digest of the session, or of the short-lived cookie, it was given to.'),
  origin: z.string(),
  rpId: z.string(),
  whose: Whose.optional().describe('Absent where anybody may sign in.'),
  expiresAt: z.iso.datetime(),
});
export type ChallengeRecord = z.infer<typeof ChallengeRecord>;

/** Somebody is at the provider's page. Its key is the digest of the state. */
export const OidcStartRecord = z.object({
  boundTo: z.string(),
  sealed: z.string().describe('PKCE verifier and nonce.'),
  redirectUri: z.string(),
  next: z.string(),
  again: z.boolean(),
  expiresAt: z.iso.datetime(),
});
export type OidcStartRecord = z.infer<typeof OidcStartRecord>;

/** Keys of `users` and, for what ends by itself, of `sessions`. */
export const FACTOR_KEY = {
  passkey: (user: string, credentialDigest: string) => `passkey.${user}.${credentialDigest}`,
  passkeysOf: (user: string) => `passkey.${user}.*`,
  passkeyByCredential: (credentialDigest: string) => `passkey.*.${credentialDigest}`,
  totp: (user: string) => `totp.${user}`,
  totps: 'totp.*',
  challenge: (challengeDigest: string) => `challenge.${challengeDigest}`,
  oidcStart: (stateDigest: string) => `oidc-start.${stateDigest}`,
} as const;

export interface Factors {
  passkeys: Bucket<PasskeyRecord>;
  totps: Bucket<TotpRecord>;
  challenges: Bucket<ChallengeRecord>;
  oidcStarts: Bucket<OidcStartRecord>;
}

export const openFactors = (store: Store): Factors => ({
  passkeys: new Bucket(store, BUCKET.users, PasskeyRecord),
  totps: new Bucket(store, BUCKET.users, TotpRecord),
  challenges: new Bucket(store, BUCKET.sessions, ChallengeRecord),
  oidcStarts: new Bucket(store, BUCKET.sessions, OidcStartRecord),
});

/** The same person, not a namesake of theirs. */
export const isTheirs = (record: Whose, who: Whose): boolean => record.user === who.user && record.id === who.id;
