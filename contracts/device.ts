/** The registry's record of a device: who it is and where it sits on the wall. Bucket `devices`, key `<device>`. */
import * as z from 'zod';
import { Labels, Name } from './name.ts';

export { displayName } from './device-words.ts';

export const Device = z
  .object({
    name: Name,
    labels: Labels,
    seat: z
      .number()
      .int()
      .nonnegative()
      .describe("Place on the wall, from 0. The frame's colour is `FRAME_COLOURS[seat % 12]`, its notches `floor(seat / 12)`."),
    publicKey: z
      .string()
      .describe("The public nkey (`U...`) of the device's NATS user; empty for a device with shared credentials."),
    local: z.boolean().describe('Runs on the same machine as the hub; stamped LOCAL on the wall.'),
    createdAt: z.iso.datetime(),
    createdBy: z.string().describe('Who added it.'),
    standing: z
      .enum(['contested', 'kept-out'])
      .optional()
      .describe('How the fleet stands to its identity; absent: nothing is wrong. `contested`: a person has to say who is right.'),
    standingWhy: z.string().optional().describe('In words, beside `standing`.'),
  })
  .meta({ id: 'Device' });
export type Device = z.infer<typeof Device>;
