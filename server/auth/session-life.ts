/** How long a session lives: half an hour without a request, twelve hours at the most. Pure. */
import type { SessionRecord } from './accounts.ts';

export const IDLE_MS = 30 * 60_000;
export const ABSOLUTE_MS = 12 * 3_600_000;
/** A session in use is written at most this often. */
const RENEW_AFTER_MS = 60_000;

export function newSessionRecord(user: string, nowMs: number): SessionRecord {
  const now = new Date(nowMs).toISOString();
  return { user, createdAt: now, lastSeenAt: now, expiresAt: new Date(nowMs + ABSOLUTE_MS).toISOString() };
}

export const isAlive = (session: SessionRecord, nowMs: number): boolean =>
  nowMs < Date.parse(session.expiresAt) && nowMs - Date.parse(session.lastSeenAt) < IDLE_MS;

export const needsRenewal = (session: SessionRecord, nowMs: number): boolean =>
  nowMs - Date.parse(session.lastSeenAt) >= RENEW_AFTER_MS;
