/** Makes the line by which a device that was kept out, or is contested, joins again: its chain goes on, and its old keys stay lost. */

import type * as z from 'zod';
import type { NewJoin } from '#contracts/api-identity.ts';
import { displayName } from '#contracts/device.ts';
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../audit/audited.ts';
import { reachDevice } from '../auth/reach.ts';
import { makeJoin } from './join-tokens.ts';

export const takeBack = audited<{ name: string; url: string }, z.infer<typeof NewJoin>>(
  'device.take-back',
  ({ name }) => name,
  async ({ ctx, input: { name, url } }) => {
    const { hub } = ctx;
    const { value: device } = await reachDevice(ctx, name, 'manage');
    await hub.identity.ledger.whenRead;
    // Without a chain it comes back with one: what it had was a key that somebody carried to it.
    const standing = hub.identity.ledger.viewOf(name)?.standing ?? device.standing ?? 'active';
    if (standing === 'active')
      throw new ProblemError(
        'conflict',
        `${displayName(name)} is in already.`,
        'Nothing has changed. Keep it out first, if its disk was lost.',
      );
    return makeJoin({ ctx, input: { name, url, readmit: true } });
  },
);
