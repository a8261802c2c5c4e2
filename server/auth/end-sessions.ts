/** Ends sessions, and cuts the NATS connections that were opened with them. */
import type { Hub } from '../hub.ts';
import { SESSION_KEY, type SessionRecord } from './accounts.ts';
import { GONE, listSessions } from './sessions.ts';

type Parts = Pick<Hub, 'buckets' | 'revokeKey' | 'cutKey' | 'log'>;

/** `kick`: the JWT stays good until its end, at most 15 minutes. `revoke`: its key is refused from now on. */
export type Cut = 'kick' | 'revoke';

/** Of one session or token, by the digest of its secret. What cannot be cut ends by itself, so failing here fails nothing. */
export async function cutConnections(hub: Parts, key: string, cut: Cut): Promise<void> {
  const { natsUsers } = hub.buckets;
  for (const { key: record, value } of await natsUsers.list(SESSION_KEY.natsUsersOf(key))) {
    const publicKey = record.slice(record.lastIndexOf('.') + 1);
    try {
      await (cut === 'revoke' ? hub.revokeKey(publicKey, { untilMs: Date.parse(value.expiresAt) }) : hub.cutKey(publicKey));
      await natsUsers.delete(record, GONE);
    } catch (error) {
      hub.log.warn({ err: error, publicKey }, 'a live connection could not be cut; it ends with its credentials');
    }
  }
}

export async function endSession(hub: Parts, key: string, cut: Cut): Promise<void> {
  // First the session, so that no new NATS user is made while the old ones are cut.
  await hub.buckets.sessions.delete(key, GONE);
  await cutConnections(hub, key, cut);
}

export async function endSessions(hub: Parts, which: (record: SessionRecord) => boolean): Promise<void> {
  const ended = (await listSessions(hub.buckets)).filter(({ value }) => which(value));
  await Promise.all(ended.map(({ key }) => endSession(hub, key, 'revoke')));
}
