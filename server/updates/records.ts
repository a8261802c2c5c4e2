/** What the hub keeps of the newest rollout of an agent: one record, which any anchor may read and only the leader moves on. */
import * as z from 'zod';
import { Name } from '#contracts/name.ts';
import { UpdateOffer } from '#roadchain/messages.ts';

/** As short as it can be: a rollout of 10,000 devices is one message of NATS, of at most 1 MiB. */
export const RolloutDevice = z.object({
  device: Name,
  state: z.enum(['waiting', 'updating', 'updated', 'returned', 'failed']),
  from: z.string().optional().describe('What ran there when its turn came; while it is `updating`.'),
  at: z.iso.datetime().optional().describe('When its turn came; while it is `updating`.'),
  message: z.string().optional(),
});
export type RolloutDevice = z.infer<typeof RolloutDevice>;

export const RolloutRecord = z.object({
  id: UpdateOffer.shape.rollout,
  version: UpdateOffer.shape.version,
  sha256: UpdateOffer.shape.sha256,
  sizeBytes: UpdateOffer.shape.sizeBytes,
  startedAt: z.iso.datetime(),
  startedBy: z.string(),
  state: z.enum(['running', 'paused', 'done', 'stopped']),
  why: z.string().optional(),
  culprit: Name.optional().describe('The device of which `why` speaks.'),
  devices: z.array(RolloutDevice).describe('In the order of their turns.'),
});
export type RolloutRecord = z.infer<typeof RolloutRecord>;

/** In the bucket `identity`. */
export const ROLLOUT_KEY = 'update.rollout';

export const isUnderWay = ({ state }: Pick<RolloutRecord, 'state'>): boolean => state === 'running' || state === 'paused';
