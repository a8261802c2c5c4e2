/** What a signed-in person or program is told about itself. */
import { rightsOf } from '#contracts/access.ts';
import type { Session } from '#contracts/api.ts';
import type { Hub } from '../hub.ts';
import { ACCOUNT_KEY, DEFAULT_WALL_NAME, type SessionRecord } from './accounts.ts';
import { ABSOLUTE_MS } from './session-life.ts';

/** Without a record: a program with a token, whose end is not foreseen. */
export async function describeSession(hub: Hub, user: string, record: SessionRecord | undefined): Promise<Session> {
  return {
    user,
    role: 'owner',
    kind: 'person',
    rights: [...rightsOf('owner')],
    wallName: await wallName(hub),
    expiresAt: record?.expiresAt ?? new Date(Date.now() + ABSOLUTE_MS).toISOString(),
    version: hub.version,
  };
}

export async function wallName({ buckets }: Pick<Hub, 'buckets'>): Promise<string> {
  return (await buckets.owners.get(ACCOUNT_KEY.owner))?.value.wallName ?? DEFAULT_WALL_NAME;
}
