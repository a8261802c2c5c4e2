/** The short-lived cookie of who is not signed in yet: what was begun in one browser is finished there, and nowhere else. */
import { getCookie, setCookie } from 'hono/cookie';
import { endSession } from '../auth/end-sessions.ts';
import { newSecret } from '../auth/secret.ts';
import type { SignedIn } from '../auth/sign-in.ts';
import { writeSessionCookie } from './cookie.ts';
import { type ApiContext, contextOf } from './environment.ts';
import { isSecure } from './origin.ts';

const LIFE_S = 10 * 60;
const cookieName = (c: ApiContext) => (isSecure(c) ? '__Host-scorewall-door' : 'scorewall-door');

/** Empty where there is none: nothing is bound to that. */
export const readDoor = (c: ApiContext): string => getCookie(c, cookieName(c)) ?? '';

export function openDoor(c: ApiContext): string {
  const known = readDoor(c);
  const door = /^[\w-]{43}$/.test(known) ? known : newSecret();
  setCookie(c, cookieName(c), door, { path: '/', httpOnly: true, sameSite: 'Strict', secure: isSecure(c), maxAge: LIFE_S });
  return door;
}

/** The session that the browser came with ends: a secret that somebody put there beforehand is worth nothing afterwards. */
export async function admit(c: ApiContext, { session, secret }: SignedIn): Promise<void> {
  const before = c.get('identity');
  writeSessionCookie(c, secret, session.expiresAt);
  if (before?.session) await endSession(contextOf(c).hub, before.key, 'revoke');
}
