/** What a device reads in a NATS JWT it was given. The server checks it; the device only needs to know whose it is and how long it lives. */
import { CONTESTED_TAG } from '#roadchain/messages.ts';

export interface JwtLife {
  /** The key it is for. */
  publicKey: string;
  /** From issue to end by the clock of who issued it; infinity where it does not end. */
  lifeMs: number;
  /** When it ends, by the same clock. */
  expiresAtMs: number;
  /** Good for status and identity alone, until a person has said which of two devices is right. */
  isContested: boolean;
}

/** Undefined where the text is no JWT. */
export function readJwtLife(jwt: string): JwtLife | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
    const { sub, iat, exp, nats } = claims as { sub?: unknown; iat?: unknown; exp?: unknown; nats?: { tags?: unknown } };
    if (typeof sub !== 'string') return undefined;
    const isContested = Array.isArray(nats?.tags) && nats.tags.includes(CONTESTED_TAG);
    if (typeof exp !== 'number')
      return { publicKey: sub, lifeMs: Number.POSITIVE_INFINITY, expiresAtMs: Number.POSITIVE_INFINITY, isContested };
    return { publicKey: sub, lifeMs: typeof iat === 'number' ? (exp - iat) * 1000 : 0, expiresAtMs: exp * 1000, isContested };
  } catch {
    return undefined;
  }
}
