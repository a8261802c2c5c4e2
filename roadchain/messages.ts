/**
 * What a device and the anchor say to each other about identity: over NATS on `rc.up.<dev>` (request) and `rc.down.<dev>`, and the same
 * bodies over HTTPS where a device has no credentials yet, or no longer.
 */
import * as z from 'zod';
import { Bytes32, Bytes64, CAUSES, Link, Name } from './link.ts';

/** Tag of credentials for NATS that are for status and identity alone, while a device is contested. */
export const CONTESTED_TAG = 'contested';

const Proposal = { body: Link.shape.body, sigOld: Link.shape.sigOld, sigNew: Link.shape.sigNew };

/** `POST /api/v1/rc/enrol`, without a session. The token's secret is never sent: `mac` proves it. */
export const EnrolRequest = z.strictObject({
  tid: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .describe('Id of the join token.'),
  body: Proposal.body,
  sigNew: Proposal.sigNew,
  mac: Bytes32.describe('HMAC-SHA-256 over `roadchain/v1/enrol\\0` and the body; its key is the SHA-256 of the token`s secret.'),
  facts: z
    .record(z.string().max(63), z.string().max(128))
    .optional()
    .describe('What the hardware says of itself: becomes labels.'),
});
export type EnrolRequest = z.infer<typeof EnrolRequest>;
export const EnrolAnswer = z.discriminatedUnion('state', [
  z.object({
    state: z
      .literal('again')
      .describe('Make another body and ask once more: the name is taken, or the chain of a device that is taken back goes on.'),
    device: Name,
    after: z
      .object({ head: Bytes32, epoch: z.int().nonnegative() })
      .optional()
      .describe('Where it goes on: cause `readmit`. Absent: a first link.'),
  }),
  z.object({ state: z.literal('waiting'), words: z.string().describe('Match words: the same on the device and in the page.') }),
  z.object({
    state: z.literal('enrolled'),
    device: Name,
    link: Link,
    jwt: z.string(),
    nats: z.object({ urls: z.array(z.string()), ca: z.string().optional().describe('PEM.') }),
    /** By the anchor key that came with the token, over `roadchain/v1/enrolled\0` and the SHA-256 of the JSON of all the rest. */
    sig: Bytes64,
  }),
]);
export type EnrolAnswer = z.infer<typeof EnrolAnswer>;

/** On `rc.up.<dev>`, and in `POST /api/v1/rc/continue` with `dev`. Every request that changes anything carries a proof by the chain's key. */
export const UpRequest = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('hello').describe('Asks for a challenge. First of all after each connection, and without credentials.'),
    epoch: z.int().nonnegative(),
    head: Bytes32,
    receipts: z
      .array(Link)
      .max(16)
      .optional()
      .describe('Newest sealed links the device holds, oldest first: they heal an anchor that lost them.'),
  }),
  z.strictObject({
    op: z.literal('prove').describe('Answers the challenge by the key of the head; a JWT comes back.'),
    head: Bytes32,
    an: Bytes32,
    session: Bytes32.describe('Random, of this start of the agent.'),
    sig: Bytes64.describe('Over `roadchain/v1/prove\\0`, head, an and session.'),
  }),
  z.strictObject({
    op: z.literal('prepare').describe('Proposes the next link: kept by the anchor beside the head, which stays.'),
    ...Proposal,
    session: Bytes32.optional().describe('Where the order was for this session alone: nobody else who has the key knows it.'),
  }),
  z.strictObject({
    op: z.literal('commit'),
    link: Bytes32.describe('SHA-256 of the proposed link.'),
    an: Bytes32.describe('Nonce of `prepared`.'),
    sig: Bytes64.describe('By the new key, over `roadchain/v1/commit\\0`, link and an.'),
  }),
  z.strictObject({
    op: z.literal('tick').describe('Every 10 s: the fast chain between links. Answers the nonce of the answer before.'),
    session: Bytes32,
    n: z.int().nonnegative(),
    an: z.union([Bytes32, z.literal('')]),
    sig: Bytes64.describe('By the head key, over `roadchain/v1/tick\\0`, session, n and an.'),
  }),
]);
export type UpRequest = z.infer<typeof UpRequest>;

