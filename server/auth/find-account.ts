/** What a name stands for when somebody signs in: the hash of the password, and which of all namesakes it is. */
import { ACCOUNT_KEY, type Accounts, OWNER } from './accounts.ts';

export interface Account {
  user: string;
  /** Absent for the owner. */
  id?: string;
  passwordHash?: string | undefined;
  /** Signs in at a provider, and only there. */
  oidc?: { issuer: string; subject: string } | undefined;
}

export async function findAccount(
  { owners, people }: Pick<Accounts, 'owners' | 'people'>,
  user: string,
): Promise<Account | undefined> {
  if (user === OWNER) {
    const owner = await owners.get(ACCOUNT_KEY.owner);
    return owner && { user, passwordHash: owner.value.passwordHash };
  }
  const person = await people.get(ACCOUNT_KEY.person(user));
  return person && { user, id: person.value.id, passwordHash: person.value.passwordHash, oidc: person.value.oidc };
}
