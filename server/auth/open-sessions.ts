/** Where people are signed in, and how one of these sessions is ended: its cookie and its live connections are refused at once. */
import type { SessionView } from '#contracts/api-people.ts';
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../audit/audited.ts';
import type { Actor, Context } from '../hub.ts';
import { endSession } from './end-sessions.ts';
import { hasOnFleet } from './reach.ts';
import { digest } from './secret.ts';
import { listSessions } from './sessions.ts';

interface Own {
  /** Of the session that asks. */
  key: string;
}

/** A session is named by the digest of its key, which itself never leaves the hub. */
const idOf = (key: string): string => digest(key).slice(0, 24);

export async function listOpenSessions({ ctx, input: { key } }: { ctx: Context; input: Own }): Promise<SessionView[]> {
  const theirs = await openOf(ctx);
  return theirs
    .map(({ key: one, value: { user, from, client, createdAt, lastSeenAt, expiresAt } }) => ({
      id: idOf(one),
      user,
      current: one === key,
      ...(from ? { from } : {}),
      ...(client ? { client } : {}),
      createdAt,
      lastSeenAt,
      expiresAt,
    }))
    .sort((a, b) => Number(b.current) - Number(a.current) || (a.lastSeenAt < b.lastSeenAt ? 1 : -1));
}

export const removeOpenSession = audited<{ id: string }, void>(
  'session.end',
  ({ id }) => id,
  async ({ ctx, input: { id } }) => {
    const found = (await openOf(ctx)).find(({ key }) => idOf(key) === id);
    if (!found)
      throw new ProblemError('not-found', 'There is no such session.', 'Nothing has changed. It may have ended by itself.');
    await endSession(ctx.hub, found.key, 'revoke');
  },
);

/** Of people: TVs have a list of their own, and guests end with their link. */
async function openOf({ hub, actor }: Context) {
  const all = (await listSessions(hub.buckets)).filter(({ value }) => !value.tv && !value.guest);
  return hasOnFleet(actor, 'own') ? all : all.filter(({ value }) => isTheirs(actor, value));
}

const isTheirs = ({ user, id }: Actor, record: { user: string; id?: string | undefined }): boolean =>
  record.user === user && record.id === id;