/** A new agent for one device: good only for that device, this start of its agent, and while it runs `from`. Its code is at `/install/agent.mjs` of the hub. */
export const UpdateOffer = z.object({
  from: z.string().max(64).describe('Version of the agent that is to be replaced.'),
  version: z.string().regex(/^[\w.+~-]{1,64}$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  sizeBytes: z.int().positive(),
  rollout: z
    .int()
    .positive()
    .describe('Which one it belongs to: later ones have larger numbers, and a device takes none that is older than its last.'),
  sig: Bytes64.describe(
    'By the anchor key, over `roadchain/v1/update\\0`, device, session, from, version, sha256, size and rollout.',
  ),
});
export type UpdateOffer = z.infer<typeof UpdateOffer>;

export const REFUSALS = [
  'unknown',
  'stale',
  'contested',
  'kept-out',
  'bad-proof',
  'busy',
  'absent',
  'token',
  'malformed',
] as const;
/** Where a device reaches NATS, and whom it believes there. */
export const Reach = z.object({
  urls: z.array(z.string().max(256)).min(1).max(16),
  ca: z.string().max(32_768).optional().describe('PEM.'),
});
export type Reach = z.infer<typeof Reach>;

/** To whom it is said, the device shall make its next key. */
const RotateOrder = z.object({
  req: z.string(),
  an: Bytes32,
  cause: z.enum(CAUSES),
  named: z.boolean().optional().describe('For this session alone, of several that have the key: `prepare` says which one it is.'),
});
export const UpAnswer = z.discriminatedUnion('op', [
  z.object({ op: z.literal('challenge'), an: Bytes32, at: z.string() }),
  z.object({
    op: z.literal('proved'),
    jwt: z.string(),
    an: Bytes32.describe('For the first tick.'),
    nats: Reach.extend({
      sig: Bytes64.describe(
        'By the anchor key, over `roadchain/v1/reach\\0`, device, the `an` that was answered, and the SHA-256 of the JSON of the rest.',
      ),
    })
      .optional()
      .describe('Where NATS is now: used from the next connection on.'),
    rotate: RotateOrder.optional(),
    update: UpdateOffer.optional(),
  }),
  z.object({ op: z.literal('prepared'), link: Bytes32, an: Bytes32, settleMs: z.int().nonnegative() }),
  z.object({ op: z.literal('committed'), link: Link, jwt: z.string() }),
  z.object({
    op: z.literal('ticked'),
    an: Bytes32,
    at: z.string(),
    rotate: RotateOrder.optional(),
    update: UpdateOffer.optional(),
  }),
  z.object({
    op: z.literal('refused'),
    code: z.enum(REFUSALS),
    message: z.string().describe('What happened, what it means, one next step.'),
    /** By the anchor key, over `roadchain/v1/refused\0`, code and the `an` or head it answers; only a signed refusal ends an identity. */
    sig: Bytes64.optional(),
    retryMs: z.int().optional(),
  }),
]);
export type UpAnswer = z.infer<typeof UpAnswer>;

/** On `rc.down.<dev>`: a hint to say hello, or to tick now. Nothing is believed because it came there. */
export const DownMessage = z.discriminatedUnion('op', [
  z.object({ op: z.literal('rotate'), req: z.string().max(64), an: Bytes32, cause: z.enum(CAUSES), sig: Bytes64 }),
  z.object({ op: z.literal('tick') }),
]);
export type DownMessage = z.infer<typeof DownMessage>;

/** A join token: `rcj1.<base64url of this as JSON>.<secret, 32 bytes base64url>`. The hub keeps only the SHA-256 of the secret. */
export const JoinToken = z.object({
  url: z.string().describe('Where the hub answers, as the device reaches it.'),
  fleet: Bytes32,
  tid: EnrolRequest.shape.tid,
  name: Name.optional(),
  exp: z.int().describe('Seconds since 1970.'),
  anchor: Bytes32.describe('Public key of the anchor: the device believes no other.'),
  after: z
    .strictObject({ head: Bytes32, epoch: z.int().nonnegative() })
    .optional()
    .describe('Where the chain of a device that is taken back goes on; a new device begins one.'),
  pin: z.string().optional().describe('SHA-256 of the hub`s TLS key (SPKI), base64, where its certificate is its own.'),
});
export type JoinToken = z.infer<typeof JoinToken>;
