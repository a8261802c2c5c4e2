/**
 * One entry of a device's identity chain: a body that the old and the new key both signed, and the anchor sealed.
 * `body` and `seal.body` are exact canonical texts (RFC 8785 for strings, integers, lists and objects): what is signed is what is sent.
 */
import * as z from 'zod';

export const Name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/);
const bytes = (length: number) => z.string().regex(new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((length * 4) / 3)}}$`));
/** Raw key, digest or nonce of 32 bytes, and signature of 64, in base64url without padding. */
export const Bytes32 = bytes(32);
export const Bytes64 = bytes(64);

export const CAUSES = ['genesis', 'scheduled', 'anchor', 'operator', 'readmit'] as const;
export type Cause = (typeof CAUSES)[number];

export const LinkBody = z.strictObject({
  v: z.literal(1),
  typ: z.literal('rc.link'),
  fleet: Bytes32.describe('SHA-256 of the first anchor key: the fleet this chain belongs to.'),
  dev: Name,
  epoch: z.int().nonnegative().describe('0 for the genesis, then one more each time.'),
  prev: z.union([Bytes32, z.literal('')]).describe('Head of the chain before this link; empty at the genesis.'),
  pk: Bytes32.describe('New Ed25519 key, raw: the same key is the NATS user of this epoch.'),
  ek: Bytes32.describe('New X25519 key, raw, for what is sealed to this device.'),
  cause: z.enum(CAUSES),
  req: z.string().max(64).describe('Id of the join token, or of the request to rotate.'),
  an: z.union([Bytes32, z.literal('')]).describe('The nonce of the anchor that this link answers; empty at the genesis.'),
  at: z.string().max(32).describe("ISO time of the device's clock. Advice, not evidence."),
  agent: z.string().max(64).describe('Version of the agent.'),
});
export type LinkBody = z.infer<typeof LinkBody>;

export const SealBody = z.strictObject({
  v: z.literal(1),
  typ: z.literal('rc.seal'),
  link: Bytes32.describe('SHA-256 over body, sigOld and sigNew.'),
  at: z.string().max(32).describe("ISO time of the anchor's clock: no device moves its own floor of time below it."),
  seq: z.int().nonnegative().describe('Place in the ledger, from 0.'),
});
export type SealBody = z.infer<typeof SealBody>;

export const Link = z.strictObject({
  body: z.string().max(2048).describe('Canonical text of a `LinkBody`.'),
  sigOld: z.union([Bytes64, z.literal('')]).describe('By the key before; empty at the genesis and at a re-admission.'),
  sigNew: Bytes64.describe('By the key in the body.'),
  seal: z
    .strictObject({ body: z.string().max(512), sig: Bytes64 })
    .describe("The anchor's word, over the canonical text of a `SealBody`."),
});
export type Link = z.infer<typeof Link>;
/** What a device proposes: everything but the seal. */
export type ProposedLink = Omit<Link, 'seal'>;

/** What the fleet says of a device, beside its links; in the same ledger, sealed the same way. */
export const VerdictBody = z.strictObject({
  v: z.literal(1),
  typ: z.literal('rc.verdict'),
  fleet: Bytes32,
  dev: Name,
  head: Bytes32.describe('Head of the chain it speaks of.'),
  status: z.enum(['contested', 'kept-out', 'readmitted', 'cleared']),
  /** First and last epoch, both included, whose keys are known lost: who shows one is refused and only noted. */
  voidEpochs: z.tuple([z.int().nonnegative(), z.int().nonnegative()]).optional(),
  why: z.string().max(256),
  by: z.string().max(128).describe('`hub`, or the person who said it.'),
  at: z.string().max(32),
});
export type VerdictBody = z.infer<typeof VerdictBody>;

export const LedgerEntry = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('link'), link: Link }),
  z.strictObject({ kind: z.literal('verdict'), verdict: z.strictObject({ body: z.string().max(2048), seal: Link.shape.seal }) }),
]);
export type LedgerEntry = z.infer<typeof LedgerEntry>;

export const STANDINGS = ['active', 'contested', 'kept-out'] as const;
/** How the fleet stands to a device. */
export type Standing = (typeof STANDINGS)[number];
