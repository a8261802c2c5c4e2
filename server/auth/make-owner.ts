/** Makes the owner with a one-time link, or gives the owner a new password and ends every other session. */
import type * as z from 'zod';
import type { OwnerRequest, Session } from '#contracts/api.ts';
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../audit/audited.ts';
import { ACCOUNT_KEY, DEFAULT_WALL_NAME, OWNER } from './accounts.ts';
import { describeSession } from './describe-session.ts';
import { consumeOwnerLink, findOwnerLink } from './owner-link.ts';
import { hashPassword } from './password.ts';
import { closeAllSessions, openSession } from './sessions.ts';
import { TooManyAttempts } from './too-many-attempts.ts';

export interface SignedIn {
  session: Session;
  /** For the cookie, and nowhere else. */
  secret: string;
}

export interface MakeOwnerInput extends z.infer<typeof OwnerRequest> {
  /** Network address the attempt comes from. */
  source: string;
}

export const makeOwner = audited<MakeOwnerInput, SignedIn>(
  'owner.make',
  () => OWNER,
  async ({ ctx: { hub }, input }) => {
    const { buckets } = hub;
    const link = await findOwnerLink(buckets, input.token);
    if (link === undefined) {
      // Nobody guesses a link; but each refusal is audited, and a stranger must not fill the disk with them.
      const waitMs = hub.throttle.begin(input.source, Date.now());
      throw waitMs > 0 ? new TooManyAttempts(Math.ceil(waitMs / 1000)) : linkUsed();
    }
    const passwordHash = await hashPassword(input.password);
    if (!(await consumeOwnerLink(buckets, link))) throw linkUsed();
    const before = await buckets.owners.get(ACCOUNT_KEY.owner);
    await buckets.owners.put(ACCOUNT_KEY.owner, {
      name: OWNER,
      passwordHash,
      wallName: input.wallName ?? before?.value.wallName ?? DEFAULT_WALL_NAME,
      createdAt: before?.value.createdAt ?? new Date().toISOString(),
    });
    await closeAllSessions(buckets);
    const { secret, record } = await openSession(buckets, OWNER);
    return { session: await describeSession(hub, OWNER, record), secret };
  },
);

const linkUsed = () =>
  new ProblemError(
    'link-used',
    'This link was used already, or it is older than 15 minutes.',
    'Nothing has changed. Make a new one on the machine of the hub: npx scorewall owner-link',
  );
