/** Takes back an invite that nobody has used yet. */
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../audit/audited.ts';
import { type Accounts, type InviteRecord, SESSION_KEY } from '../auth/accounts.ts';
import { GONE } from '../auth/sessions.ts';

export const withdrawInvite = audited<{ name: string }, void>(
  'person.withdraw-invite',
  ({ name }) => name,
  async ({ ctx: { hub }, input: { name } }) => {
    if ((await removeInvites(hub.buckets, (invite) => invite.name === name)) === 0)
      throw new ProblemError('not-found', `Nobody called ${name} is invited.`, 'Nothing has changed. See the list of people.');
  },
);

export async function removeInvites(
  { invites }: Pick<Accounts, 'invites'>,
  which: (invite: InviteRecord) => boolean,
): Promise<number> {
  const found = (await invites.list(SESSION_KEY.invites)).filter(({ value }) => which(value));
  await Promise.all(found.map(({ key }) => invites.delete(key, GONE)));
  return found.length;
}
