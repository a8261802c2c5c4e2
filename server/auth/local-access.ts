/** What `scorewall up` sets up on the hub's own machine: its API token, and the link that makes the owner. */
import type { NatsConnection } from '@nats-io/nats-core';
import { openStore } from '../kv/store.ts';
import { ACCOUNT_KEY, OWNER, openAccounts } from './accounts.ts';
import { issueOwnerLink } from './owner-link.ts';
import { digest, newSecret } from './secret.ts';

const LABEL = 'local';

/** A new bearer token with the owner's rights; the one of the last start no longer works. */
export async function renewLocalToken(nc: NatsConnection): Promise<string> {
  const { tokens } = openAccounts(await openStore(nc));
  const before = (await tokens.list(ACCOUNT_KEY.tokens)).filter(({ value }) => value.label === LABEL);
  const token = newSecret();
  const record = { user: OWNER, label: LABEL, createdAt: new Date().toISOString() };
  await tokens.put(ACCOUNT_KEY.token(digest(token)), record, { expectedRevision: 0 });
  await Promise.all(before.map(({ key }) => tokens.delete(key)));
  return token;
}

/** Empty once there is an owner. */
export async function createOwnerLink(nc: NatsConnection, baseUrl: string): Promise<string> {
  const accounts = openAccounts(await openStore(nc));
  if (await accounts.owners.get(ACCOUNT_KEY.owner)) return '';
  return (await issueOwnerLink(accounts, baseUrl)).url;
}
