/** What a person has at this moment; undefined for somebody who is not here any more, or was another one of that name. */
import type { Grant } from '#contracts/access.ts';
import { ACCOUNT_KEY, type Accounts, type By, OWNER, type PersonRecord } from './accounts.ts';

export async function grantsOf({ people }: Pick<Accounts, 'people'>, { user, id }: By): Promise<readonly Grant[] | undefined> {
  if (user === OWNER) return OWNERS_GRANTS;
  const person = await people.get(ACCOUNT_KEY.person(user));
  return person?.value.id === id ? person && grantsOfRecord(person.value) : undefined;
}

export const grantsOfRecord = ({ role, grants }: Pick<PersonRecord, 'role' | 'grants'>): readonly Grant[] => grants ?? [{ role }];

const OWNERS_GRANTS: readonly Grant[] = [{ role: 'owner' }];
