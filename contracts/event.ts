/** Something that happened on a device, in one line. Subject `event.<device>`, stream `EVENTS`, seven days. */
import * as z from 'zod';
import { Name } from './name.ts';

export const DeviceEvent = z
  .object({
    device: Name,
    at: z.iso.datetime(),
    kind: z
      .enum([
        'agent-started',
        'pulled',
        'created',
        'started',
        'stopped',
        'died',
        'removed',
        'repaired',
        'healthy',
        'unhealthy',
        'failed',
        'unsupported',
        'engine-lost',
        'engine-back',
        'asked',
        'answered',
        'call',
        'terminal-opened',
        'terminal-control',
        'terminal-ended',
        'screen-control',
        'screen-ended',
        'recording-ready',
        'enrolled',
        'identity-rotated',
        'identity-alarm',
        'contested',
        'contest-cleared',
        'kept-out',
        'taken-back',
        'agent-updated',
        'agent-returned',
      ])
      .describe('For machines.'),
    deployment: Name.optional(),
    service: Name.optional(),
    by: Name.optional().describe('The person who did it, as the device says.'),
    to: Name.optional().describe('The device that was called.'),
    message: z.string().describe('For people: one sentence, names first.'),
  })
  .meta({ id: 'DeviceEvent' });
export type DeviceEvent = z.infer<typeof DeviceEvent>;
