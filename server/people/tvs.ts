/** The TVs that are signed in: which they are, which wall they show, and how they are signed out. */
import type { Tv } from '#contracts/api-people.ts';
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../audit/audited.ts';
import type { SessionRecord } from '../auth/accounts.ts';
import { endSession } from '../auth/end-sessions.ts';
import { changeSession, listSessions } from '../auth/sessions.ts';
import type { Buckets, Context } from '../hub.ts';

export async function listTvs({ ctx: { hub } }: { ctx: Context }): Promise<Tv[]> {
  const sessions = await listSessions(hub.buckets);
  return sessions.flatMap(({ value }) => toTv(value) ?? []).sort((a, b) => a.title.localeCompare(b.title));
}

export const changeTv = audited<{ id: string; wall: string }, Tv>(
  'tv.change',
  ({ id, wall }) => `${id} to ${wall}`,
  async ({ ctx: { hub }, input: { id, wall } }) => {
    const key = await keyOf(hub.buckets, id);
    const record = await changeSession(hub.buckets, key, (before) =>
      before.tv ? { ...before, tv: { ...before.tv, wall } } : before,
    );
    const tv = record && toTv(record);
    if (!tv) throw noSuchTv();
    return tv;
  },
);

export const removeTv = audited<{ id: string }, void>(
  'tv.remove',
  ({ id }) => id,
  async ({ ctx: { hub }, input: { id } }) => endSession(hub, await keyOf(hub.buckets, id), 'revoke'),
);

async function keyOf(buckets: Buckets, id: string): Promise<string> {
  const session = (await listSessions(buckets)).find(({ value }) => value.tv?.id === id);
  if (!session) throw noSuchTv();
  return session.key;
}

function toTv({ tv, lastSeenAt }: SessionRecord): Tv | undefined {
  return tv && { id: tv.id, title: tv.title, wall: tv.wall, pairedBy: tv.pairedBy, pairedAt: tv.pairedAt, lastSeenAt };
}

const noSuchTv = () => new ProblemError('not-found', 'There is no such TV.', 'Nothing has changed. See the list of TVs.');
