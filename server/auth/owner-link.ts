/** The one-time link that makes the owner, or gives the owner a new password. Only its digest is stored. */
import type { OwnerLink } from '#contracts/api.ts';
import { RevisionConflict } from '../kv/store.ts';
import { ACCOUNT_KEY, type Accounts } from './accounts.ts';
import { digest, matchesDigest, newSecret } from './secret.ts';

const LIFE_MS = 15 * 60_000;

type Links = Pick<Accounts, 'ownerLinks'>;

/** A new link; the one before it no longer works. The secret is in the fragment, which no server ever sees. */
export async function issueOwnerLink({ ownerLinks }: Links, baseUrl: string): Promise<OwnerLink> {
  const secret = newSecret();
  const expiresAt = new Date(Date.now() + LIFE_MS).toISOString();
  await ownerLinks.put(ACCOUNT_KEY.ownerLink, { digest: digest(secret), expiresAt });
  return { url: `${baseUrl.replace(/\/+$/, '')}/start#${secret}`, expiresAt };
}

/** The revision of the link this secret belongs to, if it is still good. */
export async function findOwnerLink({ ownerLinks }: Links, secret: string): Promise<number | undefined> {
  const link = await ownerLinks.get(ACCOUNT_KEY.ownerLink);
  if (!link || !matchesDigest(secret, link.value.digest) || Date.parse(link.value.expiresAt) <= Date.now()) return undefined;
  return link.revision;
}

/** True for exactly one of all who use a link at the same moment. */
export async function consumeOwnerLink({ ownerLinks }: Links, revision: number): Promise<boolean> {
  try {
    await ownerLinks.delete(ACCOUNT_KEY.ownerLink, { expectedRevision: revision });
    return true;
  } catch (error) {
    if (error instanceof RevisionConflict) return false;
    throw error;
  }
}
