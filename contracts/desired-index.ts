/** The list of everything a device is asked to run. Bucket `desired-index`, key `<device>`, written by the hub alone. */
import * as z from 'zod';
import { Name } from './name.ts';

export const DesiredIndex = z
  .strictObject({
    device: Name,
    keys: z.record(Name, z.number().int().nonnegative()).describe('Deployment -> KV revision of its key in `desired-state`.'),
  })
  .meta({ id: 'DesiredIndex' })
  .describe('Only a valid index says that something is no longer wanted; silence or an invalid one never does.');
export type DesiredIndex = z.infer<typeof DesiredIndex>;
