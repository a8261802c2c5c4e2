/**
 * How long a session lives. A person's: half an hour without a request, twelve hours at the most. A TV's: thirty days after it
 * was last seen. A guest's: as long as its link. Pure.
 */
import type { SessionRecord } from './accounts.ts';

export const IDLE_MS = 30 * 60_000;
export const ABSOLUTE_MS = 12 * 3_600_000;
export const TV_IDLE_MS = 30 * 24 * 3_600_000;
/** A session in use is written at most this often. */
const RENEW_AFTER_MS = 60_000;

export type NewSession = Pick<SessionRecord, 'user' | 'id' | 'tv' | 'amr'> & {
  /** With the end of the link. */
  guest?: NonNullable<SessionRecord['guest']> & { expiresAt: string };
};

export function newSessionRecord({ user, id, tv, guest, amr }: NewSession, nowMs: number): SessionRecord {
  const now = new Date(nowMs).toISOString();
  const dates = { createdAt: now, lastSeenAt: now };
  if (guest) {
    const { expiresAt, ...grant } = guest;
    return { user, ...dates, expiresAt, guest: grant };
  }
  const expiresAt = new Date(nowMs + (tv ? TV_IDLE_MS : ABSOLUTE_MS)).toISOString();
  const signIn = tv ? { tv } : { amr: amr ?? [], signedInAt: now };
  return { user, ...(id ? { id } : {}), ...dates, expiresAt, ...signIn };
}

export const isAlive = (session: SessionRecord, nowMs: number): boolean =>
  nowMs < Date.parse(session.expiresAt) &&
  (session.tv !== undefined || session.guest !== undefined || nowMs - Date.parse(session.lastSeenAt) < IDLE_MS);

export const needsRenewal = (session: SessionRecord, nowMs: number): boolean =>
  nowMs - Date.parse(session.lastSeenAt) >= RENEW_AFTER_MS;

/** What is written when a session in use gives a sign of life. */
export const renewed = (session: SessionRecord, nowMs: number): SessionRecord => ({
  ...session,
  lastSeenAt: new Date(nowMs).toISOString(),
  ...(session.tv ? { expiresAt: new Date(nowMs + TV_IDLE_MS).toISOString() } : {}),
});
