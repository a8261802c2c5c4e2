/** The session cookie: opaque, unreadable for scripts, and sent only to this origin. */
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { ABSOLUTE_MS } from '../auth/session-life.ts';
import type { ApiContext } from './environment.ts';
import { isSecure } from './origin.ts';

/** With the prefix a browser accepts it only over TLS and from exactly this host. */
const cookieName = (c: ApiContext) => (isSecure(c) ? '__Host-scorewall' : 'scorewall');

const attributes = (c: ApiContext) => ({ path: '/', httpOnly: true, sameSite: 'Strict' as const, secure: isSecure(c) });

export const readSessionCookie = (c: ApiContext): string | undefined => getCookie(c, cookieName(c)) || undefined;

export const writeSessionCookie = (c: ApiContext, secret: string): void =>
  setCookie(c, cookieName(c), secret, { ...attributes(c), maxAge: ABSOLUTE_MS / 1000 });

export function clearSessionCookie(c: ApiContext): void {
  deleteCookie(c, cookieName(c), attributes(c));
}
