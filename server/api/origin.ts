/** Where a request came from, as the front in front of the anchor says. */
import type { ApiContext } from './environment.ts';

const first = (header: string | undefined) => header?.split(',')[0]?.trim() || undefined;

/** True where the front speaks TLS with the browser. */
export const isSecure = (c: ApiContext): boolean => first(c.req.header('x-forwarded-proto')) === 'https';

/** `https://hub.local:7400`, as the browser sees it. */
export function ownOrigin(c: ApiContext): string {
  const host = first(c.req.header('x-forwarded-host')) ?? c.req.header('host') ?? 'localhost';
  return `${isSecure(c) ? 'https' : 'http'}://${host}`;
}

/** Network address of whoever asks. The header is believed only from this machine, where the front runs. */
export function sourceAddress(c: ApiContext): string {
  const remote = c.env?.incoming?.socket.remoteAddress;
  const local = remote === undefined || ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(remote);
  return (local ? first(c.req.header('x-forwarded-for')) : undefined) ?? remote ?? 'local';
}
