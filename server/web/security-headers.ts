/** The headers of every answer. What they say is tested word for word. */
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';

export const makeNonce = (): string => randomBytes(18).toString('base64');

/** `host` is the checked Host header: older browsers do not count a websocket of the same origin as 'self'. */
export function contentSecurityPolicy(nonce: string, host: string, secure: boolean): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "font-src 'self'",
    "media-src 'self' blob:",
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    `connect-src 'self' ${secure ? 'wss' : 'ws'}://${host}`,
    "frame-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "object-src 'none'",
  ].join('; ');
}

export const STATIC_HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), clipboard-read=()',
  'X-Frame-Options': 'DENY',
};

/** `isWholeSite`: the hub has its name to itself (see decision 31). */
export function setSecurityHeaders(response: ServerResponse, policy: string, isWholeSite: boolean): void {
  for (const [name, value] of Object.entries(STATIC_HEADERS)) response.setHeader(name, value);
  response.setHeader('Content-Security-Policy', policy);
  response.setHeader('Cache-Control', 'no-store');
  if (isWholeSite) response.setHeader('Strict-Transport-Security', 'max-age=31536000');
}
