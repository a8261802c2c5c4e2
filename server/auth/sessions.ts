/** Browser sessions in the bucket `sessions`, kept under the digest of their secret. */
import { RevisionConflict } from '../kv/store.ts';
import type { Accounts, SessionRecord } from './accounts.ts';
import { digest, newSecret } from './secret.ts';
import { ABSOLUTE_MS, isAlive, needsRenewal, newSessionRecord } from './session-life.ts';

type Sessions = Pick<Accounts, 'sessions'>;

/** `secret` goes into the cookie and nowhere else. */
export async function openSession({ sessions }: Sessions, user: string): Promise<{ secret: string; record: SessionRecord }> {
  const secret = newSecret();
  const record = newSessionRecord(user, Date.now());
  await sessions.put(digest(secret), record, { expectedRevision: 0, ttlSeconds: ABSOLUTE_MS / 1000 });
  return { secret, record };
}

/** The session of this secret, and counts as a sign of life. */
export async function findSession({ sessions }: Sessions, secret: string): Promise<SessionRecord | undefined> {
  const key = digest(secret);
  const entry = await sessions.get(key);
  const now = Date.now();
  if (!entry || !isAlive(entry.value, now)) return undefined;
  if (!needsRenewal(entry.value, now)) return entry.value;
  const record = { ...entry.value, lastSeenAt: new Date(now).toISOString() };
  const ttlSeconds = (Date.parse(record.expiresAt) - now) / 1000;
  // Another request renewed or ended it at the same moment: the next request sees which.
  await sessions.put(key, record, { expectedRevision: entry.revision, ttlSeconds }).catch(ignoreConflict);
  return record;
}

export async function closeSession({ sessions }: Sessions, secret: string): Promise<void> {
  await sessions.delete(digest(secret));
}

export async function closeAllSessions({ sessions }: Sessions): Promise<void> {
  await Promise.all((await sessions.list()).map(({ key }) => sessions.delete(key)));
}

function ignoreConflict(error: unknown): void {
  if (!(error instanceof RevisionConflict)) throw error;
}
