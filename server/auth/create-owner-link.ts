/** Makes a one-time link for an owner who lost the password. Only with the token of the hub's own machine. */
import type { OwnerLink } from '#contracts/api.ts';
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../audit/audited.ts';
import { OWNER } from './accounts.ts';
import { issueOwnerLink } from './owner-link.ts';

export const createOwnerLink = audited<{ baseUrl: string }, OwnerLink>(
  'owner.link',
  () => OWNER,
  async ({ ctx: { hub, actor }, input: { baseUrl } }) => {
    // A session left open on some screen must not be enough to take the wall over for good.
    if (actor.via !== 'token')
      throw new ProblemError(
        'forbidden',
        'A new link is made on the machine of the hub.',
        'Devices are not affected. Run there: npx scorewall owner-link',
      );
    return issueOwnerLink(hub.buckets, baseUrl);
  },
);
