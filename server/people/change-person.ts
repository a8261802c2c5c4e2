/** Gives a person another role. It holds at once: every live connection with the old rights is cut and comes back with the new. */
import type * as z from 'zod';
import type { ChangePersonRequest, Person } from '#contracts/api-people.ts';
import { audited } from '../audit/audited.ts';
import { ACCOUNT_KEY } from '../auth/accounts.ts';
import { cutConnections } from '../auth/end-sessions.ts';
import { listSessions } from '../auth/sessions.ts';
import type { Hub } from '../hub.ts';
import { changed } from '../kv/changed.ts';
import { toPerson } from './list-people.ts';
import { checkMayHandle, checkNotOwner, noSuchPerson } from './person-rules.ts';
import { withdrawGiven } from './withdraw-given.ts';

export interface ChangePersonInput extends z.infer<typeof ChangePersonRequest> {
  name: string;
}

export const changePerson = audited<ChangePersonInput, Person>(
  'person.change',
  ({ name, role }) => `${name} to ${role}`,
  async ({ ctx: { hub, actor }, input: { name, role } }) => {
    checkNotOwner(name);
    const person = await changed(hub.buckets.people, ACCOUNT_KEY.person(name), (before) => {
      checkMayHandle(actor, before.role, role);
      return { ...before, role };
    });
    if (!person) throw noSuchPerson(name);
    await withdrawGiven(hub, name, role);
    await cutConnectionsOf(hub, name);
    return toPerson(person);
  },
);

async function cutConnectionsOf(hub: Hub, user: string): Promise<void> {
  const theirs = (await listSessions(hub.buckets)).filter(({ value }) => value.user === user && !value.tv && !value.guest);
  await Promise.all(theirs.map(({ key }) => cutConnections(hub, key, 'revoke')));
}
