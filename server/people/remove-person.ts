/** Removes a person: from this moment they are signed out everywhere, and what they gave to guests and invited is taken back. */
import { audited } from '../audit/audited.ts';
import { ACCOUNT_KEY } from '../auth/accounts.ts';
import { cutConnections, endSessions } from '../auth/end-sessions.ts';
import { removeFactors } from '../auth/remove-factors.ts';
import { digestOfTokenKey } from '../auth/tokens.ts';
import { checkMayHandle, checkNotOwner, noSuchPerson } from './person-rules.ts';
import { withdrawGiven } from './withdraw-given.ts';

export const removePerson = audited<{ name: string }, void>(
  'person.remove',
  ({ name }) => name,
  async ({ ctx: { hub, actor }, input: { name } }) => {
    checkNotOwner(name);
    const { people, tokens } = hub.buckets;
    const person = await people.get(ACCOUNT_KEY.person(name));
    if (!person) throw noSuchPerson(name);
    checkMayHandle(actor, person.value.role);
    // A role given at this very moment must not bring them back, nor be removed unseen.
    await people.delete(person.key, { expectedRevision: person.revision });
    await endSessions(hub, ({ user, tv, guest }) => user === name && !tv && !guest);
    const theirs = (await tokens.list(ACCOUNT_KEY.tokens)).filter(({ value }) => value.user === name);
    await Promise.all(
      theirs.map(async ({ key }) => {
        await tokens.delete(key);
        await cutConnections(hub, digestOfTokenKey(key), 'revoke');
      }),
    );
    await removeFactors(hub, name);
    await withdrawGiven(hub, name);
  },
);
