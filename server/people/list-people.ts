/** Everybody who is here, and everybody who is invited. */
import type { Invite, Person } from '#contracts/api-people.ts';
import { ACCOUNT_KEY, OWNER, SESSION_KEY } from '../auth/accounts.ts';
import type { Context } from '../hub.ts';
import { isPast } from './one-time-link.ts';

export async function listPeople({ ctx: { hub } }: { ctx: Context }): Promise<{ items: Person[]; invites: Invite[] }> {
  const { owners, people, invites } = hub.buckets;
  const [owner, others, waiting] = await Promise.all([
    owners.get(ACCOUNT_KEY.owner),
    people.list(ACCOUNT_KEY.people),
    invites.list(SESSION_KEY.invites),
  ]);
  const first: Person[] = owner ? [{ name: OWNER, role: 'owner', createdAt: owner.value.createdAt }] : [];
  return {
    items: [...first, ...others.map(({ value }) => toPerson(value)).sort(byName)],
    invites: waiting
      .filter(({ value }) => !isPast(value.expiresAt))
      .map(({ value: { name, role, by, expiresAt } }) => ({ name, role, expiresAt, createdBy: by.user }))
      .sort(byName),
  };
}

/** Without the hash of the password. */
export const toPerson = ({ name, role, createdAt, invitedBy }: Person): Person => ({
  name,
  role,
  createdAt,
  ...(invitedBy ? { invitedBy } : {}),
});

const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
