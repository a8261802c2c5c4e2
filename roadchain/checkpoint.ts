/** The anchor's word on the whole ledger at one time: how many entries, and the root over them. */
import * as z from 'zod';
import { toBase64url, utf8 } from './bytes.ts';
import { encode, parse } from './canonical.ts';
import { verifies } from './chain.ts';
import type { ChainCrypto } from './crypto.ts';
import { Bytes32 } from './link.ts';

export const AuditHead = z.strictObject({
  seq: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type AuditHead = z.infer<typeof AuditHead>;

export const Checkpoint = z.strictObject({
  v: z.literal(1),
  typ: z.literal('rc.checkpoint'),
  fleet: Bytes32,
  size: z.int().nonnegative(),
  root: Bytes32,
  at: z.string().max(32).describe("ISO time of the anchor's clock."),
  audit: AuditHead.optional().describe('Last line of the record of who did what, where that is kept with it.'),
});
export type Checkpoint = z.infer<typeof Checkpoint>;
export interface SignedCheckpoint {
  /** Canonical text of a `Checkpoint`. */
  body: string;
  sig: string;
}

const message = (body: string) => utf8(`roadchain/v1/checkpoint\0${body}`);

export function signCheckpoint(
  crypto: ChainCrypto,
  anchorSeed: Uint8Array,
  { fleet, size, root, at, audit }: { fleet: string; size: number; root: Uint8Array; at: string; audit?: AuditHead | undefined },
): SignedCheckpoint {
  const body = encode({ v: 1, typ: 'rc.checkpoint', fleet, size, root: toBase64url(root), at, ...(audit ? { audit } : {}) });
  return { body, sig: toBase64url(crypto.sign(anchorSeed, message(body))) };
}

/** Undefined unless it is of this fleet and signed by its anchor. */
export function readCheckpoint(
  crypto: Pick<ChainCrypto, 'verify'>,
  { anchorPk, fleet }: { anchorPk: string; fleet: string },
  { body, sig }: SignedCheckpoint,
): Checkpoint | undefined {
  const checkpoint = parse(Checkpoint, body);
  return checkpoint?.fleet === fleet && verifies(crypto, anchorPk, message(body), sig) ? checkpoint : undefined;
}
