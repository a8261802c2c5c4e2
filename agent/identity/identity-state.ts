/** What a device with a chain keeps of itself, in one file, so that its key and its history can never part. */
import * as z from 'zod';
import { DeviceState } from '#roadchain/device-state.ts';
import { Bytes32, Bytes64, Name } from '#roadchain/link.ts';
import { EnrolRequest } from '#roadchain/messages.ts';

const Membership = {
  device: Name,
  fleet: Bytes32,
  /** Public key of the anchor, as it came with the join token: no other is believed. */
  anchor: Bytes32,
  hub: z.object({ url: z.string(), pin: z.string().optional() }),
  /** Join token that made this device a member. */
  tid: EnrolRequest.shape.tid,
};
const Addresses = { urls: z.array(z.string()), ca: z.string().optional() };
const Proposal = { seed: Bytes32, body: z.string(), sigNew: Bytes64 };

export const IdentityState = z.object({
  v: z.literal(1),
  /** Latest time an anchor sealed anything, in milliseconds since 1970: a clock below it is wrong. */
  timeFloorMs: z.int().nonnegative(),
  /** Asked to join, and does not know yet whether it did. Asked again with the same words, the answer is the same. */
  joining: z.object({ ...Membership, ...Proposal, mac: Bytes32 }).optional(),
  chain: z
    .object({
      ...Membership,
      epoch: z.int().nonnegative(),
      head: Bytes32,
      /** Secret of this epoch. */
      seed: Bytes32,
      links: DeviceState.shape.receipts.min(1),
      jwt: z.string(),
      /** `before`: where it was until the anchor said otherwise; tried where the new one does not answer. */
      nats: z.object({ ...Addresses, before: z.object(Addresses).optional() }),
    })
    .optional(),
  /** Proposed as the next link of the chain, and it is not known yet whether the anchor sealed it. */
  pending: z.object({ ...Proposal, sigOld: Bytes64, link: Bytes32 }).optional(),
});
export type IdentityState = z.infer<typeof IdentityState>;
export type Chain = NonNullable<IdentityState['chain']>;
export type Joining = NonNullable<IdentityState['joining']>;
