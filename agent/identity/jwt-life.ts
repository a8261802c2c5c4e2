/** What a device reads in a NATS JWT it was given. The server checks it; the device only needs to know whose it is and how long it lives. */

export interface JwtLife {
  /** The key it is for. */
  publicKey: string;
  /** From issue to end by the clock of who issued it; infinity where it does not end. */
  lifeMs: number;
  /** When it ends, by the same clock. */
  expiresAtMs: number;
}

/** Undefined where the text is no JWT. */
export function readJwtLife(jwt: string): JwtLife | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
    const { sub, iat, exp } = claims as { sub?: unknown; iat?: unknown; exp?: unknown };
    if (typeof sub !== 'string') return undefined;
    if (typeof exp !== 'number')
      return { publicKey: sub, lifeMs: Number.POSITIVE_INFINITY, expiresAtMs: Number.POSITIVE_INFINITY };
    return { publicKey: sub, lifeMs: typeof iat === 'number' ? (exp - iat) * 1000 : 0, expiresAtMs: exp * 1000 };
  } catch {
    return undefined;
  }
}
