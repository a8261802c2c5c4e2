/** Gives a session a new secret, as at every change of what it may do: whoever knew the old one is left with nothing. */
import type { Hub } from '../hub.ts';
import { RevisionConflict } from '../kv/store.ts';
import { SESSION_KEY, type SessionRecord } from './accounts.ts';
import type { Identity } from './identify.ts';
import { digest, newSecret } from './secret.ts';
import { GONE, leftSeconds } from './sessions.ts';

const MOST_ATTEMPTS = 10;
const GRACE_MS = 10_000;

export interface RenewedSession {
  /** For the cookie, and nowhere else. */
  secret: string;
  key: string;
  record: SessionRecord;
}

/**
 * The old secret ends with this call; live connections stay, and keep their connection ids. undefined: the session has ended, or two
 * requests renew it at the same moment and this is the later one.
 */
export async function renewSession(
  { buckets }: Pick<Hub, 'buckets'>,
  { key: oldKey }: Pick<Identity, 'key'>,
  change: (record: SessionRecord) => SessionRecord = (record) => record,
): Promise<RenewedSession | undefined> {
  const { sessions } = buckets;
  const secret = newSecret();
  const key = digest(secret);
  for (let attempt = 1; ; attempt++) {
    const before = await sessions.get(oldKey);
    if (!before) return undefined;
    const record: SessionRecord = { ...change(before.value), uidSeed: before.value.uidSeed ?? oldKey };
    try {
      // First the old one ends, for exactly one of all who try: there are never two.
      await sessions.delete(oldKey, { ...GONE, expectedRevision: before.revision });
    } catch (error) {
      if (!(error instanceof RevisionConflict) || attempt === MOST_ATTEMPTS) throw error;
      continue;
    }
    await sessions.put(key, record, { expectedRevision: 0, ttlSeconds: leftSeconds(record, Date.now()) });
    await moveNatsUsers(buckets, oldKey, key);
    return { secret, key, record };
  }
}

/**
 * The same for a session whose person was given other rights, while its pages ask for this and that: what they send with the old secret
 * counts for some seconds more, as the session it became. undefined: another request was faster.
 */
export async function renewChangedSession(
  { buckets }: Pick<Hub, 'buckets'>,
  { key: oldKey }: Pick<Identity, 'key'>,
): Promise<RenewedSession | undefined> {
  const { sessions } = buckets;
  const before = await sessions.get(oldKey);
  if (!before?.value.renew) return undefined;
  const secret = newSecret();
  const key = digest(secret);
  const { renew: _done, ...kept } = before.value;
  const record: SessionRecord = { ...kept, uidSeed: kept.uidSeed ?? oldKey };
  // First the new one is there: nobody who comes with the old one is sent away.
  await sessions.put(key, record, { expectedRevision: 0, ttlSeconds: leftSeconds(record, Date.now()) });
  const endsMs = Math.min(Date.now() + GRACE_MS, Date.parse(kept.expiresAt));
  const old: SessionRecord = { ...kept, expiresAt: new Date(endsMs).toISOString(), supersededBy: key };
  try {
    await sessions.put(oldKey, old, { expectedRevision: before.revision, ttlSeconds: leftSeconds(old, Date.now()) });
  } catch (error) {
    await sessions.delete(key, GONE);
    if (error instanceof RevisionConflict) return undefined;
    throw error;
  }
  await moveNatsUsers(buckets, oldKey, key);
  return { secret, key, record };
}

/** So that they are cut when the session ends under its new key. */
async function moveNatsUsers({ natsUsers }: Hub['buckets'], from: string, to: string): Promise<void> {
  for (const { key, value } of await natsUsers.list(SESSION_KEY.natsUsersOf(from))) {
    const publicKey = key.slice(key.lastIndexOf('.') + 1);
    const ttlSeconds = (Date.parse(value.expiresAt) - Date.now()) / 1000;
    if (ttlSeconds > 0) await natsUsers.put(SESSION_KEY.natsUser(to, publicKey), value, { ttlSeconds });
    await natsUsers.delete(key, GONE);
  }
}
