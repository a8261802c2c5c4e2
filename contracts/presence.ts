/** Whether a device's connection to NATS stands. Subject `wall.presence.<device>`, published by the leading anchor. */
import * as z from 'zod';
import { Name } from './name.ts';

export const Presence = z
  .object({
    device: Name,
    connected: z.boolean(),
    at: z.iso.datetime().describe('When the connection came or went.'),
    address: z.string().optional().describe('Where it connects from.'),
  })
  .meta({ id: 'Presence' });
export type Presence = z.infer<typeof Presence>;
