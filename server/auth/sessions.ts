/** Sessions in the bucket `sessions`, kept under the digest of their secret. */
import type { Entry } from '../kv/bucket.ts';
import { RevisionConflict } from '../kv/store.ts';
import { type Accounts, SESSION_KEY, type SessionRecord } from './accounts.ts';
import { digest, newSecret } from './secret.ts';
import { isAlive, type NewSession, needsRenewal, newSessionRecord, renewed } from './session-life.ts';

type Sessions = Pick<Accounts, 'sessions'>;

/** What is deleted leaves a marker in the bucket, which ends by itself too. */
export const GONE = { ttlSeconds: 3_600 } as const;

export const leftSeconds = (record: SessionRecord, nowMs: number) => (Date.parse(record.expiresAt) - nowMs) / 1000;

/** `secret` goes into the cookie and nowhere else. */
export async function openSession(
  { sessions }: Sessions,
  session: NewSession,
): Promise<{ secret: string; record: SessionRecord }> {
  const secret = newSecret();
  const now = Date.now();
  const record = newSessionRecord(session, now);
  await sessions.put(digest(secret), record, { expectedRevision: 0, ttlSeconds: leftSeconds(record, now) });
  return { secret, record };
}

/** Where a request comes from, as far as it can be told. */
export interface Whence {
  from?: string | undefined;
  client?: string | undefined;
}

/** The session of this secret, and counts as a sign of life. */
export async function findSession(
  { sessions }: Sessions,
  secret: string,
  whence: Whence = {},
): Promise<SessionRecord | undefined> {
  const key = digest(secret);
  const entry = await sessions.get(key);
  const now = Date.now();
  if (!entry || !isAlive(entry.value, now)) return undefined;
  const isNew = entry.value.from === undefined && whence.client !== undefined;
  if (!isNew && !needsRenewal(entry.value, now)) return entry.value;
  const record = { ...renewed(entry.value, now), ...told(whence) };
  // Another request renewed or ended it at the same moment: the next request sees which.
  await sessions
    .put(key, record, { expectedRevision: entry.revision, ttlSeconds: leftSeconds(record, now) })
    .catch(ignoreConflict);
  return record;
}

/** The front asks too, on its own behalf and without a name: where it stands tells nothing of the person. */
const told = ({ from, client }: Whence): Whence =>
  client ? { client: client.slice(0, 160), ...(from ? { from: from.slice(0, 64) } : {}) } : {};

export async function listSessions({ sessions }: Sessions): Promise<Entry<SessionRecord>[]> {
  const now = Date.now();
  return (await sessions.list(SESSION_KEY.sessions)).filter(({ value }) => isAlive(value, now) && !value.supersededBy);
}

/** Changes a session that others renew at the same time. undefined: it has ended. */
export async function changeSession(
  { sessions }: Sessions,
  key: string,
  change: (record: SessionRecord) => SessionRecord,
): Promise<SessionRecord | undefined> {
  for (;;) {
    const entry = await sessions.get(key);
    if (!entry || !isAlive(entry.value, Date.now())) return undefined;
    const record = change(entry.value);
    const written = sessions.put(key, record, { expectedRevision: entry.revision, ttlSeconds: leftSeconds(record, Date.now()) });
    if (await written.then(() => true, ignoreConflict)) return record;
  }
}

function ignoreConflict(error: unknown): undefined {
  if (!(error instanceof RevisionConflict)) throw error;
}
