/** What the hub keeps about identity beside the ledger: join tokens, what devices propose, what they are asked for, refused keys. */
import * as z from 'zod';
import { JoinStage } from '#contracts/api-identity.ts';
import { BUCKET } from '#contracts/buckets.ts';
import { Labels, Name } from '#contracts/name.ts';
import { CAUSES, Link } from '#roadchain/link.ts';
import { Bucket } from '../kv/bucket.ts';
import type { Store } from '../kv/store.ts';

export const JoinRecord = z.object({
  tid: z.string(),
  key: z.string().describe('SHA-256 of the secret, base64url: the key of the mac. The secret itself is kept nowhere.'),
  name: Name.optional(),
  labels: Labels,
  after: z
    .object({ head: z.string(), epoch: z.int() })
    .optional()
    .describe('Where the chain of a device that is taken back goes on.'),
  approval: z.enum(['not-needed', 'needed', 'given']),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  expiresAt: z.iso.datetime(),
  stage: JoinStage,
  message: z.string().optional(),
  bound: z.object({ dev: Name, hash: z.string() }).optional().describe('The one link this token is good for, once it came.'),
  accused: z.boolean().optional().describe('It was used for another link too, and that was said.'),
  replaces: z.string().optional().describe('Key that somebody carried to the device before: it ends when the device is in.'),
  words: z.string().optional(),
  device: Name.optional().describe('The device it became.'),
});
export type JoinRecord = z.infer<typeof JoinRecord>;

/** Links a device proposed beside its head, oldest first. */
export const PendingRecord = z.object({
  links: z.array(
    z.object({
      hash: z.string(),
      proposal: z.object({ body: Link.shape.body, sigOld: Link.shape.sigOld, sigNew: Link.shape.sigNew }),
      an: z.string().describe('What a commit of it must sign.'),
      holder: z.string().optional().describe('Who proposed it, where it said so.'),
    }),
  ),
});
export type PendingRecord = z.infer<typeof PendingRecord>;

/** A device is asked for its next key. */
export const RotateRecord = z.object({
  req: z.string(),
  cause: z.enum(CAUSES),
  head: z.string().describe('Head it shall go on from: with another one it is done.'),
  ends: z.boolean().optional().describe('With its next key all before it are known lost: somebody else has them too.'),
  holder: z.string().optional().describe('Of several that have the key, this one alone: a person said that it is right.'),
  by: z.string().optional().describe('That person.'),
  at: z.iso.datetime(),
});
export type RotateRecord = z.infer<typeof RotateRecord>;

/** A key that NATS refuses. */
export const RevokedKey = z.object({
  at: z.int().describe('Second since 1970: what was signed for the key until then is refused.'),
  untilMs: z.number().optional().describe('Nothing that was signed for it lives longer; absent: for ever.'),
});
export type RevokedKey = z.infer<typeof RevokedKey>;

export const StoredCheckpoint = z.object({ body: z.string(), sig: z.string() });
export type StoredCheckpoint = z.infer<typeof StoredCheckpoint>;

/** Since when an anchor has been there without a long gap: who could not be heard was not absent. */
export const AliveRecord = z.object({ since: z.iso.datetime(), at: z.iso.datetime() });
export type AliveRecord = z.infer<typeof AliveRecord>;

export const IDENTITY_KEY = {
  join: (tid: string) => `join.${tid}`,
  joins: 'join.*',
  pending: (device: string) => `pending.${device}`,
  rotate: (device: string) => `rotate.${device}`,
  rotates: 'rotate.*',
  revoked: (publicKey: string) => `revoked.${publicKey}`,
  revokedKeys: 'revoked.*',
  checkpoint: 'checkpoint',
  alive: 'alive',
} as const;

export interface IdentityBuckets {
  joins: Bucket<JoinRecord>;
  pendings: Bucket<PendingRecord>;
  rotates: Bucket<RotateRecord>;
  revokedKeys: Bucket<RevokedKey>;
  checkpoints: Bucket<StoredCheckpoint>;
  alive: Bucket<AliveRecord>;
}

export function openIdentityBuckets(store: Store): IdentityBuckets {
  return {
    joins: new Bucket(store, BUCKET.identity, JoinRecord),
    pendings: new Bucket(store, BUCKET.identity, PendingRecord),
    rotates: new Bucket(store, BUCKET.identity, RotateRecord),
    revokedKeys: new Bucket(store, BUCKET.identity, RevokedKey),
    checkpoints: new Bucket(store, BUCKET.identity, StoredCheckpoint),
    alive: new Bucket(store, BUCKET.identity, AliveRecord),
  };
}
