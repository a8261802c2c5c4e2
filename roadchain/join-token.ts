/** A join token as text: `rcj1.<what it says>.<its secret>`, in one word that a person can paste. */
import { fromBase64url, fromUtf8, toBase64url, utf8 } from './bytes.ts';
import { Bytes32 } from './link.ts';
import { JoinToken } from './messages.ts';

const PREFIX = 'rcj1';
/** Longer is no token: a certificate is pinned by its hash, never carried. */
const MAX_LENGTH = 2048;

export const encodeJoinToken = (token: JoinToken, secret: string): string =>
  `${PREFIX}.${toBase64url(utf8(JSON.stringify(JoinToken.parse(token))))}.${Bytes32.parse(secret)}`;

/** Undefined where the text is no join token. Says nothing about whether the hub still takes it. */
export function parseJoinToken(text: string): { token: JoinToken; secret: string } | undefined {
  const [prefix, said, secret, ...more] = text.trim().split('.');
  if (text.length > MAX_LENGTH || prefix !== PREFIX || !said || !secret || more.length > 0) return undefined;
  try {
    fromBase64url(secret);
    return { token: JoinToken.parse(JSON.parse(fromUtf8(fromBase64url(said)))), secret: Bytes32.parse(secret) };
  } catch {
    return undefined;
  }
}
