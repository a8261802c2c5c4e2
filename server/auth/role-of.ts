/** The role a person has at this moment; undefined for somebody who is not here any more, or was another one of that name. */
import type { Role } from '#contracts/access.ts';
import { ACCOUNT_KEY, type Accounts, type By, OWNER } from './accounts.ts';

export async function roleOf({ people }: Pick<Accounts, 'people'>, { user, id }: By): Promise<Role | undefined> {
  if (user === OWNER) return 'owner';
  const person = await people.get(ACCOUNT_KEY.person(user));
  return person?.value.id === id ? person?.value.role : undefined;
}
