/** Gives a person another role. It holds at once: every live connection with the old rights is cut and comes back with the new. */
import type * as z from 'zod';
import { grantWords } from '#contracts/access.ts';
import type { ChangePersonRequest, Person } from '#contracts/api-people.ts';
import { audited } from '../audit/audited.ts';
import { ACCOUNT_KEY } from '../auth/accounts.ts';
import { cutConnections } from '../auth/end-sessions.ts';
import { grantsOfRecord } from '../auth/grants-of.ts';
import { changeSession, listSessions } from '../auth/sessions.ts';
import { digestOfTokenKey } from '../auth/tokens.ts';
import type { Hub } from '../hub.ts';
import { changed } from '../kv/changed.ts';
import { toPerson } from './list-people.ts';
import { checkMayHandle, checkNotOwner, noSuchPerson, toGiven } from './person-rules.ts';
import { withdrawGiven } from './withdraw-given.ts';

export interface ChangePersonInput extends z.infer<typeof ChangePersonRequest> {
  name: string;
}

export const changePerson = audited<ChangePersonInput, Person>(
  'person.change',
  ({ name, ...given }) => `${name} to ${grantWords(grantsOfRecord(toGiven(given)))}`,
  async ({ ctx: { hub, actor }, input: { name, ...asked } }) => {
    const { role, grants } = toGiven(asked);
    checkNotOwner(name);
    const person = await changed(hub.buckets.people, ACCOUNT_KEY.person(name), (before) => {
      checkMayHandle(actor, before.role, role);
      const { grants: _before, ...rest } = before;
      return { ...rest, role, ...(grants ? { grants } : {}) };
    });
    if (!person) throw noSuchPerson(name);
    await withdrawGiven(hub, name, grants ?? [{ role }]);
    await cutConnectionsOf(hub, name);
    return toPerson(person);
  },
);

async function cutConnectionsOf(hub: Hub, user: string): Promise<void> {
  const theirs = (await listSessions(hub.buckets)).filter(({ value }) => value.user === user && !value.tv && !value.guest);
  const tokens = (await hub.buckets.tokens.list(ACCOUNT_KEY.tokens)).filter(({ value }) => value.user === user);
  // Whoever knew its secret before has nothing of what its person may do from now on.
  await Promise.all(theirs.map(({ key }) => changeSession(hub.buckets, key, (record) => ({ ...record, renew: true }))));
  const keys = [...theirs.map(({ key }) => key), ...tokens.map(({ key }) => digestOfTokenKey(key))];
  await Promise.all(keys.map((key) => cutConnections(hub, key, 'revoke')));
}
