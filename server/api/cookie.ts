/** The session cookie: opaque, unreadable for scripts, and sent only to this origin. */
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { ApiContext } from './environment.ts';
import { isSecure } from './origin.ts';

/** With the prefix a browser accepts it only over TLS and from exactly this host. */
const cookieName = (c: ApiContext) => (isSecure(c) ? '__Host-scorewall' : 'scorewall');

const attributes = (c: ApiContext) => ({ path: '/', httpOnly: true, sameSite: 'Strict' as const, secure: isSecure(c) });

export const readSessionCookie = (c: ApiContext): string | undefined => getCookie(c, cookieName(c)) || undefined;

/** The browser forgets it when the session ends at the latest. */
export const writeSessionCookie = (c: ApiContext, secret: string, expiresAt: string): void =>
  setCookie(c, cookieName(c), secret, {
    ...attributes(c),
    maxAge: Math.max(0, Math.round((Date.parse(expiresAt) - Date.now()) / 1000)),
  });

export function clearSessionCookie(c: ApiContext): void {
  deleteCookie(c, cookieName(c), attributes(c));
}
